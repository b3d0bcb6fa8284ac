"""What the zone measures: figures of any past day, with the rows behind each, and of how many companies it is known."""
