"""What an act would do to the rent, month by month: the lines of all leases that it ends and begins, added up."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.backends.postgresql.psycopg_any import DateRange

from core.periods import Day, month_start, next_month
from spaces.lives.plans import Plan
from spaces.models import Lease
from spaces.rules import days_in, rent_of


@dataclass(frozen=True)
class Month:
    """A month that begins on `first`, and the rent in it without the act and with it."""

    first: Day
    before: Decimal
    after: Decimal

    @property
    def difference(self) -> Decimal:
        return self.after - self.before


def months_shown(day: Day) -> list[Day]:
    """The month in which an act falls, and the first whole month in which it holds."""
    start = month_start(day)
    return [start] if day == start else [start, next_month(start)]


def rents(plan: Plan) -> list[Month]:
    """The rent of the leases of a plan in these months."""
    without = [(lease, lease.term) for lease in plan.before]
    shortened = {lease.pk: term for lease, term in plan.shortened()}
    with_it = [(lease, shortened.get(lease.pk, lease.term)) for lease in plan.before]
    with_it += [(lease, lease.term) for lease in plan.after]
    return [Month(month, _rent(without, month), _rent(with_it, month)) for month in months_shown(plan.day)]


def _rent(leases: Iterable[tuple[Lease, DateRange]], month: Day) -> Decimal:
    """Each line is rounded for itself, as it is billed."""
    return sum(
        (
            rent_of(
                area_m2=lease.area_m2,
                price_per_m2_day=lease.price_per_m2_day,
                days=days_in(month, term.lower, term.upper),
            )
            for lease, term in leases
        ),
        Decimal(0),
    )
