"""What the rent relief costs, month by month, and whose relief runs out."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet, Sum
from django.db.models.fields.json import KeyTextTransform

from companies.models import Company
from core.periods import DAY, month_start, previous_month
from subsidies.choices import Outcome, Point
from subsidies.models import PolicyParameter, PolicyVersion, RentAdjustment, RentStatement
from subsidies.rules.windows import add_months, window_ends_on
from zone_portal.dashboard.overview.moments import decided_by

MONTHS = 24
ENDING_MONTHS = 6
WINDOW = "rent_waiver.months"


@dataclass(frozen=True)
class ReliefOfMonth:
    """`relief` includes later corrections of this month, in whichever statement they were posted."""

    month: dt.date
    relief: Decimal


@dataclass(frozen=True)
class Relief:
    """The months that were over on the day, the oldest first, without gaps; empty while nothing is billed."""

    months: Sequence[ReliefOfMonth]
    year: int

    @property
    def last(self) -> ReliefOfMonth | None:
        return self.months[-1] if self.months else None

    @property
    def year_to_date(self) -> Decimal:
        return sum((month.relief for month in self.months if month.month.year == self.year), Decimal(0))


def relief(on: dt.date) -> Relief:
    """The last two years up to the last month that was billed; a month counts once it is over."""
    since = add_months(month_start(on), -MONTHS)
    billed = {"month__gte": since, "month__lt": month_start(on)}
    sums = dict(
        RentStatement.objects.filter(**billed)
        .order_by()
        .values("month")
        .annotate(sum=Sum("waived"))
        .values_list("month", "sum")
    )
    corrections = RentAdjustment.objects.filter(month__gte=since, statement__month__lt=month_start(on))
    for row in corrections.order_by().values("month").annotate(sum=Sum("waived")):
        sums[row["month"]] = sums.get(row["month"], Decimal(0)) + row["sum"]
    return Relief([ReliefOfMonth(month, sums.get(month, Decimal(0))) for month in _run_of(sums)], on.year)


def _run_of(months: dict[dt.date, Decimal]) -> list[dt.date]:
    """Every month from the first to the last one billed."""
    run: list[dt.date] = []
    month = max(months, default=None)
    while month and month >= min(months):
        run.insert(0, month)
        month = previous_month(month)
    return run


# --- Whose relief runs out ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class EndingRelief:
    """`last_day` is the last day with relief, `amount` what it was worth in the month that was decided."""

    company: Company
    last_day: dt.date
    amount: Decimal | None


def window_months(on: dt.date) -> int | None:
    """How long the relief lasts under the version in force on the day; None without one."""
    version = PolicyVersion.objects.in_force_on(on).values("pk")
    value = PolicyParameter.objects.filter(version__in=version, name=WINDOW).values_list("value", flat=True).first()
    return None if value is None else int(Decimal(str(value)))


def ending(on: dt.date) -> list[EndingRelief]:
    """Companies with relief on the day whose window ends within six months; the first to end first."""
    months = window_months(on)
    if months is None:
        return []
    until = add_months(on, ENDING_MONTHS)
    found = [
        EndingRelief(decision.company, window_ends_on(dt.date.fromisoformat(decision.settled), months), decision.amount)
        for decision in _opened_between(on, add_months(on, -months), add_months(until, -months) + 4 * DAY)
    ]
    return sorted(
        (row for row in found if on <= row.last_day <= until), key=lambda row: (row.last_day, row.company.name_key)
    )


def _opened_between(on: dt.date, first: dt.date, last: dt.date) -> QuerySet[Any]:
    """Eligible for relief on the day, with a window that opened between the days; a month's end may shift a day or
    three, so the caller looks again."""
    return (
        decided_by(on)
        .filter(point=Point.RENT_WAIVER, outcome=Outcome.ELIGIBLE)
        .annotate(settled=KeyTextTransform("first_settled_on", "facts"))
        .filter(settled__gte=first.isoformat(), settled__lte=last.isoformat())
        .select_related("company")
    )
