"""What a company's people and the officers are told of offers and of leases that end: the words, and who is told."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts import notices
from accounts.models import StaffRole, User
from accounts.notices import Message, News
from companies.models import Company, Membership
from core.markup import plain_name
from core.models import OutboxEvent
from spaces.models import LeaseOffer

TOPICS = frozenset({"offer.changed"})
TO_COMPANY = frozenset({"made", "withdrawn", "lapsed", "signed"})
TO_OFFICERS = frozenset({"accepted", "declined", "lapsed"})


def members_of(companies: Iterable[int]) -> dict[int, list[User]]:
    """The people of each company, by its id, in one query."""
    people: dict[int, list[User]] = {pk: [] for pk in companies}
    for membership in Membership.objects.filter(company__in=people).select_related("user").order_by("pk"):
        people[membership.company_id].append(membership.user)
    return people


def officers() -> list[User]:
    return list(User.objects.filter(is_active=True, role_grants__role=StaffRole.OFFICER).order_by("pk"))


def tell_of_offers(events: Sequence[OutboxEvent]) -> None:
    """The consumer of the outbox: an event is news for the company's members, for the officers, or for both."""
    keys = {event.key for event in events}
    offers = {
        offer.number: offer for offer in LeaseOffer.objects.filter(number__in=keys).select_related("company", "unit")
    }
    people, staff = members_of(offer.company_id for offer in offers.values()), officers()
    news: list[News] = []
    for event in events:
        offer = offers.get(event.key)
        if offer is None:
            continue
        what = event.payload["what"]
        if what in TO_COMPANY:
            news.append(_news(offer, event, people[offer.company_id], f"offer_{what}"))
        if what in TO_OFFICERS:
            news.append(_news(offer, event, staff, f"offer_{what}_for_zone"))
    notices.tell_all(news)


def _news(offer: LeaseOffer, event: OutboxEvent, people: list[User], message: str) -> News:
    context = {
        "name": offer.company.name, "name_zh": offer.company.name_zh, "offer": offer.number, "unit": offer.unit.code,
        "until": offer.valid_until.isoformat(), "reason": offer.reason,
    }  # fmt: skip
    return News(people, message, context, reverse("spaces:offer", args=[offer.number]), f"{message}:{event.pk}")


def words(context: Mapping[str, Any]) -> dict[str, Any]:
    """With the company's name in the reader's language."""
    company = plain_name(Company(name=context["name"], name_zh=context["name_zh"]))
    return {**context, "company": company}


def _message(name: str, title: Any, text: Any) -> Message:
    return Message(name, title, text, icon="file-text", words=words)


MESSAGES = (
    _message(
        "offer_made",
        _("%(company)s: the zone offers unit %(unit)s"),
        _("Offer %(offer)s is valid until %(until)s. An owner of the company accepts or declines it online."),
    ),
    _message(
        "offer_withdrawn",
        _("%(company)s: the offer of unit %(unit)s was withdrawn"),
        _("The zone writes about offer %(offer)s: %(reason)s"),
    ),
    _message(
        "offer_lapsed",
        _("%(company)s: the offer of unit %(unit)s has lapsed"),
        _("Offer %(offer)s was valid until %(until)s. Ask the zone if you still want the unit."),
    ),
    _message(
        "offer_signed",
        _("%(company)s: the lease of unit %(unit)s is signed"),
        _("Offer %(offer)s became a lease."),
    ),
    _message(
        "offer_accepted_for_zone",
        _("%(company)s accepts unit %(unit)s"),
        _("Offer %(offer)s waits to be signed."),
    ),
    _message(
        "offer_declined_for_zone",
        _("%(company)s declines unit %(unit)s"),
        _("Offer %(offer)s is closed. %(reason)s"),
    ),
    _message(
        "offer_lapsed_for_zone",
        _("The offer of unit %(unit)s to %(company)s has lapsed"),
        _("Offer %(offer)s was valid until %(until)s. The unit is free again."),
    ),
)
