"""The whole register as the rules take it, kept in this process for as long as no fact changes.

While an editor drags a value the same records are decided again and again: they are read once. One snapshot is kept,
some 100 MB for 150,000 companies; whoever asks with another mark replaces it.
"""

import datetime as dt
import threading
from dataclasses import dataclass, field

import polars as pl
from django.db import connection

from subsidies.gather.records import records
from subsidies.gather.selection import LAST, id_range
from subsidies.rules.parameters import Timeline
from subsidies.rules.points import POINTS
from subsidies.rules.records import Records
from subsidies.rules.simulation import decided, laid_beside, sums

Law = tuple[tuple[str, dt.date], ...]


@dataclass(frozen=True)
class Decided:
    """What the law decides on a day, and its sums by point."""

    frame: pl.DataFrame
    sums: dict[str, int]

    def of(self, points: list[str]) -> pl.DataFrame:
        """The decisions on some points alone, as `decide` writes them for these."""
        some = self.frame.filter(pl.col("point").cast(pl.String).is_in(points))
        return some.with_columns(pl.col("point").cast(pl.String).cast(pl.Enum(points)))


@dataclass(frozen=True)
class Snapshot:
    """All that is on record, and what the law decides on it by the days that were asked for."""

    records: Records
    decisions: dict[tuple[Law, dt.date], Decided] = field(default_factory=dict)

    def by_law(self, timeline: Timeline, on: dt.date) -> Decided:
        """What the published versions decide on the day: worked out once, as a published version never changes."""
        law = tuple((version.version, version.effective_from) for version in timeline.versions)
        if (law, on) not in self.decisions:
            self.decisions.clear()  # one day at a time: an editor looks at one
            frame = decided(tuple(POINTS.values()), self.records, timeline, on)
            self.decisions[law, on] = Decided(frame, sums(laid_beside(frame, frame)))
        return self.decisions[law, on]


_lock = threading.Lock()
_kept: tuple[str, Snapshot] | None = None


def snapshot(mark: str) -> Snapshot:
    """The register as it is under the `mark` of its facts, which the caller reads first: a snapshot may hold newer
    facts than its mark says, never older ones."""
    global _kept
    name = f"{connection.settings_dict['NAME']} {mark}"
    with _lock:
        if _kept is None or _kept[0] != name:
            _kept = None  # let the old one go before the new one is read
            _kept = (name, Snapshot(records(id_range(0, LAST))))
        return _kept[1]


def forget() -> None:
    """Let go of the register that is kept."""
    global _kept
    with _lock:
        _kept = None
