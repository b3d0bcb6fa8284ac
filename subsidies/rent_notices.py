"""What a company's people are told of its rent, in the portal and by mail: a statement that was issued, with the way to
its paper, and what is overdue. Each once a person, however often and by whichever event it is found."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts import notices
from accounts.notices import Message, News
from companies.models import Membership
from core import outbox
from core.markup import money
from core.models import OutboxEvent
from core.periods import parse_month
from subsidies.choices import ReminderLevel, StatementState
from subsidies.models import RentReminder, RentStatement
from subsidies.notices import members_of, named
from subsidies.services.reminders import REMINDED
from subsidies.statement_numbers import written

ISSUED, UNTOLD = "statement.issued", "statement.untold"
TOPICS = frozenset({ISSUED, UNTOLD, REMINDED})
MOST_STATEMENTS = 1000  # told by a delivery, for a worker's time is limited


def tell_of_rent(events: Sequence[OutboxEvent]) -> None:
    """The consumer of the outbox."""
    for event in events:
        if event.topic != REMINDED:
            _tell_of_month(event)
    _tell_of_reminders({(event.key, event.payload["level"]) for event in events if event.topic == REMINDED})


def _tell_of_month(event: OutboxEvent) -> None:
    """Of a month's statements whose companies have people here; of what is more than a delivery tells, an event."""
    told = Membership.objects.filter(user__is_active=True).values("company")
    issued = RentStatement.objects.filter(
        month=parse_month(event.key), state=StatementState.ISSUED, company__in=told,
        pk__gt=event.payload.get("after", 0),
    )  # fmt: skip
    some = list(issued.select_related("company").order_by("pk")[:MOST_STATEMENTS])
    people = members_of(one.company for one in some)
    notices.tell_all(
        [
            News(people[one.company_id], _kind(one), _context(one), _page(one), dedupe_key=f"rent_statement:{one.pk}")
            for one in some
        ]
    )
    if len(some) == MOST_STATEMENTS:
        outbox.record(UNTOLD, event.key, {"after": some[-1].pk})


def _tell_of_reminders(sent: Collection[tuple[str, int]]) -> None:
    """By the public id of the statement and the level."""
    known = RentReminder.objects.filter(statement__public_id__in={statement for statement, _level in sent})
    listed = known.select_related("statement__company").order_by("pk")
    found = [one for one in listed if (str(one.statement.public_id), one.level) in sent]
    people = members_of(one.statement.company for one in found)
    notices.tell_all(
        [
            News(
                people[one.statement.company_id],
                f"rent_reminder_{one.level}",
                _context(one.statement, one.amount),
                _page(one.statement),
                dedupe_key=f"rent_reminder:{one.statement_id}:{one.level}",
            )
            for one in found
        ]
    )


def _kind(statement: RentStatement) -> str:
    return "rent_issued" if statement.payable > 0 else "rent_issued_nothing"


def _page(statement: RentStatement) -> str:
    return reverse("subsidies:statement", args=[statement.public_id])


def _context(statement: RentStatement, amount: Decimal | None = None) -> dict[str, Any]:
    """As kept in a notice: codes and numbers, for the words are made when it is read."""
    company, due = statement.company, statement.due_on
    return {
        "name": company.name, "name_zh": company.name_zh, "month": f"{statement.month:%Y-%m}",
        "amount": str(statement.payable if amount is None else amount), "due": due.isoformat() if due else "",
        "number": written(statement.number),
    }  # fmt: skip


def _words(context: Mapping[str, Any]) -> dict[str, str]:
    due = dt.date.fromisoformat(context["due"]) if context["due"] else None
    return {
        **named(context), "month": context["month"], "amount": money(Decimal(context["amount"])), "due": str(due),
        "number": context["number"],
    }  # fmt: skip


def _message(name: str, title: Any, text: Any) -> Message:
    return Message(name, title, text, icon="receipt", words=_words)


MESSAGES = (
    _message(
        "rent_issued",
        _("%(company)s: the rent of %(month)s"),
        _(
            "The rent statement of %(month)s was issued: %(amount)s are to be paid by %(due)s. Name the number"
            " %(number)s to the bank. Its page has every line with its arithmetic, and the statement as PDF."
        ),
    ),
    _message(
        "rent_issued_nothing",
        _("%(company)s: the rent of %(month)s"),
        _(
            "The rent statement of %(month)s was issued: nothing is to be paid. Its page has every line with its"
            " arithmetic, and the statement as PDF."
        ),
    ),
    _message(
        f"rent_reminder_{ReminderLevel.REMINDER.value}",
        _("%(company)s: the rent of %(month)s is overdue"),
        _(
            "Of the rent of %(month)s, %(amount)s were to be paid by %(due)s and are open. Name the number %(number)s"
            " to the bank. If you have paid meanwhile, nothing is left to do."
        ),
    ),
    _message(
        f"rent_reminder_{ReminderLevel.SECOND.value}",
        _("%(company)s: second reminder of the rent of %(month)s"),
        _(
            "%(amount)s of the rent of %(month)s are still open. They were to be paid by %(due)s. Please pay now, and"
            " name the number %(number)s, or write to the zone if something is wrong."
        ),
    ),
    _message(
        f"rent_reminder_{ReminderLevel.NOTICE.value}",
        _("%(company)s: notice of default, rent of %(month)s"),
        _(
            "%(amount)s of the rent of %(month)s are open after two reminders. They were to be paid by %(due)s. The"
            " zone will now decide on further steps. The number of the statement is %(number)s."
        ),
    ),
)
