"""What a point gives one company as of a day, and the items that it counts: decided again by the same rules."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import polars as pl

from companies.models import Company
from core.money import to_yuan
from subsidies import policy
from subsidies.choices import Outcome
from subsidies.gather import records as gathered
from subsidies.gather.grants import as_before
from subsidies.gather.selection import chosen
from subsidies.models import Grant
from subsidies.rules import granting
from subsidies.rules.evaluate import decide
from subsidies.rules.facts import seen_by
from subsidies.rules.granting import Kind
from subsidies.rules.parameters import Terms, Timeline
from subsidies.rules.points import POINTS
from subsidies.rules.records import facts_of

SEEN = {
    Kind.EXPENSE: ("expenses", "expense", ("point", "kind", "amount", "paid_on")),
    Kind.TALENT: ("talents", "talent", ("grade", "employed_from", "employed_until")),
    Kind.PROJECT: ("projects", "project", ("kind", "score", "requested")),
}


@dataclass(frozen=True)
class Item:
    """A cost, talent or project that counts, with what it is worth in yuan, its share of the amount of its part
    (`gives`, None while that is unknown), and what is on record about it. A grant does not hold what gets nothing of a
    yearly maximum."""

    kind: Kind
    code: str
    worth: Decimal | None
    gives: Decimal | None
    is_held: bool
    seen: Mapping[str, Any]


@dataclass(frozen=True)
class Part:
    """What is granted by itself: a kind of voucher, or ("") the whole point. `amount` is None while it is unknown."""

    part: str
    amount: Decimal | None
    items: tuple[Item, ...]

    @property
    def held(self) -> tuple[Item, ...]:
        """What a grant of it holds."""
        return tuple(item for item in self.items if item.is_held)

    @property
    def free(self) -> tuple[str, ...]:
        """The codes of what the maximum of the year leaves nothing for."""
        return tuple(item.code for item in self.items if not item.is_held)


@dataclass(frozen=True)
class Entitled:
    """The outcome and the parts of a point."""

    outcome: str
    unmet: tuple[str, ...]
    missing: tuple[str, ...]
    parts: tuple[Part, ...]

    def part(self, name: str) -> Part:
        return next(part for part in self.parts if part.part == name)

    def gives(self, name: str) -> Decimal | None:
        """What a part gives: nothing where the point is not eligible, None while that or the amount is unknown."""
        return Decimal(0) if self.outcome == Outcome.NOT_ELIGIBLE else self.part(name).amount

    @property
    def amount(self) -> Decimal | None:
        """Of the whole point; None unless it is eligible and all of it is known."""
        known = [part.amount for part in self.parts if part.amount is not None]
        return sum(known, Decimal(0)) if len(known) == len(self.parts) else None


def entitled(
    company: Company,
    point: str,
    *,
    on: dt.date,
    without: Grant | None = None,
    beside_all: bool = False,
    timeline: Timeline | None = None,
) -> Entitled:
    """What `point` gives the company as of `on`, by the versions of `timeline` or by all that were published. With
    `without`: what this grant alone would give, had it not been made yet; with `beside_all` after everything else of
    its year. The caller holds the company's lock where something is written by it."""
    timeline = timeline or policy.published_timeline()
    records = gathered.records(chosen([company.pk]))
    if without is not None:
        records = as_before(records, without, beside_all=beside_all)
    facts = facts_of(records, timeline, on, seen_by(POINTS[point].facts))
    version = timeline.deciding(on)
    row = decide([POINTS[point]], facts, version, on).row(0, named=True)
    granted = row["outcome"] == Outcome.ELIGIBLE
    terms = Terms(version, on)
    amounts = granting.amounts(facts, point, terms)
    counted = granting.shared(granting.items(records, timeline, on, point), facts, point, terms)
    seen = {kind: _seen(getattr(records, name), key, columns) for kind, (name, key, columns) in SEEN.items()}
    parts = tuple(
        Part(part, _yuan(amounts[part][0]) if granted else None, _items(counted, part, seen) if granted else ())
        for part in granting.parts_of(point)
    )
    return Entitled(row["outcome"], _names(row["unmet"]), _names(row["missing"]), parts)


def _seen(frame: pl.DataFrame, key: str, columns: tuple[str, ...]) -> dict[str, dict[str, Any]]:
    return {row[key]: {name: _plain(row[name]) for name in columns} for row in frame.iter_rows(named=True)}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value


def _items(counted: pl.DataFrame, part: str, seen: Mapping[Kind, Mapping[str, Mapping[str, Any]]]) -> tuple[Item, ...]:
    return tuple(
        Item(
            kind=(kind := Kind(row["kind"])),
            code=row["code"],
            worth=_yuan(row["worth"]),
            gives=_yuan(row["gives"]),
            is_held=row["held"],
            seen=seen[kind][row["code"]],
        )
        for row in counted.filter(pl.col("part") == part).iter_rows(named=True)
    )


def _yuan(fen: int | None) -> Decimal | None:
    return None if fen is None else to_yuan(fen)


def _names(text: str) -> tuple[str, ...]:
    return tuple(name for name in text.split(";") if name)
