"""What people and events do to the policy, the decisions and the rent statements. One function for each act."""
