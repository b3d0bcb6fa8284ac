"""Pages of loans and projects, by noun."""
