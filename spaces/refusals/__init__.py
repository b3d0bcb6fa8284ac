"""Refusals in words: why a unit cannot be let, and a room not booked."""
