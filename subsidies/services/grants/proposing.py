"""Propose what a decision says a company is entitled to, and withdraw a proposal.

The items are those that the decision counted, found again by the same rules, but for those that a yearly maximum
leaves nothing for: they stay free. Each is held by one grant at most, and so is the contract or invoice that a cost
names: what the database refuses is looked up once more and named.
"""

import datetime as dt
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.models import User
from companies.models import Company
from core.errors import Conflict, NotAllowed
from subsidies import permissions
from subsidies.choices import GRANTED_POINTS, POINTS_OF_COSTS_OF_THE_YEAR, GrantState, Outcome, Point
from subsidies.gather.selection import chosen
from subsidies.models import Decision, Grant, GrantItem
from subsidies.services.assessments import decide_point
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
    return _all_proposed(decision, as_of=on, on=on, by=by)


@transaction.atomic
def propose_late(*, company: Company, point: str, on: dt.date, by: User) -> list[Grant]:
    """Propose what `point` gives for the costs of the year before `on`, on any day of the year after it: decided as of
    that year's last day, by the version in force on it, within that year's maximum and budget. The decision is on
    record, and today's takes its place again. Conflict as `propose_grants`, and for points that count no year's costs.
    """
    if not permissions.can_propose(by, company):
        raise NotAllowed(_("Officers propose grants, and nobody for his own company."))
    if point not in POINTS_OF_COSTS_OF_THE_YEAR:
        message = _("%(point)s: only what counts the costs of a year is proposed for the year before.")
        raise Conflict(message % {"point": capfirst(str(Point(point).label))}, code="not_of_the_year")
    as_of = last_day_of_year_before(on)
    decision = decide_point(company, point, on=as_of)
    made = _all_proposed(decision, as_of=as_of, on=on, by=by)
    decide_point(company, point, on=on)
    return made


def last_day_of_year_before(day: dt.date) -> dt.date:
    """As of which day the costs of the year before are granted: all of its costs and grants are seen on it."""
    return dt.date(day.year - 1, 12, 31)


def _all_proposed(decision: Decision, *, as_of: dt.date, on: dt.date, by: User) -> list[Grant]:
    _refuse_decision(decision)
    found = entitled(decision.company, decision.point, on=as_of)
    _refuse_change(decision, found)
    parts = [part for part in found.parts if part.amount and part.held]
    if not parts:
        raise Conflict(_("Nothing is left to be granted: the maximum of the year is used up."), code="nothing_left")
    return [_proposed(decision, part, as_of.year, on, by) for part in parts]


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


def _proposed(decision: Decision, part: Part, year: int, on: dt.date, by: User) -> Grant:
    company, point = decision.company, Point(decision.point)
    things = [(item, thing(item)) for item in part.held]
    conflicts.refuse(company, point, part.part, [one for _item, one in things], by)
    grant = Grant(
        number=next_number(year), company=company, point=point, part=part.part, decision=decision,
        amount=part.amount or Decimal(0), year=year, proposed_by=by, proposed_on=on,
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
