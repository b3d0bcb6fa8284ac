"""Propose what a decision says a company is entitled to, and withdraw a proposal.

The items are those that the decision counted, found again by the same rules. Each is held by one grant at most, and so
is the contract or invoice that a cost names: what the database refuses is looked up once more and named.
"""

import datetime as dt
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.models import User
from core.errors import Conflict, NotAllowed
from subsidies import permissions
from subsidies.choices import GRANTED_POINTS, GrantState, Outcome, Point
from subsidies.gather.selection import chosen
from subsidies.models import Decision, Grant, GrantItem
from subsidies.services.entitled import Entitled, Part, entitled
from subsidies.services.grants import conflicts
from subsidies.services.grants.numbering import next_number, row, thing, unnamed
from subsidies.services.holding import end, given, hold, tell


@transaction.atomic
def propose_grants(*, decision: Decision, on: dt.date, by: User) -> list[Grant]:
    """Propose what `decision`, which must be in force, eligible and known, gives: one grant, or one for each kind of
    voucher. Conflict where the facts say something else today, or where an item is in another grant already."""
    if not permissions.can_propose(by, decision.company):
        raise NotAllowed(_("Officers propose grants, and nobody for his own company."))
    chosen([decision.company_id]).lock()
    decision.refresh_from_db(fields=["superseded_at"])
    _refuse_decision(decision)
    found = entitled(decision.company, decision.point, on=on)
    _refuse_change(decision, found)
    parts = [part for part in found.parts if part.amount and part.items]
    if not parts:
        raise Conflict(_("Nothing is left to be granted: the maximum of the year is used up."), code="nothing_left")
    return [_proposed(decision, part, on, by) for part in parts]


@transaction.atomic
def withdraw_grant(*, grant: Grant, reason: str, by: User) -> Grant:
    """Take a proposal back: its items are free again."""
    if not permissions.can_propose(by, grant.company):
        raise NotAllowed(_("Officers propose grants, and nobody for his own company."))
    why = given(reason)
    held = hold(grant, states=[GrantState.PROPOSED])
    end(held, GrantState.WITHDRAWN, reason=why, by=by)
    return held


def _refuse_decision(decision: Decision) -> None:
    words = {"point": capfirst(str(decision.get_point_display()))}
    if decision.point not in GRANTED_POINTS:
        raise Conflict(_("%(point)s: it is billed by the month, not granted.") % words, code="billed")
    if decision.superseded_at is not None:
        raise Conflict(_("%(point)s: the decision is no longer in force. Look at the new one.") % words, code="changed")
    if decision.outcome != Outcome.ELIGIBLE or decision.amount is None:
        message = _("%(point)s: only a decision that says eligible, with an amount, can be granted.")
        raise Conflict(message % words, code="not_eligible")


def _refuse_change(decision: Decision, found: Entitled) -> None:
    if found.outcome != Outcome.ELIGIBLE or found.amount != decision.amount:
        raise Conflict(
            _("The facts changed since %(point)s was decided. It is decided again in a moment: look at it then.")
            % {"point": decision.get_point_display()},
            code="facts_changed",
        )


def _proposed(decision: Decision, part: Part, on: dt.date, by: User) -> Grant:
    company, point = decision.company, Point(decision.point)
    things = [(item, thing(item)) for item in part.items]
    conflicts.refuse(company, point, part.part, [one for _item, one in things], by)
    grant = Grant(
        number=next_number(on.year), company=company, point=point, part=part.part, decision=decision,
        amount=part.amount or Decimal(0), year=on.year, proposed_by=by, proposed_on=on,
    )  # fmt: skip
    try:
        with transaction.atomic():
            grant.save()
            GrantItem.objects.bulk_create(row(grant, item, one) for item, one in things)
    except IntegrityError as error:
        # Somebody else was faster. He has committed, so that what he holds can be named now.
        conflicts.refuse(company, point, part.part, [one for _item, one in things], by)
        raise unnamed(error) from error
    grant.refresh_from_db(fields=["public_id"])
    tell(grant)
    return grant
