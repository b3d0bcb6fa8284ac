"""Cohorts side by side: who is in them, in which stage they are now, what they report, and who stayed."""
