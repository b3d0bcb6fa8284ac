"""Acts on talents: enter one, change what is on record about one, or declare it void.

Each is atomic, names who acts in `by`, and tells of itself in the outbox as `talent.changed`, to each company that the
change is about. NotAllowed, Incomplete and Conflict say why it was refused; then nothing has changed.
"""

import datetime as dt

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from accounts.models import User
from community import permissions
from community.models import Talent
from companies.models import Company
from core import outbox, records
from core.errors import Incomplete, NotAllowed
from core.periods import period


@transaction.atomic
def enter_talent(
    *,
    code: str,
    name: str,
    grade: str = "",
    company: Company | None = None,
    employed_from: dt.date | None = None,
    employed_until: dt.date | None = None,
    by: User,
) -> Talent:
    """Put a talent on record; both days of the employment are included, an unknown or open one is None."""
    _refuse_stranger(permissions.can_enter_talent(by, company))
    employment = _employment(employed_from, employed_until)
    talent = Talent(code=code.strip(), name=name.strip(), grade=grade, company=company, employment=employment)
    return _stored(talent)


@transaction.atomic
def change_talent(
    *,
    talent: Talent,
    name: str,
    grade: str,
    company: Company | None,
    employed_from: dt.date | None,
    employed_until: dt.date | None,
    by: User,
) -> Talent:
    """Change what is on record about a talent; founders do while he is with them, and only officers move him."""
    held = records.hold(talent)
    _refuse_stranger(permissions.can_change_talent(by, held))
    was = held.company
    if company != was and not permissions.can_enter_talent(by, None):
        raise NotAllowed(_("Officers move a talent to another company: enter the last day of the employment instead."))
    held.name, held.grade, held.company = name.strip(), grade, company
    held.employment = _employment(employed_from, employed_until)
    return _stored(held, was)


@transaction.atomic
def void_talent(*, talent: Talent, reason: str, by: User) -> Talent:
    """The talent was entered in error: he counts for no company, but stays on record with the reason."""
    held = records.hold(talent)
    _refuse_stranger(permissions.can_change_talent(by, held))
    records.declare_void(held, reason)
    _tell(held, held.company)
    return held


def _refuse_stranger(allowed: bool) -> None:
    if not allowed:
        raise NotAllowed(_("Owners and editors of the company and officers enter its talents."))


def _employment(first: dt.date | None, last: dt.date | None) -> DateRange | None:
    try:
        return period(first, last)
    except ValueError as error:
        raise Incomplete(str(error), fields={"employed_until": [str(error)]}) from error


def _stored(talent: Talent, was: Company | None = None) -> Talent:
    records.save(talent)
    _tell(talent, *{was, talent.company})
    return talent


def _tell(talent: Talent, *companies: Company | None) -> None:
    """Nobody needs to decide anything for a talent without a company."""
    for company in companies:
        if company is not None:
            outbox.record("talent.changed", talent.code, {"company": company.code})
