"""Refusals of the zone's books in words: which lease stands in the way, whose it is and until when.

The database says only which constraint was violated; under concurrency that is all there is to go by.
"""

from collections.abc import Iterable

from django.db import IntegrityError
from django.utils.translation import gettext as _

from core.errors import Conflict, conflict_from
from core.periods import first_day, last_day
from core.records import conflict_of, constraint_of
from spaces.models import Lease, LeaseOffer, Unit


def unit_taken(lease: Lease | LeaseOffer, other: Lease | None) -> Conflict:
    """The unit is let to somebody on some of these days; `other` may be gone again by the time of telling."""
    if other is None:
        message = _("Unit %(unit)s is let to somebody on some of these days.") % {"unit": lease.unit.code}
        return Conflict(message, code="unit_taken", fields={"unit": [message]})
    words = {
        "unit": lease.unit.code,
        "lease": other.number,
        "company": other.company.name,
        "first": first_day(other.term),
        "last": last_day(other.term),
    }
    if words["last"] is None:
        message = _("Unit %(unit)s is let to %(company)s since %(first)s without an end (lease %(lease)s).") % words
    else:
        message = _("Unit %(unit)s is let to %(company)s from %(first)s to %(last)s (lease %(lease)s).") % words
    return Conflict(message, code="unit_taken", fields={"unit": [message]})


def beyond_unit(lease: Lease | LeaseOffer) -> Conflict:
    """The lease wants more area than its unit has."""
    words = {"unit": lease.unit.code, "has": lease.unit.area_m2, "area": lease.area_m2}
    message = _("%(area)s m² are more than unit %(unit)s has (%(has)s m²).") % words
    return Conflict(message, code="beyond_unit", fields={"area_m2": [message]})


def below_lease(unit: Unit, largest: Lease | None) -> Conflict:
    """The unit cannot become smaller than a lease of it."""
    words = {"unit": unit.code, "area": unit.area_m2}
    if largest is None:
        message = _("Unit %(unit)s cannot have %(area)s m²: a lease of it is larger.") % words
    else:
        words |= {"lease": largest.number, "let": largest.area_m2}
        message = _("Unit %(unit)s cannot have %(area)s m²: lease %(lease)s covers %(let)s m².") % words
    return Conflict(message, code="below_lease", fields={"area_m2": [message]})


def in_the_way_of(lease: Lease | LeaseOffer, *, ended: Iterable[Lease] = ()) -> Lease | None:
    """The first valid lease that has the unit on some of the same days, but for those that will have `ended`."""
    own = [lease] if isinstance(lease, Lease) else []
    known = [other.pk for other in (*own, *ended) if other.pk]
    others = Lease.objects.valid().filter(unit=lease.unit, term__overlap=lease.term).exclude(pk__in=known)
    return others.select_related("company").order_by("term").first()


def unit_offered(thing: Lease | LeaseOffer, other: LeaseOffer | None) -> Conflict:
    """The unit is kept for what was offered to somebody; `other` may be closed again by the time of telling."""
    if other is None:
        message = _("Unit %(unit)s is offered to somebody for some of these days.") % {"unit": thing.unit.code}
    else:
        words = {
            "unit": thing.unit.code,
            "offer": other.number,
            "company": other.company.name,
            "until": other.valid_until,
        }
        message = _("Unit %(unit)s is offered to %(company)s until %(until)s (offer %(offer)s).") % words
    return Conflict(message, code="unit_offered", fields={"unit": [message]})


def offer_in_the_way_of(thing: Lease | LeaseOffer) -> LeaseOffer | None:
    """The first offer that keeps the unit on some of the same days: of another company where a lease asks."""
    others = LeaseOffer.objects.reserving().filter(unit=thing.unit, term__overlap=thing.term)
    own = {"company": thing.company_id} if isinstance(thing, Lease) else {"pk": thing.pk}
    return others.exclude(**own).select_related("company").order_by("term").first()


def refuse_offer(offer: LeaseOffer) -> None:
    """Conflict for an offer of more than the unit has, of a unit that is let, or that is offered to somebody."""
    if offer.term is None or offer.area_m2 is None:
        return  # told by the check of the row
    if offer.area_m2 > offer.unit.area_m2:
        raise beyond_unit(offer)
    lease = in_the_way_of(offer)
    if lease is not None:
        raise unit_taken(offer, lease)
    other = offer_in_the_way_of(offer)
    if other is not None:
        raise unit_offered(offer, other)


def largest_of(unit: Unit) -> Lease | None:
    return Lease.objects.valid().filter(unit=unit).order_by("-area_m2").first()


def of_lease(error: IntegrityError, lease: Lease) -> Conflict:
    """What the database refused about a lease; an unknown constraint is raised as it came."""
    name = constraint_of(error)
    if name == "spaces_lease_no_overlap":
        return unit_taken(lease, in_the_way_of(lease))
    if name == "spaces_lease_within_unit":
        lease.unit.refresh_from_db(fields=["area_m2"])
        return beyond_unit(lease)
    if name == "spaces_lease_not_over_offers":
        return unit_offered(lease, offer_in_the_way_of(lease))
    if name == "spaces_lease_number_key":
        message = _("There is a lease with this number already.")
        return Conflict(message, code="number_taken", fields={"number": [message]})
    return conflict_from(error, Lease)


def of_offer(error: IntegrityError, offer: LeaseOffer) -> Conflict:
    """What the database refused about an offer; an unknown constraint is raised as it came."""
    name = constraint_of(error)
    if name == "spaces_leaseoffer_unit_is_free":
        return unit_taken(offer, in_the_way_of(offer))
    if name == "spaces_leaseoffer_no_overlap":
        return unit_offered(offer, offer_in_the_way_of(offer))
    if name == "spaces_leaseoffer_within_unit":
        offer.unit.refresh_from_db(fields=["area_m2"])
        return beyond_unit(offer)
    return conflict_of(error, offer)


def of_unit(error: IntegrityError, unit: Unit) -> Conflict:
    """What the database refused about a unit; an unknown constraint is raised as it came."""
    name = constraint_of(error)
    if name == "spaces_unit_area_covers_leases":
        return below_lease(unit, largest_of(unit))
    if name == "spaces_unit_desks_cover_memberships":
        message = _("Unit %(unit)s cannot have so few desks: more of them are taken on some day.") % {"unit": unit.code}
        return Conflict(message, code="below_memberships", fields={"desks": [message]})
    if name == "spaces_unit_code_key":
        message = _("There is a unit with this name already.")
        return Conflict(message, code="code_taken", fields={"code": [message]})
    return conflict_from(error, Unit)
