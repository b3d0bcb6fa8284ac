"""The files of projects, loans, repayments and financing rounds: declared here for the commands and pages that move
files. What is void is in no file, and its number is not given out again."""

from funding.interchange import loans, projects, rounds

__all__ = ["loans", "projects", "rounds"]
