"""The figures of the dashboard, as of a day: few set-based queries, however large the zone is."""
