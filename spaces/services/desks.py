"""Acts on desk memberships: sign, change or end one, or declare it void.

Each is atomic, wants a person who keeps the zone's spaces (NotAllowed), refuses what is malformed (Incomplete) and what
contradicts another membership or the unit (Conflict), and tells of a company's in the outbox as `desk.changed`: a desk
settles a company as a lease does. The checks here give the words; the database's constraints decide.
"""

from decimal import Decimal

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from accounts.models import User
from companies.models import Company
from core import outbox, records
from core.errors import Conflict, Incomplete
from core.periods import Day, period
from spaces.models import DeskMembership, Unit
from spaces.permissions import refuse_stranger


@transaction.atomic
def sign_membership(
    *,
    number: str,
    unit: Unit,
    company: Company | None = None,
    person: str = "",
    email: str = "",
    desk: str = "",
    desks: int = 1,
    price_per_desk_month: Decimal,
    first_day: Day | None,
    last_day: Day | None = None,
    by: User,
) -> DeskMembership:
    """Give desks of a unit to a company, or to a resident, from the first to the last day, both included."""
    refuse_stranger(by)
    membership = DeskMembership(
        number=number.strip(), company=company, person=person.strip(), email=email.strip(), unit=unit,
        desk=desk.strip(), desks=desks, price_per_desk_month=price_per_desk_month, term=_term(first_day, last_day),
    )  # fmt: skip
    return _stored(membership)


@transaction.atomic
def change_membership(
    *,
    membership: DeskMembership,
    unit: Unit,
    person: str = "",
    email: str = "",
    desk: str,
    desks: int,
    price_per_desk_month: Decimal,
    first_day: Day | None,
    last_day: Day | None,
    by: User,
) -> DeskMembership:
    """Correct what was entered about a membership; its number and its company stay."""
    held = _held(membership, by)
    held.unit, held.desk, held.desks, held.price_per_desk_month = unit, desk.strip(), desks, price_per_desk_month
    held.person, held.email, held.term = person.strip(), email.strip(), _term(first_day, last_day)
    return _stored(held)


@transaction.atomic
def end_membership(*, membership: DeskMembership, last_day: Day, by: User) -> DeskMembership:
    """The holder leaves: `last_day` is the last one at the desk, on or after the first day."""
    held = _held(membership, by)
    held.term = _term(held.first_day, last_day)
    return _stored(held)


@transaction.atomic
def void_membership(*, membership: DeskMembership, reason: str, by: User) -> DeskMembership:
    """The membership was entered in error: it never was, but stays on record with the reason."""
    held = records.declare_void(_held(membership, by), reason)
    _tell(held)
    return held


def _held(membership: DeskMembership, by: User) -> DeskMembership:
    refuse_stranger(by)
    return records.hold(membership)


def _term(first: Day | None, last: Day | None) -> DateRange | None:
    try:
        return period(first, last)
    except ValueError as error:
        raise Incomplete(str(error), fields={"last_day": [str(error)]}) from error


def _stored(membership: DeskMembership) -> DeskMembership:
    records.save(membership, refusal=_refused)
    _tell(membership)
    return membership


def _tell(membership: DeskMembership) -> None:
    """Nothing is decided about a resident."""
    if membership.company is not None:
        outbox.record("desk.changed", membership.number, {"company": membership.company.code})


def _refused(error: IntegrityError, membership: DeskMembership) -> Conflict:
    if records.constraint_of(error) != "spaces_deskmembership_within_desks":
        return records.conflict_of(error, membership)
    words = {"unit": membership.unit.code, "count": membership.unit.desks}
    message = _("Unit %(unit)s has %(count)s desks, and on some of these days too few of them are free.") % words
    return Conflict(message, code="too_few_desks", fields={"desks": [message]})
