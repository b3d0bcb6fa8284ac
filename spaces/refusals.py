"""Refusals of the zone's books in words: which lease stands in the way, whose it is and until when.

The database says only which constraint was violated; under concurrency that is all there is to go by.
"""

from collections.abc import Iterable

from django.db import IntegrityError
from django.utils.translation import gettext as _

from core.errors import Conflict, conflict_from
from core.periods import first_day, last_day
from spaces.models import Lease, Unit


def unit_taken(lease: Lease, other: Lease | None) -> Conflict:
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


def beyond_unit(lease: Lease) -> Conflict:
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


def in_the_way_of(lease: Lease, *, ended: Iterable[Lease] = ()) -> Lease | None:
    """The first valid lease that has the unit on some of the same days, but for those that will have `ended`."""
    known = [other.pk for other in (lease, *ended) if other.pk]
    others = Lease.objects.valid().filter(unit=lease.unit, term__overlap=lease.term).exclude(pk__in=known)
    return others.select_related("company").order_by("term").first()


def largest_of(unit: Unit) -> Lease | None:
    return Lease.objects.valid().filter(unit=unit).order_by("-area_m2").first()


def of_lease(error: IntegrityError, lease: Lease) -> Conflict:
    """What the database refused about a lease; an unknown constraint is raised as it came."""
    name = _constraint(error)
    if name == "spaces_lease_no_overlap":
        return unit_taken(lease, in_the_way_of(lease))
    if name == "spaces_lease_within_unit":
        lease.unit.refresh_from_db(fields=["area_m2"])
        return beyond_unit(lease)
    if name == "spaces_lease_number_key":
        message = _("There is a lease with this number already.")
        return Conflict(message, code="number_taken", fields={"number": [message]})
    return conflict_from(error, Lease)


def of_unit(error: IntegrityError, unit: Unit) -> Conflict:
    """What the database refused about a unit; an unknown constraint is raised as it came."""
    name = _constraint(error)
    if name == "spaces_unit_area_covers_leases":
        return below_lease(unit, largest_of(unit))
    if name == "spaces_unit_desks_cover_memberships":
        message = _("Unit %(unit)s cannot have so few desks: more of them are taken on some day.") % {"unit": unit.code}
        return Conflict(message, code="below_memberships", fields={"desks": [message]})
    if name == "spaces_unit_code_key":
        message = _("There is a unit with this name already.")
        return Conflict(message, code="code_taken", fields={"code": [message]})
    return conflict_from(error, Unit)


def _constraint(error: IntegrityError) -> str | None:
    return getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
