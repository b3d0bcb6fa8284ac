"""What an act on leases would do to the rent relief: decided on changed records, by the code that bills.

The leases of the company are read, those of the plan are shortened and begun in the frame, and rent, relief and the end
of the relief are reckoned twice. Nothing is written. A fixed number of queries.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

import polars as pl

from core.money import to_yuan
from spaces.lives.plans import Plan
from spaces.lives.previews import months_shown
from subsidies import policy
from subsidies.balance import Window, area_of, last_day_of, waived_area, window_of
from subsidies.bulk import billed
from subsidies.choices import Point
from subsidies.gather.records import records
from subsidies.gather.selection import chosen
from subsidies.prospects import Known, endings_of
from subsidies.rules.parameters import Timeline
from subsidies.rules.records import Records


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
        cap=area_of(timeline.deciding(plan.day)["rent_waiver.area_m2"]),
        areas=(waived_area(sides[0], plan.day), waived_area(sides[1], plan.day)),
        window=window_of(after, timeline, plan.day),
        ends=(last_day_of(ends[0]), last_day_of(ends[1])),
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


def _holds(known: Records, timeline: Timeline, on: dt.date) -> bool:
    lines = _lines(known, [on.replace(day=1)], timeline)
    return waived_area(lines, on) > 0
