"""What a grant would have given by what is known now, and why that is something else than it gave: a fact was
corrected, a version of the policy was published that governs its day, or both.

What the facts did is told by deciding them again with the versions that were known when the grant was approved; what
differs from that is the doing of the policy.
"""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from core.markup import money
from subsidies import policy
from subsidies.choices import Outcome
from subsidies.models import Grant
from subsidies.rules.parameters import Timeline
from subsidies.rules.points import POINTS
from subsidies.services.entitled import Entitled, entitled

NOTHING = Decimal(0)


@dataclass(frozen=True)
class Causes:
    """`facts`: what the facts of now give by the versions that the grant was approved by, where that is less than it
    gave. `version`: the name of a version published since that gives less than that, or ""."""

    facts: Entitled | None
    version: str


def due(grant: Grant, *, beside_all: bool = False, timeline: Timeline | None = None) -> Entitled:
    """What the grant and its supplements would have given, by the facts as they are known now, and by the policy as it
    is or the versions of `timeline`. With `beside_all`: and what they may be raised to beside all else that was granted
    in the year."""
    day = day_of(grant)
    company = grant.company.standing  # on whose facts it rests, also after a merge
    return entitled(company, grant.point, on=day, without=grant.first, beside_all=beside_all, timeline=timeline)


def day_of(grant: Grant) -> dt.date:
    """The day as of which it was granted, or will be: of a supplement the day of the grant that it supplements."""
    if grant.first.granted_on is None:
        raise ValueError(f"{grant} was never approved")
    return grant.first.granted_on


def why_less(grant: Grant, found: Entitled) -> Causes:
    """Why less is due than was granted: `found` is what is due now, `grant` the last one that was granted of its
    items."""
    version, then = _since(grant)
    before = found if then is None else then
    by_facts = before.gives(grant.part)
    return Causes(
        facts=before if by_facts is not None and by_facts < grant.in_all else None,
        version=version if then is not None and _is_less(found.gives(grant.part), by_facts) else "",
    )


def _why_more(grant: Grant, found: Entitled) -> Causes:
    version, then = _since(grant, beside_all=True)
    before = found if then is None else then
    by_facts = before.gives(grant.part)
    return Causes(
        facts=before if by_facts is not None and by_facts > grant.in_all else None,
        version=version if then is not None and (by_facts is None or by_facts < _amount(grant, found)) else "",
    )


def _since(grant: Grant, *, beside_all: bool = False) -> tuple[str, Entitled | None]:
    """The version that governs the grant's day now, and what the versions that were known at its approval would give;
    None where that is no other one."""
    day, known = day_of(grant), policy.timeline(known_at=grant.decided_at)
    governing = policy.published_timeline().deciding(day).version
    if known.starts_on is None or known.deciding(day).version == governing:
        return governing, None
    return governing, due(grant, beside_all=beside_all, timeline=known)


def _is_less(now: Decimal | None, then: Decimal | None) -> bool:
    """What is not known any more is less; what is known now, and was not, counts as such too: it would have stood."""
    return now != then and (now is None or then is None or now < then)


def explanation(grant: Grant, found: Entitled) -> str:
    """Why less would have been given, in a line: which items count for less or which criteria were not met on its day,
    and which version of the policy it was. In the zone's own language: it is kept with the ledger, whoever reads it."""
    with translation.override(settings.LANGUAGE_CODE):
        words = {"was": money(grant.in_all), "now": money(_amount(grant, found))}
        told = _told(grant, found, why_less(grant, found))
        return " ".join([*told, _("It would have been %(now)s, not %(was)s.") % words])


def correction(grant: Grant, found: Entitled, *, given: Decimal) -> str:
    """Why more is due than what was `given`, likewise. `grant` is the last one that was granted of the items."""
    with translation.override(settings.LANGUAGE_CODE):
        words = {"now": money(_amount(grant, found)), "given": money(given), "day": day_of(grant)}
        told = _told(grant, found, _why_more(grant, found)) or [
            _("What was taken off for a correction is due after all.")
        ]
        in_all = _("As of %(day)s, %(now)s are due for it in all, and %(given)s were granted.") % words
        return " ".join([*told, in_all])


def _told(grant: Grant, found: Entitled, known: Causes) -> list[str]:
    told = [_by_facts(grant, known.facts)] if known.facts is not None else []
    return [*told, _by_policy(grant, found, known)] if known.version else told


def _by_facts(grant: Grant, found: Entitled) -> str:
    if found.outcome != Outcome.ELIGIBLE:
        return _unmet(grant, found)
    changed = [row["code"] for row in _rows(grant, found) if row["was"] != row["now"]]
    return _("Corrected: %(items)s.") % {"items": ", ".join(changed) or grant.company.code}


def _by_policy(grant: Grant, found: Entitled, known: Causes) -> str:
    words = {"version": known.version, "day": day_of(grant)}
    told = _("Version %(version)s of the policy, published after the approval, governs %(day)s.") % words
    is_new = known.facts is None or known.facts.outcome == Outcome.ELIGIBLE
    return f"{told} {_unmet(grant, found)}" if found.outcome != Outcome.ELIGIBLE and is_new else told


def _unmet(grant: Grant, found: Entitled) -> str:
    labels = [_(leaf.label) for leaf in POINTS[grant.point].leaves if leaf.key in found.unmet]
    return _("Not met on %(day)s: %(what)s.") % {"day": day_of(grant), "what": "; ".join(labels)}


def arithmetic(grant: Grant, found: Entitled) -> dict[str, Any]:
    """was, now (yuan as text) of what is due in all and of each of the items: what a recovery rests on."""
    return {"was": str(grant.in_all), "now": str(_amount(grant, found)), "items": _rows(grant, found)}


def _amount(grant: Grant, found: Entitled) -> Decimal:
    return found.gives(grant.part) or NOTHING


def _rows(grant: Grant, found: Entitled) -> list[dict[str, str]]:
    now = {item.code: item.worth or NOTHING for item in found.part(grant.part).items}
    return [
        {"code": str(item.thing), "was": str(item.worth), "now": str(now.get(str(item.thing), NOTHING))}
        for item in grant.items.select_related("expense", "talent", "project")
    ]
