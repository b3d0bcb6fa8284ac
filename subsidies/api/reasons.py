"""A decision with its reasons as plain values for the API: criteria, arithmetic, what is missing, what would change it.

Numbers of the rules become text in their unit. People have no names here: who entered a fact is the company, the zone
or a file.
"""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from core.money import to_yuan
from subsidies.explanations import explained
from subsidies.gather.claims import Claim, claims
from subsidies.gather.origins import Origin, origins, people
from subsidies.models import Decision
from subsidies.prospects import NONE, Prospect, prospects
from subsidies.rules.aftermath import Aftermath
from subsidies.rules.explain import Advice, Explanation, Group, Seen, Step
from subsidies.rules.facts import Fact
from subsidies.rules.nearest import By
from subsidies.rules.parameters import Parameter
from subsidies.wording import IMPORT, in_whose_hands

IN_HUNDREDTHS = frozenset({"CNY", "m2", "score"})


@dataclass(frozen=True)
class Reasons:
    """What the serializer reads. Prospects, origins and claims are those of this moment: a superseded decision has
    none."""

    decision: Decision
    found: Explanation
    prospect: Prospect
    origins: Mapping[str, Origin]
    colleagues: Collection[int]
    claims: Sequence[Claim] = ()

    @property
    def amount_low(self) -> str | None:
        return None if self.decision.outcome == "not_eligible" else yuan(self.found.least_fen)

    @property
    def amount_high(self) -> str | None:
        return None if self.decision.outcome == "not_eligible" else yuan(self.found.most_fen)

    @property
    def criteria(self) -> list[dict[str, Any]]:
        return list(self._criteria(self.found.criteria, ""))

    @property
    def steps(self) -> list[dict[str, Any]]:
        return [_step(step) for step in self.found.steps]

    @property
    def missing(self) -> list[dict[str, Any]]:
        return [_fact(fact) for fact in self.found.missing]

    @property
    def nearest(self) -> dict[str, Any] | None:
        """None where nothing would make it a yes."""
        if self.found.nearest is None:
            return None
        gain = self.prospect.gain
        brings = gain and {"low": yuan(gain.low), "high": yuan(gain.high), "on": gain.on.isoformat()}
        return {"changes": [_change(advice) for advice in self.found.nearest], "brings": brings}

    @property
    def held(self) -> list[dict[str, Any]]:
        """What of the company's costs, contracts, talents and projects is in a grant already."""
        return [_claim(claim) for claim in self.claims if claim.matters(self.decision.decided_for)]

    @property
    def ends(self) -> dict[str, Any] | None:
        end = self.prospect.end
        if end is None:
            return None
        outcome = "unknown" if end.is_unknown else "not_eligible"
        return {
            "day": end.day.isoformat(),
            "outcome": outcome,
            "criteria": [leaf.key for leaf in end.criteria],
            "after": self.prospect.after and _after(self.prospect.after),
        }

    def _criteria(self, node: Seen | Group, path: str) -> Iterator[dict[str, Any]]:
        if isinstance(node, Group):
            inside = f"{path}.{node.kind}" if path else node.kind
            for place, part in enumerate(node.parts):
                yield from self._criteria(part, f"{inside}.{place}")
            return
        unit = node.unit or (node.parameters[0].unit if node.parameters else "")
        yield {
            "key": node.key,
            "path": path,
            "label": _(node.label),
            "result": node.result,
            "value": plain(node.value, unit),
            "op": node.op,
            "threshold": plain(node.threshold, unit),
            "unit": unit or None,
            "clause": node.clause,
            "parameters": [_parameter(parameter) for parameter in node.parameters],
            "facts": [self._sourced(fact) for fact in node.facts],
        }

    def _sourced(self, fact: Fact) -> dict[str, Any]:
        origin = self.origins.get(fact.name)
        entered = origin and {
            "register": origin.register,
            "at": origin.at.isoformat(),
            "by": "file"
            if origin.actor.startswith(IMPORT)
            else "company"
            if origin.user in self.colleagues
            else "zone",
        }
        return {**_fact(fact), "entered": entered}


def reasons(decision: Decision, *, on: dt.date) -> Reasons:
    """The reasons for a decision that comes with its company and its version's parameters, as of the day `on`. A fixed
    number of queries."""
    found = explained(decision)
    if decision.superseded_at is not None:
        return Reasons(decision, found, NONE, {}, ())
    known = origins(decision.company)
    colleagues = people(decision.company, known.values(), is_staff=False)
    prospect = prospects(decision.company, [found], on=on).get(found.point, NONE)
    held = claims(decision.company).get(found.point, [])
    return Reasons(decision, found, prospect, known, colleagues, held)


def yuan(fen: int | None) -> str | None:
    return None if fen is None else str(to_yuan(fen))


def plain(value: Any, unit: str) -> Any:
    """A value of the rules as JSON: text with two decimals in yuan, m² and points, days as text, the rest as it is."""
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, int) and not isinstance(value, bool) and unit in IN_HUNDREDTHS:
        return str((Decimal(value) / 100).quantize(Decimal("0.01")))
    return value


def _fact(fact: Fact) -> dict[str, Any]:
    return {"name": fact.name, "label": _(fact.label), "supplier": str(fact.supplier)}


def _parameter(parameter: Parameter) -> dict[str, Any]:
    value = parameter.steps[-1].value if isinstance(parameter.value, tuple) else parameter.value
    return {
        "name": parameter.name,
        "value": str(value),
        "unit": parameter.unit,
        "provenance": str(parameter.provenance),
        "source": parameter.source,
    }


def _step(step: Step) -> dict[str, Any]:
    return {
        "label": _(step.label),
        "kind": step.kind,
        "inputs": [yuan(fen) for fen in step.inputs],
        "parameters": [_parameter(parameter) for parameter in step.parameters],
        "value": yuan(step.value),
    }


def _after(after: Aftermath) -> dict[str, Any]:
    return {
        "month": after.month,
        "borne": yuan(after.borne),
        "before": yuan(after.before),
        "eligible": list(after.eligible),
        "unknown": list(after.unknown),
    }


def _claim(claim: Claim) -> dict[str, Any]:
    return {
        "kind": claim.kind,
        "item": claim.item,
        "contract": claim.contract or None,
        "grant": claim.grant and claim.grant.number,
        "point": claim.grant and claim.grant.point,
        "state": claim.grant and claim.grant.state,
    }


def _change(advice: Advice) -> dict[str, Any]:
    by = str(advice.by) if advice.by in (By.TIME, By.SUPPLY) else str(in_whose_hands(advice))
    return {
        "criterion": advice.key,
        "label": _(advice.label),
        "by": by,
        "day": advice.day and advice.day.isoformat(),
        "facts": [_fact(fact) for fact in advice.facts],
    }
