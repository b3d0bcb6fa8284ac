"""What a company is given on a day, what of it was used, and what is left: its own list of support.

The list follows its stage, its campus and whether it is a team. Nothing is kept twice: packages say what is given,
deliveries what was used, and credits of rooms are what the bookings count them by.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import F, Q

from community.choices import Audience, SupportKind, SupportPer
from community.models import Delivery, SupportItem, SupportPackage
from companies.choices import CompanyKind, Stage
from companies.models import Company
from companies.stages import stage_on
from core.periods import DAY, Day, month_start, next_month
from spaces.campuses import campus_id
from spaces.credits import balance_of

NONE = Decimal("0.00")


@dataclass(frozen=True)
class Line:
    """An item, and what of it is used and left in its period: the month, the year, or (None, None) in all. `granted`
    and `left` are None where there is no limit, and for a point of the policy, which is not counted here."""

    item: SupportItem
    granted: Decimal | None
    used: Decimal
    first: Day | None
    last: Day | None

    @property
    def left(self) -> Decimal | None:
        return None if self.granted is None else max(self.granted - self.used, NONE)

    @property
    def is_counted(self) -> bool:
        return self.item.kind != SupportKind.POINT


def audience_of(company: Company) -> Audience:
    """A team has a list of its own."""
    return Audience.TEAMS if company.kind == CompanyKind.TEAM else Audience.COMPANIES


def package_of(company: Company, on: Day) -> SupportPackage | None:
    """What the company is given on the day: the package of its campus stands in place of that of all campuses. None
    while nobody knows its stage, and where the zone has no package for it."""
    return package_for(company, stage_on(company, on), on)


def package_for(company: Company, stage: str, on: Day) -> SupportPackage | None:
    """What it would be given on the day in a stage."""
    here = Q(campus=None) | Q(campus_id=campus_id(company, on, on + DAY))
    known = SupportPackage.objects.in_force(on).filter(here, audience=audience_of(company), stage=stage or "-")
    found: SupportPackage | None = (
        known.select_related("campus").order_by(F("campus").asc(nulls_last=True)).prefetch_related("items").first()
    )
    return found


def next_stage(stage: str) -> str:
    """The one after it on the path; "" after the last, and the first for a company of no known stage."""
    stages = list(Stage.values)
    if stage not in stages:
        return str(stages[0])
    place = stages.index(stage) + 1
    return str(stages[place]) if place < len(stages) else ""


def lines_of(company: Company, package: SupportPackage | None, on: Day) -> list[Line]:
    """The items of a package with what of each was used in the period of the day."""
    if package is None:
        return []
    given = _given(company, [item.code for item in package.items.all()])
    return [_line(company, item, given[item.code], on) for item in package.items.all()]


def line_of(company: Company, item: SupportItem, on: Day) -> Line:
    """One item of them."""
    return _line(company, item, _given(company, [item.code])[item.code], on)


def item_on(company: Company, code: str, on: Day) -> SupportItem | None:
    """The item with this code that the company was given on the day."""
    package = package_of(company, on)
    return next((item for item in package.items.all() if item.code == code), None) if package else None


def bounds(per: str, on: Day) -> tuple[Day | None, Day | None]:
    """The first and the last day of the period of the day, both included."""
    if per == SupportPer.MONTH:
        return month_start(on), next_month(on) - DAY
    if per == SupportPer.YEAR:
        return dt.date(on.year, 1, 1), dt.date(on.year, 12, 31)
    return None, None


Given = Sequence[tuple[Day, Decimal]]


def _given(company: Company, codes: Iterable[str]) -> dict[str, Given]:
    """Day and amount of each valid delivery, by the item's code."""
    rows = Delivery.objects.valid().filter(company=company, item__code__in=list(codes))
    found: dict[str, list[tuple[Day, Decimal]]] = defaultdict(list)
    for code, day, amount in rows.order_by().values_list("item__code", "given_on", "amount"):
        found[code].append((day, amount))
    return found  # type: ignore[return-value]


def _line(company: Company, item: SupportItem, given: Given, on: Day) -> Line:
    first, last = bounds(item.per, on)
    if item.kind == SupportKind.ROOM_CREDITS:
        balance = balance_of(company, month_start(on))
        return Line(item, balance.granted, balance.used, first, last)
    used = sum(
        (amount for day, amount in given if (first is None or first <= day) and (last is None or day <= last)), NONE
    )
    return Line(item, item.amount, used, first, last)


@dataclass(frozen=True)
class Difference:
    """What another list has in place of one: items that begin and end, and those of which another amount is given."""

    begins: Sequence[SupportItem]
    ends: Sequence[SupportItem]
    changes: Sequence[tuple[SupportItem, SupportItem]]

    def __bool__(self) -> bool:
        return bool(self.begins or self.ends or self.changes)


def difference(before: SupportPackage | None, after: SupportPackage | None) -> Difference:
    """By the codes of the items; no list is one without items."""
    old, new = ({item.code: item for item in package.items.all()} if package else {} for package in (before, after))
    both = [(old[code], item) for code, item in new.items() if code in old]
    return Difference(
        begins=[item for code, item in new.items() if code not in old],
        ends=[item for code, item in old.items() if code not in new],
        changes=[(was, now) for was, now in both if (was.amount, was.per) != (now.amount, now.per)],
    )
