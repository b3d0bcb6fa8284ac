"""What an act on leases would do to the rent relief: decided on changed records, by the code that bills.

The leases of the company are read, those of the plan are shortened and begun in the frame, and rent, relief and the end
of the relief are reckoned twice. Nothing is written. A fixed number of queries.
"""

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

import polars as pl

from core.money import to_yuan
from core.periods import DAY
from spaces.lives.plans import Plan
from spaces.lives.previews import months_shown
from subsidies import policy
from subsidies.bulk import billed
from subsidies.choices import Point
from subsidies.gather.records import records
from subsidies.gather.selection import chosen
from subsidies.prospects import NONE, Known, Prospect, endings_of
from subsidies.rules.parameters import Timeline
from subsidies.rules.records import Records
from subsidies.rules.settling import first_settled
from subsidies.rules.windows import add_months


@dataclass(frozen=True)
class Side:
    """What a company's leases come to in a month."""

    rent: Decimal
    waived: Decimal

    @property
    def payable(self) -> Decimal:
        return self.rent - self.waived


@dataclass(frozen=True)
class Month:
    first: dt.date
    before: Side
    after: Side


@dataclass(frozen=True)
class Window:
    """The months of the relief: how many of them are over on the day of the act."""

    first: dt.date
    months: int
    used: int

    @property
    def left(self) -> int:
        return self.months - self.used


@dataclass(frozen=True)
class Relief:
    """Areas in m² on the day of the act: what is waived `before` and `after`, and the most that can be (`cap`). `ends`
    are the last days of the relief, None where nothing ends it or there is none today."""

    months: tuple[Month, ...]
    cap: Decimal
    areas: tuple[Decimal, Decimal]
    window: Window | None
    ends: tuple[dt.date | None, dt.date | None]
    holds: bool  # there is a relief today


def relief_of(plan: Plan, *, on: dt.date) -> Relief | None:
    """As of the day `on`; None where no policy was ever published. Raises the errors of the rules."""
    timeline = policy.timeline()
    if timeline.starts_on is None:
        return None
    before = records(chosen([plan.company.pk]))
    after = replace(before, leases=changed(before.leases, plan))
    months = months_shown(plan.day)
    sides = [_lines(known, [*months], timeline) for known in (before, after)]
    ends = [endings_of(Known(known, timeline), [Point.RENT_WAIVER], on=on) for known in (before, after)]
    return Relief(
        months=tuple(Month(month, *(_side(lines, month) for lines in sides)) for month in months),
        cap=_area(timeline.deciding(plan.day)["rent_waiver.area_m2"]),
        areas=(_waived_area(sides[0], plan.day), _waived_area(sides[1], plan.day)),
        window=_window(after, timeline, plan.day),
        ends=(_last_day(ends[0]), _last_day(ends[1])),
        holds=_holds(before, timeline, on),
    )


def changed(leases: pl.DataFrame, plan: Plan) -> pl.DataFrame:
    """The leases as `gather.register` reads them, once the plan was carried out."""
    ended = pl.col("lease_id").is_in([lease.pk for lease in plan.before])
    shortened = leases.with_columns(
        pl.when(ended).then(pl.min_horizontal("until", pl.lit(plan.day))).otherwise("until").alias("until")
    )
    begun = [
        {
            "company": plan.company.pk,
            "lease_id": -place,
            "lease": lease.number,
            "area": int(lease.area_m2 * 100),
            "price": int(lease.price_per_m2_day * 10_000),
            "first_day": lease.term.lower,
            "until": lease.term.upper,
        }
        for place, lease in enumerate(plan.after, 1)
    ]
    return pl.concat([shortened, pl.DataFrame(begun, schema=leases.schema)])


def _lines(known: Records, months: Iterable[dt.date], timeline: Timeline) -> pl.DataFrame:
    return billed.rent(known, months, timeline)


def _side(lines: pl.DataFrame, month: dt.date) -> Side:
    own = lines.filter(pl.col("month") == month)
    return Side(to_yuan(int(own["rent"].sum())), to_yuan(int(own["waived"].sum())))


def _waived_area(lines: pl.DataFrame, day: dt.date) -> Decimal:
    """What is waived on the day, over all leases."""
    segments = (segment for text in lines["segments"] for segment in json.loads(text))
    return _area(
        sum(segment["waived_area"] for segment in segments if segment["first"] <= day.isoformat() < segment["until"])
    )


def _area(hundredths: int) -> Decimal:
    return Decimal(hundredths) / 100


def _window(known: Records, timeline: Timeline, day: dt.date) -> Window | None:
    """Reckoned from the first settled day, which no act on leases that follow each other moves."""
    opened = first_settled(known.premises, known.companies, timeline.starts_on)["first_settled_on"][0]
    if opened is None:
        return None
    months = timeline.deciding(day)["rent_waiver.months"]
    used = sum(add_months(opened, month) <= day for month in range(1, months + 1))
    return Window(opened, months, used)


def _last_day(found: Mapping[str, Prospect]) -> dt.date | None:
    end = found.get(Point.RENT_WAIVER, NONE).end
    return end.day - DAY if end else None


def _holds(known: Records, timeline: Timeline, on: dt.date) -> bool:
    lines = _lines(known, [on.replace(day=1)], timeline)
    return _waived_area(lines, on) > 0
