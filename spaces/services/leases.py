"""Acts on leases: sign, change or end one, or declare it void.

Each is atomic, wants a person who keeps the zone's spaces (NotAllowed), refuses what is malformed (Incomplete) and what
contradicts another lease or the unit (Conflict, naming it), and tells of a lease in the outbox as `lease.changed`. The
checks here give the words; the database's constraints decide, also between two officers at the same moment.
"""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from companies.models import Company
from core import outbox
from core.errors import Conflict, Incomplete, incomplete_from
from core.periods import Day, first_day, period
from spaces import refusals
from spaces.models import Lease, Unit
from spaces.permissions import refuse_stranger


@transaction.atomic
def sign_lease(
    *,
    number: str,
    unit: Unit,
    company: Company,
    area_m2: Decimal,
    price_per_m2_day: Decimal,
    term: DateRange | None,
    by: User,
) -> Lease:
    """Let a unit to a company; area in m², price in yuan per m² and day."""
    refuse_stranger(by)
    lease = Lease(
        number=number, unit=unit, company=company, area_m2=area_m2, price_per_m2_day=price_per_m2_day, term=term
    )
    return _stored(lease)


@transaction.atomic
def change_lease(
    *,
    lease: Lease,
    unit: Unit,
    area_m2: Decimal,
    price_per_m2_day: Decimal,
    term: DateRange | None,
    by: User,
) -> Lease:
    """Correct what was entered about a lease. Statements that rest on it are computed again by those who keep them."""
    refuse_stranger(by)
    _lock(lease)
    lease.unit, lease.area_m2, lease.price_per_m2_day, lease.term = unit, area_m2, price_per_m2_day, term
    return _stored(lease)


@transaction.atomic
def end_lease(*, lease: Lease, last_day: Day, by: User) -> Lease:
    """The company leaves: `last_day` is its last one in the unit, on or after the first day."""
    refuse_stranger(by)
    _lock(lease)
    lease.term = _term(first_day(lease.term), last_day)
    return _stored(lease)


@transaction.atomic
def void_lease(*, lease: Lease, reason: str, by: User) -> Lease:
    """The lease was entered in error: it never was, but stays on record with the reason."""
    refuse_stranger(by)
    _lock(lease)
    if not reason.strip():
        message = _("Say why the lease is void.")
        raise Incomplete(message, fields={"reason": [message]})
    lease.voided_at, lease.void_reason = timezone.now(), reason.strip()
    return _stored(lease)


def _term(first: Day | None, last: Day | None) -> DateRange | None:
    try:
        return period(first, last)
    except ValueError as error:
        raise Incomplete(str(error), fields={"last_day": [str(error)]}) from error


def _lock(lease: Lease) -> None:
    """Hold the lease's row and read what it is now: somebody else may have changed or voided it a moment ago."""
    held = Lease.objects.select_for_update(of=("self",)).select_related("unit", "company").get(pk=lease.pk)
    if held.voided_at is not None:
        raise Conflict(_("Lease %(lease)s was declared void.") % {"lease": held.number}, code="lease_void")
    for name in ("unit", "company", "area_m2", "price_per_m2_day", "term"):
        setattr(lease, name, getattr(held, name))


def _stored(lease: Lease) -> Lease:
    """Check, save and tell. The database's refusal is read in a savepoint, so that the books can still be asked."""
    try:
        lease.full_clean(validate_constraints=False)
        if lease.voided_at is None:
            _refuse_contradiction(lease)
        lease.validate_constraints()
        with transaction.atomic():
            lease.save()
    except ValidationError as error:
        raise incomplete_from(error) from error
    except IntegrityError as error:
        raise refusals.of_lease(error, lease) from error
    outbox.record("lease.changed", lease.number, {"company": lease.company.code})
    return lease


def _refuse_contradiction(lease: Lease) -> None:
    if lease.area_m2 > lease.unit.area_m2:
        raise refusals.beyond_unit(lease)
    other = refusals.in_the_way_of(lease)
    if other is not None:
        raise refusals.unit_taken(lease, other)
