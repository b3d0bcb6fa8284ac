"""What the rules need to know of many companies, in a fixed number of queries whatever their number."""
