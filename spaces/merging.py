"""How what a company has of the zone's spaces is merged: leases, desks, bookings and their credits, offers."""

from collections.abc import Iterator
from typing import Any

from django.db.models.functions import Now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from companies.merging.rules import Rule, TextRule, Treatment, named
from companies.models import Company
from spaces.choices import RESERVING
from spaces.models import Allowance, DepositMovement, LeaseOffer


def _offers_that_reserve(merged: Company, _survivor: Company) -> Iterator[str]:
    offers = LeaseOffer.objects.filter(company=merged, state__in=RESERVING).order_by("number")
    numbers = list(offers.values_list("number", flat=True))
    if numbers:
        yield _(
            "What was offered is never changed, and %(company)s has an offer that is open: %(offers)s. Sign it or"
            " withdraw it first."
        ) % {"company": merged.code, "offers": named(numbers)}


def _still_to_come(bookings: Any) -> Any:
    """What was used stays where it was used, so that no month that is over uses more credits than it had."""
    return bookings.filter(period__startswith__gt=Now())


def _not_of_the_same_month(merged: Company, survivor: Company) -> None:
    """Of two allowances from one month that of the surviving company stands."""
    known = Allowance.objects.filter(company=survivor).values("since")
    Allowance.objects.filter(company=merged, since__in=known).delete()


def _open_entries(entries: Any) -> Any:
    return entries.filter(booking=None, left_at=None)


def _deposits(merged: Company) -> bool:
    """The deposits go with their leases: what was agreed on, and every yuan that came and went."""
    return DepositMovement.objects.filter(lease__company=merged).exists()


MOVES, ONCE, STAYS = Treatment.MOVES, Treatment.ONCE, Treatment.STAYS

RULES: tuple[Rule | TextRule, ...] = (
    Rule(
        "spaces.LeaseOffer", "company", STAYS, gettext_lazy("Offers of leases"), conflicts=_offers_that_reserve
    ),
    Rule("spaces.Lease", "company", MOVES, gettext_lazy("Leases"), money=_deposits),
    Rule("spaces.DeskMembership", "company", MOVES, gettext_lazy("Desk memberships")),
    Rule("spaces.DayPass", "company", MOVES, gettext_lazy("Day passes")),
    Rule(
        "spaces.Allowance", "company", ONCE, gettext_lazy("Allowances of credits"), once=_not_of_the_same_month
    ),
    Rule(
        "spaces.Booking", "company", MOVES, gettext_lazy("Bookings of rooms"), chosen=_still_to_come,
        refused=gettext_lazy(
            "together they would use more credits than a month has. Cancel some of them, or raise the allowance first."
        ),
    ),
    Rule("spaces.WaitingEntry", "company", MOVES, gettext_lazy("Places on waiting lists"), chosen=_open_entries),
)  # fmt: skip
