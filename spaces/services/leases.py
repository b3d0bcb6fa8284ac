"""Acts on leases: sign one, correct what was entered about it, or declare it void. What follows it is in `lives`.

Each is atomic, wants a person who keeps the zone's spaces (NotAllowed), refuses what is malformed (Incomplete) and what
contradicts another lease or the unit (Conflict, naming it), and tells of a lease in the outbox as `lease.changed`. The
checks here give the words; the database's constraints decide, also between two officers at the same moment.
"""

from collections.abc import Iterable
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
from spaces.models import Lease, Unit
from spaces.permissions import refuse_stranger
from spaces.refusals import places as refusals


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
    return stored(lease)


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
    return stored(lease)


@transaction.atomic
def void_lease(*, lease: Lease, reason: str, by: User) -> Lease:
    """The lease was entered in error: it never was, but stays on record with the reason."""
    refuse_stranger(by)
    _lock(lease)
    if not reason.strip():
        message = _("Say why the lease is void.")
        raise Incomplete(message, fields={"reason": [message]})
    lease.voided_at, lease.void_reason = timezone.now(), reason.strip()
    return stored(lease)


def held(leases: Iterable[Lease]) -> list[Lease]:
    """The leases as they are now, locked in one order until the transaction ends. Conflict for a void one."""
    pks = [lease.pk for lease in leases]
    rows = Lease.objects.select_for_update(of=("self",)).select_related("unit", "company").filter(pk__in=pks)
    found = list(rows.order_by("pk"))
    for lease in found:
        if lease.voided_at is not None:
            raise Conflict(_("Lease %(lease)s was declared void.") % {"lease": lease.number}, code="lease_void")
    return found


def _lock(lease: Lease) -> None:
    """Hold the lease's row and read what it is now: somebody else may have changed or voided it a moment ago."""
    (now,) = held([lease])
    for name in ("unit", "company", "area_m2", "price_per_m2_day", "term"):
        setattr(lease, name, getattr(now, name))


def stored(lease: Lease) -> Lease:
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
    offer = refusals.offer_in_the_way_of(lease)
    if offer is not None:
        raise refusals.unit_offered(lease, offer)
