"""A stored decision in words that a page can show: each criterion with what was seen, the arithmetic, what is missing.

The rules explain the facts that the decision kept, with the version that decided it; nothing is decided anew. Numbers
of the rules (fen, 0.01 m², 0.01 points) become what people read.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.markup import NOTHING, Tone, listed, money, number, percent, plain_number
from subsidies import policy
from subsidies.choices import Outcome
from subsidies.models import Decision, PolicyVersion
from subsidies.rules.explain import Advice, Explanation, Group, Seen, Step, explain
from subsidies.rules.facts import FACTS, Fact, Supplier, seen_by
from subsidies.rules.nearest import By
from subsidies.rules.parameters import Parameter, Provenance
from subsidies.rules.points import POINTS

TONES: dict[str, Tone] = {Outcome.ELIGIBLE: "good", Outcome.NOT_ELIGIBLE: "quiet", Outcome.UNKNOWN: "wait"}
RESULT_TONES: dict[bool | None, Tone] = {True: "good", False: "bad", None: "wait"}
SUPPLIERS = {
    Supplier.FOUNDER: gettext_lazy("the company"),
    Supplier.ZONE: gettext_lazy("the zone"),
    Supplier.PANEL: gettext_lazy("the panel of experts"),
}
PERIODS = {
    "once": gettext_lazy("once"),
    "month": gettext_lazy("for the month"),
    "year": gettext_lazy("for the year"),
}


@dataclass(frozen=True)
class Number:
    """A parameter that a criterion or a step rests on."""

    name: str
    value: str
    provenance: str
    source: str

    @property
    def is_assumed(self) -> bool:
        return self.provenance == Provenance.ASSUMED


@dataclass(frozen=True)
class Criterion:
    """One line of the reasons. `depth` is 1 inside a group of which one is enough; such a group has a line itself."""

    label: str
    tone: Tone
    seen: str
    wanted: str
    clause: str
    numbers: tuple[Number, ...]
    depth: int = 0


@dataclass(frozen=True)
class Gap:
    """A fact that nobody has told, and who can."""

    label: str
    supplier: str
    is_own: bool
    is_held: bool


@dataclass(frozen=True)
class Sum:
    """One step of the arithmetic."""

    label: str
    value: str
    numbers: tuple[Number, ...]


@dataclass(frozen=True)
class Account:
    """One point of the policy for one company, as it is shown. Templates read it and decide nothing."""

    decision: Decision
    name: str
    clause: str
    tone: Tone
    period: str
    criteria: tuple[Criterion, ...]
    steps: tuple[Sum, ...]
    gaps: tuple[Gap, ...]
    advice: tuple[str, ...]
    is_hopeless: bool

    @property
    def point(self) -> str:
        return str(self.decision.point)

    @property
    def in_short(self) -> str:
        """What stands in the way, in one line: the facts that are missing, else the criteria that are not met."""
        if self.decision.outcome == Outcome.UNKNOWN:
            return _("Missing: %(facts)s") % {"facts": listed(gap.label for gap in self.gaps)}
        unmet = [criterion.label for criterion in self.criteria if criterion.tone == "bad"]
        if self.decision.outcome == Outcome.NOT_ELIGIBLE and unmet:
            return _("Not met: %(criteria)s") % {"criteria": listed(unmet)}
        return ""

    @property
    def rests_on_assumptions(self) -> bool:
        parts: tuple[Criterion | Sum, ...] = (*self.criteria, *self.steps)
        return any(number.is_assumed for part in parts for number in part.numbers)


def accounts(decisions: Iterable[Decision]) -> list[Account]:
    """The decisions of one company in the order of the policy. `decisions` come with their versions' parameters."""
    by_point = {decision.point: decision for decision in decisions}
    return [account(by_point[code]) for code in POINTS if code in by_point]


def account(decision: Decision) -> Account:
    point, version = POINTS[decision.point], decision.version
    found = explain(point, facts_of(decision), policy.parameter_set(version), decision.decided_for)
    return Account(
        decision=decision,
        name=policy.words(version, point.code, "name"),
        clause=policy.words(version, point.code, "clause"),
        tone=TONES[decision.outcome],
        period=str(PERIODS[point.per]),
        criteria=tuple(_criteria(found, version)),
        steps=tuple(_sum(step) for step in found.steps) if decision.amount is not None else (),
        gaps=tuple(_gap(fact) for fact in found.missing),
        advice=tuple(_advice(advice, found) for advice in found.nearest or ()),
        is_hopeless=found.nearest is None,
    )


def facts_of(decision: Decision) -> dict[str, Any]:
    """The facts that the decision kept, in the types of the rules; one that it did not know is None."""
    names = seen_by(POINTS[decision.point].facts)
    return {name: _typed(FACTS[name], decision.facts.get(name)) for name in names}


