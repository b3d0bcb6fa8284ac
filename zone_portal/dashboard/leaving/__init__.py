"""Signals of companies that may leave: what counts as one, how many points it has, and the officers' tasks about it."""
