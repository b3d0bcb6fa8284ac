"""Enter and change financing rounds, or declare them void. Told in the outbox as `round.changed`."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from companies.models import Company
from core import outbox, records
from core.errors import Incomplete, NotAllowed
from funding import permissions
from funding.models import Round

SAID = frozenset({"amount", "currency", "investors", "post_money_valuation", "cny_rate"})
Values = Decimal | str | None


@transaction.atomic
def enter_round(*, company: Company, closed_on: dt.date, round: str, by: User, **said: Values) -> Round:  # noqa: A002
    """Put a round on record: the day on which it was closed, its name and, of SAID, what is known. Amounts are in the
    `currency`, of which `cny_rate` says what one unit was worth in yuan."""
    if not permissions.can_enter(by, company):
        raise NotAllowed(_("Owners and editors of the company and officers enter its financing rounds."))
    return _stored(_with(Round(company=company, closed_on=closed_on, round=round.strip()), said))


@transaction.atomic
def change_round(*, round: Round, closed_on: dt.date, by: User, **said: Values) -> Round:  # noqa: A002
    """Correct what was entered about a round; its name and its company stay."""
    held = _held(round, by)
    held.closed_on = closed_on
    return _stored(_with(held, said))


@transaction.atomic
def void_round(*, round: Round, reason: str, by: User) -> Round:  # noqa: A002
    """The round was entered in error: it never was, but stays on record with the reason."""
    held = records.declare_void(_held(round, by), reason)
    _tell(held)
    return held


def _held(round_: Round, by: User) -> Round:
    if not permissions.can_enter(by, round_.company):
        raise NotAllowed(_("Owners and editors of the company and officers change its financing rounds."))
    return records.hold(round_)


def _with(round_: Round, said: dict[str, Any]) -> Round:
    if unknown := sorted(set(said) - SAID):
        raise Incomplete(_("A financing round has no %(names)s.") % {"names": ", ".join(unknown)})
    for name, value in said.items():
        setattr(round_, name, value.strip() if isinstance(value, str) else value)
    return round_


def _stored(round_: Round) -> Round:
    records.save(round_)
    _tell(round_)
    return round_


def _tell(round_: Round) -> None:
    outbox.record("round.changed", str(round_.public_id), {"company": round_.company.code})
