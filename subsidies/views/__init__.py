"""Pages of the policy: what a company is entitled to, its rent statements, the policy itself, the runs."""
