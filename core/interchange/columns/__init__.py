"""Columns of a file: how their text is read, what is wrong with a cell, and how a value is written back.

Pure Polars expressions, one definition for any number of rows. Reading expects stripped text with null for an empty
cell; `faults` come in the order in which a reader would want to hear them, and the first that holds is reported.
"""

from core.interchange.columns.column import Column, first_fault
from core.interchange.columns.days import Day, Month
from core.interchange.columns.numbers import Exact, Whole
from core.interchange.columns.words import Choice, Text, YesNo, numbered

__all__ = ["Choice", "Column", "Day", "Exact", "Month", "Text", "Whole", "YesNo", "first_fault", "numbered"]
