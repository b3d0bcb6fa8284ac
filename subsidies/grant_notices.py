"""What a company's people are told of its grants, at each step, in the portal and by mail."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts import notices
from accounts.models import User
from accounts.notices import Message, News
from companies.models import Company
from core.markup import money, plain_name
from core.models import OutboxEvent
from subsidies.choices import Point
from subsidies.models import Grant

TOPICS = frozenset({"grant.changed"})


def tell_of_grants(events: Sequence[OutboxEvent]) -> None:
    """The consumer of the outbox: one piece of news an event, for the members of the grant's company."""
    keys = {event.key for event in events}
    grants = {
        str(grant.public_id): grant for grant in Grant.objects.filter(public_id__in=keys).select_related("company")
    }
    people = {grant.company_id: _members(grant.company) for grant in grants.values()}
    told = [(grants[event.key], event) for event in events if event.key in grants]
    notices.tell_all([_news(grant, event, people[grant.company_id]) for grant, event in told])


def _members(company: Company) -> list[User]:
    return [one.user for one in company.memberships.select_related("user").order_by("pk")]


def _news(grant: Grant, event: OutboxEvent, people: list[User]) -> News:
    context = {
        "name": grant.company.name, "name_zh": grant.company.name_zh, "grant": grant.number, "point": grant.point,
        "amount": event.payload["amount"], "reason": event.payload["reason"],
    }  # fmt: skip
    url = reverse("subsidies:grant", args=[grant.public_id])
    return News(people, f"grant_{event.payload['what']}", context, url, dedupe_key=f"grant:{grant.pk}:{event.pk}")


def _words(context: Mapping[str, Any]) -> dict[str, str]:
    return {
        "company": plain_name(Company(name=context["name"], name_zh=context["name_zh"])),
        "grant": context["grant"],
        "point": capfirst(str(Point(context["point"]).label)),
        "amount": money(Decimal(context["amount"])),
        "reason": context["reason"],
    }


def _message(name: str, title: Any, text: Any) -> Message:
    return Message(name, title, text, icon="gift", words=_words)


MESSAGES = (
    _message(
        "grant_proposed",
        _("%(company)s: %(point)s is proposed"),
        _("Grant %(grant)s over %(amount)s was proposed. Another person at the zone decides on it."),
    ),
    _message(
        "grant_approved",
        _("%(company)s: %(point)s is granted"),
        _("Grant %(grant)s over %(amount)s was approved and will be paid."),
    ),
    _message(
        "grant_paid", _("%(company)s: %(point)s was paid"), _("Grant %(grant)s: %(amount)s were paid to the company.")
    ),
    _message("grant_refused", _("%(company)s: %(point)s was refused"), _("Grant %(grant)s was refused: %(reason)s")),
    _message(
        "grant_withdrawn",
        _("%(company)s: a proposal was withdrawn"),
        _("The proposal of grant %(grant)s was withdrawn: %(reason)s"),
    ),
    _message("grant_revoked", _("%(company)s: a grant was revoked"), _("Grant %(grant)s was revoked: %(reason)s")),
    _message(
        "grant_reduced",
        _("%(company)s: a grant was reduced"),
        _("Grant %(grant)s was worked out again: %(amount)s of it are left. %(reason)s"),
    ),
    _message(
        "grant_recovery_open",
        _("%(company)s: a grant is examined again"),
        _("The zone examines whether %(amount)s of grant %(grant)s are to be paid back. %(reason)s"),
    ),
    _message(
        "grant_recovery_confirmed",
        _("%(company)s: a part of a grant is to be paid back"),
        _("Of grant %(grant)s, %(amount)s are to be paid back. The page of the grant says why."),
    ),
    _message(
        "grant_recovery_settled",
        _("%(company)s: a grant was paid back"),
        _("Of grant %(grant)s, %(amount)s were paid back."),
    ),
    _message(
        "grant_recovery_dropped",
        _("%(company)s: nothing is to be paid back"),
        _("Of grant %(grant)s nothing is asked back any more."),
    ),
)
