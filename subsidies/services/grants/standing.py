"""Whether a proposal is still what is due when it is to be approved; where it is not, whose doing that is.

The facts and the policy may both have changed. What the facts did is told by deciding once more as of the day of the
proposal, by the versions that were known then; what differs from that is the doing of the version that governs now.
"""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from core.errors import Conflict
from core.markup import money
from subsidies import policy
from subsidies.models import Grant
from subsidies.rules.parameters import Timeline
from subsidies.services.causes import due
from subsidies.services.entitled import Part, entitled
from subsidies.services.families import family


@dataclass(frozen=True)
class Found:
    """What would be granted, None for nothing, and whether that is what was proposed."""

    amount: Decimal | None
    is_proposed: bool


def refuse_other(grant: Grant, *, on: dt.date) -> None:
    """Conflict where a proposed grant, decided again as of `on`, is not what was proposed."""
    found = _found(grant, on)
    if found.is_proposed:
        return
    code, message = _refusal(grant, on, found)
    words = {
        "grant": grant.number,
        "amount": money(grant.amount),
        "now": _("nothing") if found.amount is None else money(found.amount),
        "version": policy.published_timeline().deciding(on).version,
        "day": on,
    }
    raise Conflict(message % words, code=code)


def _refusal(grant: Grant, on: dt.date, found: Found) -> tuple[str, str]:
    known, day = policy.timeline(known_at=grant.created_at), _day_of_proposal(grant, on)
    if known.starts_on is not None and known.deciding(day).version != policy.published_timeline().deciding(on).version:
        then = _found(grant, day, known)
        if then.is_proposed:
            return "policy_changed", _(
                "Version %(version)s of the policy governs %(day)s, which did not when %(grant)s was proposed over"
                " %(amount)s: it would be %(now)s now. Refuse it, and have it proposed again."
            )
        if then.amount != found.amount:
            return "facts_changed", _(
                "The facts changed since %(grant)s was proposed over %(amount)s, and version %(version)s of the policy"
                " governs %(day)s, which did not then: it would be %(now)s now. Refuse it, and have it proposed again."
            )
    return "facts_changed", _(
        "The facts changed since %(grant)s was proposed over %(amount)s: it would be %(now)s now. Refuse it, and"
        " have it proposed again."
    )


def _day_of_proposal(grant: Grant, on: dt.date) -> dt.date:
    """As of which day it was proposed; a supplement is of the day of its grant, whenever one looks."""
    return on if grant.supplement_to_id else min(grant.proposed_on, grant.last_day)


def _found(grant: Grant, on: dt.date, timeline: Timeline | None = None) -> Found:
    return _supplement(grant, timeline) if grant.supplement_to_id else _first(grant, on, timeline)


def _first(grant: Grant, on: dt.date, timeline: Timeline | None) -> Found:
    """All that the point gives must be as much as was proposed, and the items of the grant must come to it alone: those
    that it does not hold may be granted otherwise."""
    whole = entitled(grant.company, grant.point, on=on, timeline=timeline).part(grant.part)
    if whole.amount != grant.amount or not _proposed(grant) <= _counted(whole):
        return Found(whole.amount, is_proposed=False)
    alone = entitled(grant.company, grant.point, on=on, without=grant, timeline=timeline).part(grant.part)
    return Found(alone.amount, alone.amount == grant.amount)


def _supplement(grant: Grant, timeline: Timeline | None) -> Found:
    found = due(grant, beside_all=True, timeline=timeline)
    part, amount = found.part(grant.part), family(grant).supplement(found)
    same = (part.amount, amount) == (grant.due_in_all, grant.amount) and _proposed(grant) == _counted(part)
    return Found(amount, same)


def _proposed(grant: Grant) -> set[tuple[str, Decimal | None]]:
    items = grant.items.select_related("expense", "talent", "project")
    return {(str(item.thing), item.worth) for item in items}


def _counted(part: Part) -> set[tuple[str, Decimal | None]]:
    return {(item.code, item.worth) for item in part.items}
