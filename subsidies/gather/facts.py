"""All facts of N companies on a day, as one frame."""

import datetime as dt

import polars as pl

from subsidies.gather.records import records
from subsidies.gather.selection import Selection
from subsidies.rules.parameters import Timeline
from subsidies.rules.records import facts_of


def gather(selection: Selection, timeline: Timeline, on: dt.date) -> pl.DataFrame:
    """One row for each company, ordered by id: company and every fact that the portal holds, null where unknown."""
    return facts_of(records(selection), timeline, on)
