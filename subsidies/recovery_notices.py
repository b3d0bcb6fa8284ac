"""What a company's people are told of interest support that was paid too much: that it is asked back, that they have to
pay it, that they did. Of grants they are told by `grant_notices`."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import notices
from accounts.notices import Message, News
from core import outbox
from core.markup import in_turn, listed, money
from core.models import OutboxEvent
from core.periods import parse_month
from subsidies.choices import RecoveryState
from subsidies.models import InterestStatement, Recovery
from subsidies.models.statements import reasons_of
from subsidies.notices import members_of, named

OPENED, CHANGED = "recovery.opened", "recovery.changed"
TOPICS = frozenset({OPENED, CHANGED})
MOST_RECOVERIES = 1000  # told by a delivery, for a worker's time is limited


def tell_of_recoveries(events: Sequence[OutboxEvent]) -> None:
    """The consumer of the outbox. A recovery is told once in each state, however often and by whichever event."""
    for event in events:
        if event.topic == OPENED:
            _tell_of_month(event)
    states = {event.key: event.payload["state"] for event in events if event.topic == CHANGED}
    _tell((one, states[str(one.public_id)]) for one in _with_all().filter(public_id__in=states))


def _tell_of_month(event: OutboxEvent) -> None:
    """Of what a month asks back; of what is more than a delivery tells, an event."""
    waiting = _with_all().filter(statement__month=parse_month(event.key), pk__gt=event.payload.get("after", 0))
    some = list(waiting.order_by("pk")[:MOST_RECOVERIES])
    _tell((one, RecoveryState.OPEN) for one in some)
    if len(some) == MOST_RECOVERIES:
        outbox.record(OPENED, event.key, {"after": some[-1].pk})


def _with_all() -> Any:
    return Recovery.objects.select_related("statement__company").prefetch_related("statement__adjustments")


def _tell(found: Iterable[tuple[Recovery, str]]) -> None:
    told = [(one, one.statement, state) for one, state in found if one.statement is not None]
    people = members_of(statement.company for _one, statement, _state in told)
    notices.tell_all(
        [
            News(
                people[statement.company_id],
                f"interest_recovery_{state}",
                _context(one, statement),
                reverse("subsidies:interest_statement", args=[statement.public_id]),
                dedupe_key=f"recovery:{one.pk}:{state}",
            )
            for one, statement, state in told
        ]
    )


def _context(recovery: Recovery, statement: InterestStatement) -> dict[str, Any]:
    """As kept in a notice: codes, for the words are made when it is read."""
    company = statement.company
    return {
        "name": company.name, "name_zh": company.name_zh, "amount": str(recovery.amount), "month": recovery.name,
        "corrections": sorted({(f"{one.month:%Y-%m}", one.reason) for one in statement.adjustments.all()}),
    }  # fmt: skip


def _words(context: Mapping[str, Any]) -> dict[str, str]:
    why = [
        _("%(month)s: %(reasons)s") % {"month": month, "reasons": listed(reasons_of(codes))}
        for month, codes in context["corrections"]
    ]
    return {
        **named(context), "amount": money(Decimal(context["amount"])), "month": context["month"], "why": in_turn(why),
    }  # fmt: skip


def _message(state: RecoveryState, title: Any, text: Any) -> Message:
    return Message(f"interest_recovery_{state.value}", title, text, icon="receipt", words=_words)


MESSAGES = (
    _message(
        RecoveryState.OPEN,
        gettext_lazy("%(company)s: too much interest support was paid"),
        gettext_lazy(
            "Interest statement %(month)s is below 0: %(amount)s were too much (%(why)s). They are to be paid back once"
            " another person at the zone confirms it."
        ),
    ),
    _message(
        RecoveryState.CONFIRMED,
        gettext_lazy("%(company)s: interest support is to be paid back"),
        gettext_lazy(
            "By interest statement %(month)s, %(amount)s are to be paid back. The page of the statement says why."
        ),
    ),
    _message(
        RecoveryState.SETTLED,
        gettext_lazy("%(company)s: interest support was paid back"),
        gettext_lazy("By interest statement %(month)s, %(amount)s were to be paid back, and they were."),
    ),
)