def _typed(fact: Fact, value: Any) -> Any:
    is_day = isinstance(value, str) and str(fact.dtype) == "Date"
    return dt.date.fromisoformat(value) if is_day else value


def _criteria(found: Explanation, version: PolicyVersion) -> Iterator[Criterion]:
    yield from _lines(found.criteria, found, version, depth=0)


def _lines(node: Seen | Group, found: Explanation, version: PolicyVersion, depth: int) -> Iterator[Criterion]:
    if isinstance(node, Seen):
        yield _line(node, found, version, depth)
        return
    inner = depth
    if node.kind == "any":
        yield Criterion(_("One of these is enough"), RESULT_TONES[node.result], "", "", "", (), depth)
        inner = depth + 1
    for part in node.parts:
        yield from _lines(part, found, version, inner)


def _line(seen: Seen, found: Explanation, version: PolicyVersion, depth: int) -> Criterion:
    unit = seen.unit or (seen.parameters[0].unit if seen.parameters else "")
    clause = seen.clause if seen.clause != found.point else ""
    return Criterion(
        label=_(seen.label),
        tone=RESULT_TONES[seen.result],
        seen=shown(seen.value, unit) if seen.value is not None else _("not known"),
        wanted=_wanted(seen, unit),
        clause=policy.words(version, clause, "name") if clause else "",
        numbers=_numbers(seen.parameters),
        depth=depth,
    )


def _wanted(seen: Seen, unit: str) -> str:
    """What was asked for, "" where it is a mere yes."""
    if isinstance(seen.threshold, bool) or seen.threshold is None:
        return ""
    value = shown(seen.threshold, unit)
    is_day = isinstance(seen.threshold, dt.date)
    words = {
        ">=": _("on or after %(value)s") if is_day else _("at least %(value)s"),
        "<=": _("on or before %(value)s") if is_day else _("at most %(value)s"),
        ">": _("after %(value)s") if is_day else _("more than %(value)s"),
        "<": _("before %(value)s") if is_day else _("less than %(value)s"),
        "==": _("exactly %(value)s"),
        "!=": _("not %(value)s"),
        "in": _("one of %(value)s"),
    }
    return words[seen.op] % {"value": value}


def shown(value: Any, unit: str = "") -> str:
    """A value of the rules as people read it; `unit` is that of the fact or parameter."""
    if value is None:
        return NOTHING
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, tuple):
        return listed(value)
    if isinstance(value, int) and unit in ("CNY", "m2", "score"):
        return _in_unit(Decimal(value) / 100, unit)
    return str(value)


def _in_unit(value: Decimal, unit: str) -> str:
    if unit == "CNY":
        return money(value)
    return _("%(area)s m²") % {"area": number(value, 2)} if unit == "m2" else f"{value.normalize():f}"


def _numbers(parameters: Iterable[Parameter]) -> tuple[Number, ...]:
    return tuple(Number(p.name, value_of(p), str(p.provenance), p.source) for p in parameters)


def value_of(parameter: Parameter) -> str:
    """A parameter's value with its unit; of a series the last one."""
    value = parameter.steps[-1].value if isinstance(parameter.value, tuple) else parameter.value
    if parameter.unit == "CNY":
        return money(value)
    if parameter.unit == "%":
        return percent(value / 100)
    units = {
        "m2": _("%(number)s m²"),
        "USD": _("US$ %(number)s"),
        "months": _("%(number)s months"),
        "years": _("%(number)s years"),
        "projects": _("%(number)s projects"),
        "reports": _("%(number)s reports"),
        "score": _("%(number)s points"),
    }
    return units[parameter.unit] % {"number": plain_number(value)}


def _sum(step: Step) -> Sum:
    return Sum(_(step.label), shown(step.value, "CNY"), _numbers(step.parameters))


def _gap(fact: Fact) -> Gap:
    return Gap(_(fact.label), str(SUPPLIERS[fact.supplier]), fact.supplier == Supplier.FOUNDER, fact.held)


def _advice(advice: Advice, found: Explanation) -> str:
    what: Mapping[str, Any] = {"criterion": _(advice.label), "day": advice.day}
    if advice.by is By.TIME:
        return _("%(criterion)s: from %(day)s on, by itself") % what if advice.day else str(what["criterion"])
    if advice.by is By.SUPPLY:
        (seen,) = [leaf for leaf in found.criteria.leaves() if leaf.key == advice.key]
        facts = listed(_(fact.label) for fact in seen.facts)
        return _("%(criterion)s: tell the zone what is missing (%(facts)s)") % {**what, "facts": facts}
    if advice.by is By.FOUNDER:
        return _("%(criterion)s: the company can bring it about") % what
    return _("%(criterion)s: others decide it") % what
