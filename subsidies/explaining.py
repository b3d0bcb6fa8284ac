"""A stored decision in words that a page can show: each criterion with what was seen, the arithmetic, what is missing.

The rules explain the facts that the decision kept, with the version that decided it; nothing is decided anew. Numbers
of the rules (fen, 0.01 m², 0.01 points) become what people read.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from companies.models import Company
from core.markup import Tone, listed
from subsidies import permissions, policy
from subsidies.choices import Outcome
from subsidies.explanations import explained
from subsidies.gather.claims import Claim, claims
from subsidies.gather.origins import origins, people
from subsidies.models import Decision, Grant, PolicyVersion
from subsidies.outlooks import Outlook
from subsidies.prospects import NONE, Prospect, prospects
from subsidies.rules.explain import Explanation, Group, Seen, Step
from subsidies.rules.facts import Fact, Supplier
from subsidies.rules.parameters import Parameter, Provenance
from subsidies.rules.points import POINTS
from subsidies.values import between, shown, value_of
from subsidies.wording import PERIODS, Reader, source

TONES: dict[str, Tone] = {Outcome.ELIGIBLE: "good", Outcome.NOT_ELIGIBLE: "quiet", Outcome.UNKNOWN: "wait"}
RESULT_TONES: dict[bool | None, Tone] = {True: "good", False: "bad", None: "wait"}
SUPPLIERS = {
    Supplier.FOUNDER: gettext_lazy("the company"),
    Supplier.ZONE: gettext_lazy("the zone"),
    Supplier.PANEL: gettext_lazy("the panel of experts"),
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
    """One line of the reasons. `depth` is 1 inside a group of which one is enough; such a group has a line itself.
    `key` is the criterion's, `lacks` says how far off it is, where that is told."""

    label: str
    tone: Tone
    seen: str
    wanted: str
    clause: str
    numbers: tuple[Number, ...]
    depth: int = 0
    sources: tuple[str, ...] = ()
    key: str = ""
    lacks: str = ""

    @property
    def has_more(self) -> bool:
        """Whether there is something to unfold: numbers of the policy, another clause, who said so."""
        return bool(self.seen and (self.numbers or self.sources or self.clause))


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
    """One point of the policy for one company, as it is shown. Templates read it and decide nothing. `supplements`: of
    what was granted, supplements, and grants that more is due for."""

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
    bounds: str
    brings: str
    ends: str
    follows: tuple[str, ...]
    supplements: tuple[Grant, ...] = ()
    claims: tuple[Claim, ...] = ()

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


@dataclass(frozen=True)
class Background:
    """What is known beside the decisions on the day `on`: prospects by point, and where facts come from, in words."""

    on: dt.date
    prospects: Mapping[str, Prospect] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)
    supplements: tuple[Grant, ...] = ()
    claims: Mapping[str, list[Claim]] = field(default_factory=dict)


def accounts(
    decisions: Iterable[Decision], *, on: dt.date, held: Mapping[str, list[Claim]] | None = None
) -> list[Account]:
    """The decisions of one company in the order of the policy. `decisions` come with their versions' parameters; `held`
    are the `claims` on what they look at, where these are to be shown."""
    background = Background(on, claims=held or {})
    return [_account(decision, explained(decision), background) for decision in _in_order(decisions)]


def full_accounts(company: Company, decisions: Iterable[Decision], *, user: User, on: dt.date) -> list[Account]:
    """The same with all that may become of them and where their facts come from, as `user` may read it. A fixed number
    of queries."""
    ordered = _in_order(decisions)
    found = [explained(decision) for decision in ordered]
    known = origins(company)
    names = people(company, known.values(), is_staff=user.is_staff_member)
    reader = Reader(user.is_staff_member, names)
    sources = {name: source(origin, reader) for name, origin in known.items()}
    background = Background(on, prospects(company, found, on=on), sources, _supplements(company, user), claims(company))
    return [_account(decision, one, background) for decision, one in zip(ordered, found, strict=True)]


