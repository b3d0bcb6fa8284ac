"""Pages of talents."""
