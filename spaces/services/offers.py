"""Acts on offers of leases: make, accept, decline, withdraw, sign, and let those lapse whose time is over.

Each is atomic and refuses what is malformed (Incomplete) and what contradicts a lease, another offer or the offer's own
state (Conflict). An offer that is open or accepted keeps the unit: the database refuses another company's lease over
it, whoever writes. What happens is told in the outbox as `offer.changed`.
"""

from decimal import Decimal

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from accounts.models import User
from companies.models import Company
from core import outbox, records
from core.errors import Conflict, Incomplete, NotAllowed
from core.periods import Day, last_day
from spaces.choices import OfferState
from spaces.lives.plans import Terms
from spaces.models import Lease, LeaseOffer, Unit
from spaces.permissions import can_answer_offer, refuse_stranger
from spaces.refusals import places as refusals
from spaces.services.deposits import agree_deposit
from spaces.services.leases import sign_lease
from spaces.services.lives import renew_lease

MOST_AT_ONCE = 500


@transaction.atomic
def make_offer(
    *,
    number: str,
    company: Company,
    unit: Unit,
    area_m2: Decimal,
    price_per_m2_day: Decimal,
    term: DateRange | None,
    deposit: Decimal,
    valid_until: Day,
    on: Day,
    by: User,
) -> LeaseOffer:
    """Offer a unit to a company until the day `valid_until`, included."""
    refuse_stranger(by)
    if valid_until < on:
        message = _("The offer would have lapsed already: name a later day.")
        raise Incomplete(message, fields={"valid_until": [message]})
    offer = LeaseOffer(
        number=number, company=company, unit=unit, area_m2=area_m2, price_per_m2_day=price_per_m2_day, term=term,
        deposit=deposit, valid_until=valid_until, made_by=by,
    )  # fmt: skip
    refusals.refuse_offer(offer)
    return _told(records.save(offer, refusal=refusals.of_offer), "made")


@transaction.atomic
def accept_offer(*, offer: LeaseOffer, on: Day, by: User) -> LeaseOffer:
    """The company wants it. An owner says so, before the offer lapses."""
    return _answered(offer, OfferState.ACCEPTED, on, by)


@transaction.atomic
def decline_offer(*, offer: LeaseOffer, on: Day, reason: str = "", by: User) -> LeaseOffer:
    """The company does not want it; the unit is free again."""
    return _answered(offer, OfferState.DECLINED, on, by, reason)


@transaction.atomic
def withdraw_offer(*, offer: LeaseOffer, reason: str, by: User) -> LeaseOffer:
    """The zone takes it back before it is signed, and says why."""
    refuse_stranger(by)
    if not reason.strip():
        message = _("Say why: the company reads it.")
        raise Incomplete(message, fields={"reason": [message]})
    held = _held(offer, OfferState.OPEN, OfferState.ACCEPTED)
    return _moved(held, OfferState.WITHDRAWN, reason)


@transaction.atomic
def sign_offer(*, offer: LeaseOffer, number: str, by: User) -> Lease:
    """What was accepted becomes a lease: a renewal where it begins on the day after the company's lease of the unit.
    The deposit that was offered is agreed with it."""
    refuse_stranger(by)
    held = _held(offer, OfferState.ACCEPTED)
    before = renewed_by(held)
    if before is not None:
        terms = Terms(number, held.unit, held.area_m2, held.price_per_m2_day, last_day(held.term))
        lease = renew_lease(lease=before, day=held.term.lower, terms=terms, by=by)
    else:
        lease = sign_lease(
            number=number, unit=held.unit, company=held.company, area_m2=held.area_m2,
            price_per_m2_day=held.price_per_m2_day, term=held.term, by=by,
        )  # fmt: skip
    held.lease = lease
    _moved(held, OfferState.SIGNED)
    if held.deposit:
        agree_deposit(lease=lease, amount=held.deposit, day=held.term.lower, by=by)
    return lease


def renewed_by(offer: LeaseOffer) -> Lease | None:
    """The company's lease of the same unit that ends on the day before, unless another follows it already."""
    own = Lease.objects.valid().filter(company=offer.company_id, unit=offer.unit_id, term__endswith=offer.term.lower)
    followed = Lease.objects.followed().values("pk")
    return own.exclude(pk__in=followed).first()


@transaction.atomic
def lapse_offers(*, on: Day) -> int:
    """Close the open offers that were valid until a day before `on`; returns how many. Safe to run twice and at once:
    each is claimed under its row's lock."""
    over = LeaseOffer.objects.select_for_update(skip_locked=True, of=("self",)).select_related("company")
    found = list(over.filter(state=OfferState.OPEN, valid_until__lt=on).order_by("pk")[:MOST_AT_ONCE])
    for offer in found:
        _moved(offer, OfferState.LAPSED)
    return len(found)


def _answered(offer: LeaseOffer, state: OfferState, on: Day, by: User, reason: str = "") -> LeaseOffer:
    if not can_answer_offer(by, offer):
        raise NotAllowed(_("The owners of the company answer its offers."))
    held = _held(offer, OfferState.OPEN)
    if held.valid_until < on:
        words = {"offer": held.number, "day": held.valid_until}
        raise Conflict(_("Offer %(offer)s was valid until %(day)s.") % words, code="offer_lapsed")
    return _moved(held, state, reason)


def _held(offer: LeaseOffer, *states: OfferState) -> LeaseOffer:
    """The offer as it is now, locked. Conflict in any other state: somebody was faster."""
    rows = LeaseOffer.objects.select_for_update(of=("self",)).select_related("company", "unit")
    held = rows.get(pk=offer.pk)
    if held.state not in states:
        words = {"offer": held.number, "state": held.get_state_display()}
        raise Conflict(_("Offer %(offer)s is not open any more: %(state)s.") % words, code="offer_closed")
    return held


def _moved(offer: LeaseOffer, state: OfferState, reason: str = "") -> LeaseOffer:
    offer.state, offer.reason = state, reason.strip()
    records.save(offer, fields=["state", "reason", "lease", "updated_at"], refusal=refusals.of_offer)
    return _told(offer, str(state))


def _told(offer: LeaseOffer, what: str) -> LeaseOffer:
    outbox.record("offer.changed", offer.number, {"company": offer.company.code, "what": what})
    return offer
