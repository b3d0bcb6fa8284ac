"""What a grant would have given by what is known now, and why that is something else than it gave: a fact was
corrected, a version of the policy was published that governs its day, or both.

What the facts did is told by deciding them again with the versions that were known when the grant was approved; what
differs from that is the doing of the policy.
"""

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
from subsidies.rules.points import POINTS
from subsidies.services.entitled import Entitled, entitled

NOTHING = Decimal(0)


@dataclass(frozen=True)
class Causes:
    """`facts`: what the facts of now give by the versions that the grant was approved by, where that is less than it
    gave. `version`: the name of a version published since that gives less than that, or ""."""

    facts: Entitled | None
    version: str


def due(grant: Grant) -> Entitled:
    """What the grant would have given, by the facts and the policy as they are known now."""
    if grant.granted_on is None:
        raise ValueError(f"{grant} was never approved")
    return entitled(grant.company, grant.point, on=grant.granted_on, without=grant)


def causes(grant: Grant, found: Entitled) -> Causes:
    """Why a grant gives less: `found` is what is due of it now."""
    version, then = _since(grant)
    before = found if then is None else then
    by_facts = before.gives(grant.part)
    return Causes(
        facts=before if by_facts is not None and by_facts < grant.amount else None,
        version=version if then is not None and _is_less(found.gives(grant.part), by_facts) else "",
    )


def _since(grant: Grant) -> tuple[str, Entitled | None]:
    """The version that governs the grant's day now, and what the versions that were known at its approval would give;
    None where that is no other one."""
    if grant.granted_on is None:
        raise ValueError(f"{grant} was never approved")
    known, now = policy.timeline(known_at=grant.decided_at), policy.published_timeline()
    governing = now.deciding(grant.granted_on).version
    if known.starts_on is None or known.deciding(grant.granted_on).version == governing:
        return governing, None
    return governing, entitled(grant.company, grant.point, on=grant.granted_on, without=grant, timeline=known)


def _is_less(now: Decimal | None, then: Decimal | None) -> bool:
    """What is not known any more is less; what is known now, and was not, counts as such too: it would have stood."""
    return now != then and (now is None or then is None or now < then)


def explanation(grant: Grant, found: Entitled) -> str:
    """Why the grant would have given less, in a line: which items count for less or which criteria were not met on its
    day, and which version of the policy it was. In the zone's own language: it is kept with the ledger, whoever reads
    it."""
    with translation.override(settings.LANGUAGE_CODE):
        found_causes = causes(grant, found)
        told = [_by_facts(grant, found_causes.facts)] if found_causes.facts is not None else []
        if found_causes.version:
            told.append(_by_policy(grant, found, found_causes))
        words = {"was": money(grant.amount), "now": money(_amount(grant, found))}
        return " ".join([*told, _("It would have been %(now)s, not %(was)s.") % words])


def _by_facts(grant: Grant, found: Entitled) -> str:
    if found.outcome != Outcome.ELIGIBLE:
        return _unmet(grant, found)
    changed = [row["code"] for row in _rows(grant, found) if row["was"] != row["now"]]
    return _("Corrected: %(items)s.") % {"items": ", ".join(changed) or grant.company.code}


def _by_policy(grant: Grant, found: Entitled, known: Causes) -> str:
    words = {"version": known.version, "day": grant.granted_on}
    told = _("Version %(version)s of the policy, published after the approval, governs %(day)s.") % words
    is_new = known.facts is None or known.facts.outcome == Outcome.ELIGIBLE
    return f"{told} {_unmet(grant, found)}" if found.outcome != Outcome.ELIGIBLE and is_new else told


def _unmet(grant: Grant, found: Entitled) -> str:
    labels = [_(leaf.label) for leaf in POINTS[grant.point].leaves if leaf.key in found.unmet]
    return _("Not met on %(day)s: %(what)s.") % {"day": grant.granted_on, "what": "; ".join(labels)}


def arithmetic(grant: Grant, found: Entitled) -> dict[str, Any]:
    """was, now (yuan as text) of the grant and of each of its items: what a recovery rests on."""
    return {"was": str(grant.amount), "now": str(_amount(grant, found)), "items": _rows(grant, found)}


def _amount(grant: Grant, found: Entitled) -> Decimal:
    return found.gives(grant.part) or NOTHING


def _rows(grant: Grant, found: Entitled) -> list[dict[str, str]]:
    now = {item.code: item.worth or NOTHING for item in found.part(grant.part).items}
    return [
        {"code": str(item.thing), "was": str(item.worth), "now": str(now.get(str(item.thing), NOTHING))}
        for item in grant.items.select_related("expense", "talent", "project")
    ]
