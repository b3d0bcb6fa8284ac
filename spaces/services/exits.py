"""Acts on exit interviews: record one, correct it, declare it void.

Each is atomic, wants an officer (NotAllowed), and refuses what is malformed (Incomplete). Who is not leaving is not
asked why he leaves (Conflict): leases and desks tell, so the acts are here and not in the app of the register.
"""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from companies.models import Company, ExitInterview
from companies.permissions import can_keep_register
from core import outbox, records
from core.errors import Conflict, Incomplete, NotAllowed
from core.periods import Day
from spaces.leaving import is_leaving, last_day_of


@transaction.atomic
def record_exit(
    *, company: Company, held_on: Day, reason: str, destination: str = "", notes: str = "", by: User, on: Day
) -> ExitInterview:
    """The company told `by`, on the day `held_on`, why it leaves and where to; `on` is the present day."""
    _refuse_stranger(by)
    if not is_leaving(company, on):
        _refuse_staying(company)
    asked = ExitInterview(company=company, held_on=held_on, asked_by=by)
    return _stored(asked, reason=reason, destination=destination, notes=notes, on=on)


@transaction.atomic
def change_exit(
    *, exit_interview: ExitInterview, reason: str, destination: str, notes: str, by: User, on: Day
) -> ExitInterview:
    """Correct what was entered; the company, the day and who asked stay."""
    _refuse_stranger(by)
    held = records.hold(exit_interview)
    return _stored(held, reason=reason, destination=destination, notes=notes, on=on)


@transaction.atomic
def void_exit(*, exit_interview: ExitInterview, reason: str, by: User) -> ExitInterview:
    """It was entered in error: it counts for nothing, but stays on record with the reason."""
    _refuse_stranger(by)
    return _told(records.declare_void(records.hold(exit_interview), reason))


def _refuse_stranger(by: User) -> None:
    if not can_keep_register(by):
        raise NotAllowed(_("Only officers record exit interviews."))


def _refuse_staying(company: Company) -> None:
    last = last_day_of(company)
    words = {"company": company.name, "last": last}
    if last is None:
        message = _("%(company)s never had a lease or a desk: it cannot leave the zone.") % words
    elif last == Day.max:
        message = _("%(company)s has a lease or a desk without an end. Enter its end first.") % words
    else:
        message = _("%(company)s stays until %(last)s: record the interview within half a year of that day.") % words
    raise Conflict(message, code="not_leaving")


def _stored(asked: ExitInterview, *, reason: str, destination: str, notes: str, on: Day) -> ExitInterview:
    if asked.held_on is not None and asked.held_on > on:
        message = _("The interview was held on %(on)s or before.") % {"on": on}
        raise Incomplete(message, fields={"held_on": [message]})
    asked.reason, asked.destination, asked.notes = reason, destination.strip(), notes.strip()
    return _told(records.save(asked))


def _told(asked: ExitInterview) -> ExitInterview:
    outbox.record("exit_interview.changed", str(asked), {"company": asked.company.code})
    return asked
