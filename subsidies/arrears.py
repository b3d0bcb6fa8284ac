"""Rent that is overdue: who owes what since when, how old it is, and what the portal proposes to do about it.

A statement is due some days after it was issued (`RENT_DUE_DAYS`). The next step is proposed when its time has come,
and a person takes it (`services.reminders`). The day is an argument.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, TruncDate
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.periods import DAY
from subsidies.choices import ReminderLevel
from subsidies.models import RentPayment, RentReminder, RentStatement

AGAIN_AFTER = 14  # days between one step and the next


@dataclass(frozen=True)
class Bucket:
    """Statements that have been overdue for so many days, both included; None is open."""

    code: str
    label: Promise
    first: int | None
    last: int | None

    def holds(self, days: int) -> bool:
        return (self.first is None or days >= self.first) and (self.last is None or days <= self.last)

    def condition(self, on: dt.date) -> Q:
        """On `issued_day`."""
        due = on - settings.RENT_DUE_DAYS * DAY
        found = Q() if self.first is None else Q(issued_day__lte=due - self.first * DAY)
        return found if self.last is None else found & Q(issued_day__gte=due - self.last * DAY)


BUCKETS = (
    Bucket("not_due", _("not due yet"), None, 0),
    Bucket("to_30", _("1 to 30 days"), 1, 30),
    Bucket("to_60", _("31 to 60 days"), 31, 60),
    Bucket("to_90", _("61 to 90 days"), 61, 90),
    Bucket("over_90", _("more than 90 days"), 91, None),
)


def owed_statements(statements: QuerySet[Any]) -> QuerySet[Any]:
    """Those of the statements that are not paid in full: with `open_amount`, `issued_day`, and of the last reminder
    `last_level` (0: none) and `last_sent_on`."""
    last = RentReminder.objects.filter(statement=OuterRef("pk")).order_by("-level")
    found: QuerySet[Any] = (
        statements.owed()  # type: ignore[attr-defined]
        .annotate(
            issued_day=TruncDate("issued_at"),
            last_level=Coalesce(Subquery(last.values("level")[:1]), 0),
            last_sent_on=Subquery(last.values("sent_on")[:1]),
        )
        .select_related("company")
    )
    return found


def overdue(statements: QuerySet[Any], on: dt.date) -> QuerySet[Any]:
    """Those of `owed_statements` whose last day to be paid lies before `on`."""
    return statements.filter(issued_day__lt=on - settings.RENT_DUE_DAYS * DAY)


def totals(statements: QuerySet[Any], on: dt.date) -> list[tuple[Bucket, int, Decimal]]:
    """By age, how many of `owed_statements` there are and what is open of them in yuan. One query."""
    figures: Mapping[str, Any] = statements.order_by().aggregate(
        **{f"{one.code}_count": Count("pk", filter=one.condition(on)) for one in BUCKETS},
        **{f"{one.code}_sum": Sum("open_amount", filter=one.condition(on)) for one in BUCKETS},
    )
    return [(one, figures[f"{one.code}_count"], figures[f"{one.code}_sum"] or Decimal(0)) for one in BUCKETS]


def days_overdue(statement: RentStatement, on: dt.date) -> int:
    """How many days the last one to pay it is past; 0 or less while it is not due."""
    due = statement.due_on
    return (on - due).days if due else 0


def bucket_of(statement: RentStatement, on: dt.date) -> Bucket:
    """How old it is."""
    days = days_overdue(statement, on)
    return next(one for one in BUCKETS if one.holds(days))


def next_level(statement: Any, on: dt.date) -> ReminderLevel | None:
    """The step that is proposed for one of `owed_statements` on the day; None before its time, and after the last."""
    if days_overdue(statement, on) < 1 or statement.last_level >= max(ReminderLevel.values):
        return None
    if statement.last_level and (on - statement.last_sent_on).days < AGAIN_AFTER:
        return None
    return ReminderLevel(statement.last_level + 1)


def credits_of(companies: Any) -> dict[int, Decimal]:
    """By the id of a company, what is left for it of payments and of statements below 0, in yuan. Two queries."""
    found: dict[int, Decimal] = {}
    given = RentStatement.objects.filter(company__in=companies).credits().values_list("company", "left_amount")
    left = RentPayment.objects.filter(company__in=companies).with_left().values_list("company", "amount", "used_amount")
    for company, amount in [*given, *((company, amount - used) for company, amount, used in left)]:
        found[company] = found.get(company, Decimal(0)) + amount
    return found
