"""Acts on day passes: give one out, correct it, or declare it void.

Each is atomic, wants a person who keeps the zone's spaces (NotAllowed), and refuses what is malformed (Incomplete) and
what takes more desks than are free on the day (Conflict). Whether it fits the database decides, with memberships and
passes counted together. A pass settles nobody, so nothing is decided anew.
"""

from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from companies.models import Company
from core import outbox, records
from core.errors import Conflict
from core.periods import Day
from spaces.models import DayPass, Unit
from spaces.permissions import refuse_stranger


@transaction.atomic
def give_day_pass(
    *,
    unit: Unit,
    day: Day,
    company: Company | None = None,
    person: str = "",
    email: str = "",
    desks: int = 1,
    price_per_desk: Decimal,
    by: User,
) -> DayPass:
    """Give desks of a unit for a day to a company, or to a resident; the price is in yuan a desk."""
    refuse_stranger(by)
    return _stored(
        DayPass(
            unit=unit, day=day, company=company, person=person.strip(), email=email.strip(), desks=desks,
            price_per_desk=price_per_desk,
        )
    )  # fmt: skip


@transaction.atomic
def change_day_pass(
    *,
    day_pass: DayPass,
    unit: Unit,
    day: Day,
    person: str = "",
    email: str = "",
    desks: int,
    price_per_desk: Decimal,
    by: User,
) -> DayPass:
    """Correct what was entered about a pass; its company stays."""
    refuse_stranger(by)
    held = records.hold(day_pass)
    held.unit, held.day, held.desks, held.price_per_desk = unit, day, desks, price_per_desk
    held.person, held.email = person.strip(), email.strip()
    return _stored(held)


@transaction.atomic
def void_day_pass(*, day_pass: DayPass, reason: str, by: User) -> DayPass:
    """The pass was entered in error, or given back: it takes no desk, but stays on record with the reason."""
    refuse_stranger(by)
    return _told(records.declare_void(records.hold(day_pass), reason))


def _stored(day_pass: DayPass) -> DayPass:
    return _told(records.save(day_pass, refusal=_refused))


def _told(day_pass: DayPass) -> DayPass:
    if day_pass.company is not None:
        outbox.record("day_pass.changed", day_pass.code, {"company": day_pass.company.code})
    return day_pass


def _refused(error: IntegrityError, day_pass: DayPass) -> Conflict:
    if records.constraint_of(error) != "spaces_daypass_within_desks":
        return records.conflict_of(error, day_pass)
    free = Unit.objects.with_desks_taken_on(day_pass.day).get(pk=day_pass.unit_id)
    words = {"unit": free.code, "count": free.desks, "day": day_pass.day, "taken": free.desks_taken}
    message = _("Unit %(unit)s has %(count)s desks, and %(taken)s of them are taken on %(day)s.") % words
    return Conflict(message, code="too_few_desks", fields={"desks": [message]})
