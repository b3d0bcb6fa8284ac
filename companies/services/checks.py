"""Acts on checks of official data: record one, correct it, declare it void.

Each is atomic, wants an officer who is not of the company (NotAllowed), and refuses what is malformed (Incomplete). A
check changes nothing about the company: what differs is corrected in the register, with its own history.
"""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from companies.models import Company, OfficialCheck
from companies.permissions import can_verify
from core import outbox, records
from core.errors import Incomplete, NotAllowed
from core.periods import Day


@transaction.atomic
def record_check(
    *, company: Company, checked_on: Day, source: str, outcome: str, note: str = "", by: User, on: Day
) -> OfficialCheck:
    """`by` compared the company's data with the source on the day `checked_on`; `on` is the present day."""
    _refuse_stranger(by, company)
    made = OfficialCheck(company=company, checked_on=checked_on, checked_by=by)
    return _stored(made, source=source, outcome=outcome, note=note, on=on)


@transaction.atomic
def change_check(*, check: OfficialCheck, source: str, outcome: str, note: str, by: User, on: Day) -> OfficialCheck:
    """Correct what was entered; the company, the day and who checked stay."""
    _refuse_stranger(by, check.company)
    return _stored(records.hold(check), source=source, outcome=outcome, note=note, on=on)


@transaction.atomic
def void_check(*, check: OfficialCheck, reason: str, by: User) -> OfficialCheck:
    """It was entered in error: the company is to be checked again, and the row stays on record with the reason."""
    _refuse_stranger(by, check.company)
    return _told(records.declare_void(records.hold(check), reason))


def _refuse_stranger(by: User, company: Company) -> None:
    if not can_verify(by, company):
        raise NotAllowed(_("Officers check official data, and nobody those of his own company."))


def _stored(made: OfficialCheck, *, source: str, outcome: str, note: str, on: Day) -> OfficialCheck:
    if made.checked_on is not None and made.checked_on > on:
        message = _("It was checked on %(on)s or before.") % {"on": on}
        raise Incomplete(message, fields={"checked_on": [message]})
    made.source, made.outcome, made.note = source.strip(), outcome, note.strip()
    return _told(records.save(made))


def _told(made: OfficialCheck) -> OfficialCheck:
    outbox.record("official_check.changed", str(made), {"company": made.company.code})
    return made
