"""The path of a company through the four stages in words that a page can show: what each asks for, what was seen, what
is missing and how far off it is."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import polars as pl
from django.utils.translation import gettext as _

from companies.choices import CompanyKind
from companies.models import Company
from core.markup import Tone
from subsidies import policy
from subsidies.choices import Outcome
from subsidies.explaining import Criterion, criteria_of
from subsidies.explanations import typed
from subsidies.gather.selection import chosen
from subsidies.gather.stages import evidence
from subsidies.models import PolicyVersion, StageProposal
from subsidies.rules.explain import Explanation, Seen, explain
from subsidies.rules.stages import RANKS, STAGES
from subsidies.rules.stages.evidence import stage_facts
from subsidies.rules.stages.facts import STAGE_FACTS
from subsidies.values import shown

OUTCOME_TONES: dict[str, Tone] = {Outcome.ELIGIBLE: "good", Outcome.NOT_ELIGIBLE: "quiet", Outcome.UNKNOWN: "wait"}


@dataclass(frozen=True)
class Step:
    """One stage: its criteria as they were seen, and the facts that are missing."""

    code: str
    name: str
    clause: str
    outcome: str
    tone: Tone
    criteria: tuple[Criterion, ...]
    missing: tuple[str, ...]
    is_current: bool
    is_next: bool

    @property
    def in_words(self) -> str:
        """The outcome of a stage."""
        return {"good": _("met"), "quiet": _("not met"), "wait": _("not known")}[self.tone]


def path_of(company: Company, *, on: dt.date) -> list[Step]:
    """All four stages by what is on record on the day `on`, in their order; empty where no policy was ever
    published."""
    timeline = policy.timeline()
    if timeline.starts_on is None:
        return []
    parameters = timeline.deciding(on)
    version = PolicyVersion.objects.published().get(effective_from=parameters.effective_from)
    known = evidence(chosen([company.pk]))
    days = pl.DataFrame({"company": [company.pk], "on": [on]}, schema={"company": pl.Int64(), "on": pl.Date()})
    row = stage_facts(known, parameters, days).row(0, named=True)
    found = {code: explain(stage, row, parameters, on, STAGE_FACTS) for code, stage in STAGES.items()}
    return _steps(found, version, company.stage)


def seen_by(proposal: StageProposal) -> list[Step]:
    """The stages as they were seen when the move was proposed; nothing is worked out anew. The proposal comes with its
    version's parameters."""
    parameters = policy.parameter_set(proposal.version)
    row = {name: typed(fact, proposal.facts.get(name)) for name, fact in STAGE_FACTS.items()}
    day = proposal.proposed_for
    found = {code: explain(stage, row, parameters, day, STAGE_FACTS) for code, stage in STAGES.items()}
    return _steps(found, proposal.version, proposal.stage)


def _steps(found: Mapping[str, Explanation], version: PolicyVersion, stage: str) -> list[Step]:
    current = RANKS.get(stage, -1)
    return [
        Step(
            code=code,
            name=policy.words(version, code, "name"),
            clause=policy.words(version, code, "clause"),
            outcome=one.outcome,
            tone=OUTCOME_TONES[one.outcome],
            criteria=tuple(_with_gaps(one, version)),
            missing=tuple(_(fact.label) for fact in one.missing),
            is_current=RANKS[code] == current,
            is_next=RANKS[code] == current + 1,
        )
        for code, one in found.items()
    ]


def _with_gaps(found: Explanation, version: PolicyVersion) -> Iterator[Criterion]:
    """The lines of a stage; those of criteria that are not met say how much is missing."""
    by_key = {leaf.key: leaf for leaf in found.criteria.leaves()}
    for line in criteria_of(found, version):
        leaf = by_key.get(line.key)
        if leaf and leaf.value and [fact.name for fact in leaf.facts] == ["kind"]:
            line = replace(line, seen=str(CompanyKind(leaf.value).label), wanted="")
        yield replace(line, lacks=lacking(leaf)) if leaf else line


def lacking(seen: Seen) -> str:
    """How far a number is from its threshold, in words; "" where the criterion is met or is about no number."""
    value, threshold = seen.value, seen.threshold
    if seen.result is not False or not _is_number(value) or not _is_number(threshold):
        return ""
    unit = seen.unit or (seen.parameters[0].unit if seen.parameters else "")
    if value == threshold:
        return ""  # strictly more, or less, is asked for: by how much, nobody says
    if seen.op in (">=", ">"):
        return _("%(amount)s short") % {"amount": shown(threshold - value, unit)}
    return _("%(amount)s too much") % {"amount": shown(value - threshold, unit)}


def _is_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