def _supplements(company: Company, user: User) -> tuple[Grant, ...]:
    """The supplements that a company was given or is to be given, and the grants that more is due for; nothing for
    staff who have nothing to do with money."""
    if user.is_staff_member and not permissions.can_see_statements(user):
        return ()
    own = Grant.objects.visible_to(user).filter(company=company).holding()
    corrected = own.filter(Q(supplement_to__isnull=False) | Q(more_due__gt=0))
    return tuple(corrected.select_related("supplement_to").order_by("pk"))


def _in_order(decisions: Iterable[Decision]) -> list[Decision]:
    by_point = {decision.point: decision for decision in decisions}
    return [by_point[code] for code in POINTS if code in by_point]


def _account(decision: Decision, found: Explanation, background: Background) -> Account:
    point, version = POINTS[decision.point], decision.version
    prospect = background.prospects.get(point.code, NONE)
    outlook = Outlook.of(found, prospect, policy.parameter_set(version), background.on)
    is_open = decision.amount is None and decision.outcome != Outcome.NOT_ELIGIBLE
    return Account(
        decision=decision,
        name=policy.words(version, point.code, "name"),
        clause=policy.words(version, point.code, "clause"),
        tone=TONES[decision.outcome],
        period=str(PERIODS[point.per]),
        criteria=tuple(_lines(found.criteria, _Page(found, version, background.sources), depth=0)),
        steps=tuple(_sum(step) for step in found.steps) if decision.amount is not None else (),
        gaps=tuple(_gap(fact) for fact in found.missing),
        advice=outlook.advice,
        is_hopeless=found.nearest is None,
        bounds=between(found.least_fen, found.most_fen) if is_open else "",
        brings=outlook.brings,
        ends=outlook.ends,
        follows=outlook.follows,
        supplements=tuple(grant for grant in background.supplements if grant.point == point.code),
        claims=tuple(claim for claim in background.claims.get(point.code, ()) if claim.matters(decision.decided_for)),
    )


def criteria_of(found: Explanation, version: PolicyVersion) -> tuple[Criterion, ...]:
    """The criteria of anything that the rules explain, one line each."""
    return tuple(_lines(found.criteria, _Page(found, version, {}), depth=0))


@dataclass(frozen=True)
class _Page:
    """What every line of one account rests on."""

    found: Explanation
    version: PolicyVersion
    sources: Mapping[str, str]


def _lines(node: Seen | Group, page: _Page, depth: int) -> Iterator[Criterion]:
    if isinstance(node, Seen):
        yield _line(node, page, depth)
        return
    inner = depth
    if node.kind == "any":
        yield Criterion(_("One of these is enough"), RESULT_TONES[node.result], "", "", "", (), depth)
        inner = depth + 1
    for part in node.parts:
        yield from _lines(part, page, inner)


def _line(seen: Seen, page: _Page, depth: int) -> Criterion:
    unit = seen.unit or (seen.parameters[0].unit if seen.parameters else "")
    clause = seen.clause if seen.clause != page.found.point else ""
    is_known = seen.value is not None
    said = (page.sources[fact.name] for fact in seen.facts if fact.name in page.sources)
    return Criterion(
        label=_(seen.label),
        tone=RESULT_TONES[seen.result],
        seen=shown(seen.value, unit) if is_known else _("not known"),
        wanted=wanted(seen, unit),
        clause=policy.words(page.version, clause, "name") if clause else "",
        numbers=_numbers(seen.parameters),
        depth=depth,
        sources=tuple(dict.fromkeys(said)) if is_known else (),
        key=seen.key,
    )


def wanted(seen: Seen, unit: str) -> str:
    """What was asked for in words, "" where it is a mere yes."""
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


def _numbers(parameters: Iterable[Parameter]) -> tuple[Number, ...]:
    return tuple(Number(p.name, value_of(p), str(p.provenance), p.source) for p in parameters)


def _sum(step: Step) -> Sum:
    return Sum(_(step.label), shown(step.value, "CNY"), _numbers(step.parameters))


def _gap(fact: Fact) -> Gap:
    return Gap(_(fact.label), str(SUPPLIERS[fact.supplier]), fact.supplier == Supplier.FOUNDER, fact.held)
