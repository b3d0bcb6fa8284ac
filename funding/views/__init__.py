"""Pages of loans, projects and financing rounds, by noun."""
