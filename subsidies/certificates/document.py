"""The certificate of a decision that is stored.

The facts and the version that the decision kept are explained by the rules, as they decided it; the seal is reckoned
again. Words are in the language that is active.
"""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from polars.exceptions import PolarsError

from core.markup import html_lang
from core.money import to_fen
from subsidies import policy, seals
from subsidies.certificates.codes import code_of
from subsidies.certificates.parts import (
    FORMAT,
    Certificate,
    Clause,
    Company,
    CriterionSeen,
    FactSeen,
    Missing,
    Number,
    Seal,
    Standing,
    StepTaken,
    Version,
)
from subsidies.choices import Outcome
from subsidies.explaining import SUPPLIERS, wanted
from subsidies.explanations import facts_of
from subsidies.models import Decision, PolicyVersion
from subsidies.rules.errors import RuleError
from subsidies.rules.evaluate import LETTERS
from subsidies.rules.explain import Explanation, Group, Seen, Step, explain
from subsidies.rules.facts import FACTS, Fact, seen_by
from subsidies.rules.parameters import Parameter
from subsidies.rules.points import POINTS
from subsidies.values import shown, value_of

ADDRESS = "subsidies:certificate"
CHECK = "subsidies:check"


def certificate(decision: Decision) -> Certificate:
    """The certificate of a decision that came with its company, its version and the version's parameters.

    Two more queries: the decisions before and after it.
    """
    point, version = POINTS[decision.point], decision.version
    found = _explained(decision)
    previous = _beside(decision).filter(pk__lt=decision.pk).order_by("-pk").only("seal").first()
    sealed = sealed_by(decision, bytes(previous.seal) if previous else None)
    code = code_of(decision.public_id, bytes(decision.seal))
    criteria = tuple(_criteria(found.criteria, depth=0)) if found else ()
    return Certificate(
        format=FORMAT,
        language=html_lang(get_language() or "en"),
        id=str(decision.public_id),
        address=_absolute(ADDRESS, str(decision.public_id)),
        check_code=code,
        check_address=_absolute(CHECK, code),
        company=Company(decision.company_code, decision.company.name, decision.company.name_zh),
        point=_clause(version, point.code),
        version=Version(version.policy, version.version, version.effective_from, policy.digest_of(version)),
        decided_for=decision.decided_for,
        decided_at=decision.decided_at,
        standing=standing(decision),
        outcome=decision.outcome,
        amount=decision.amount,
        currency="CNY",
        per=str(point.per),
        facts=tuple(_fact(FACTS[name], decision.facts.get(name)) for name in seen_by(point.facts)),
        criteria=criteria,
        clauses=tuple(_clause(version, code) for code in dict.fromkeys(c.clause for c in criteria if c.clause)),
        steps=tuple(_step(step) for step in found.steps) if found and decision.amount is not None else (),
        unmet=tuple(key for key in decision.unmet.split(";") if key),
        missing=tuple(Missing(f.name, _(f.label), str(SUPPLIERS[f.supplier])) for f in found.missing) if found else (),
        seal=sealed,
        matches=is_sealed(decision, sealed) and found is not None and _comes_out_the_same(decision, found),
    )


def _explained(decision: Decision) -> Explanation | None:
    """None where the kept facts are none that the rules can take: somebody changed them, or the rules."""
    point, parameters = POINTS[decision.point], policy.parameter_set(decision.version)
    try:
        return explain(point, facts_of(decision), parameters, decision.decided_for)
    except (RuleError, PolarsError, TypeError, ValueError):
        return None


def _beside(decision: Decision) -> Any:
    return Decision.objects.filter(company=decision.company_id, point=decision.point)


def _absolute(route: str, argument: str) -> str:
    return f"{settings.BASE_URL}{reverse(route, args=[argument])}"


def standing(decision: Decision) -> Standing:
    """Whether it still stands; one query where it does not."""
    if decision.superseded_at is None:
        return Standing(in_force=True, superseded_at=None, superseded_by=None)
    later = _beside(decision).filter(pk__gt=decision.pk).order_by("pk").values_list("public_id", flat=True).first()
    return Standing(in_force=False, superseded_at=decision.superseded_at, superseded_by=str(later) if later else None)


def sealed_by(decision: Decision, previous: bytes | None) -> Seal:
    """The seal as it is stored, with what it must be the digest of."""
    version = decision.version
    text = seals.content(
        company=decision.company_code,
        point=decision.point,
        version=version.version,
        version_digest=policy.digest_of(version),
        day=decision.decided_for,
        decided_at=decision.decided_at,
        outcome=decision.outcome,
        amount=None if decision.amount is None else str(decision.amount),
        criteria=decision.criteria,
        facts=decision.facts,
        unmet=decision.unmet,
        missing=decision.missing,
    )
    return Seal(seals.ALGORITHM, previous.hex() if previous else None, text, bytes(decision.seal).hex())


def is_sealed(decision: Decision, sealed: Seal) -> bool:
    """Whether the stored seal is the digest of what the record says now."""
    previous = bytes.fromhex(sealed.previous) if sealed.previous else None
    return seals.seal(sealed.content, previous) == bytes(decision.seal)


def _comes_out_the_same(decision: Decision, found: Explanation) -> bool:
    stored = None if decision.amount is None else to_fen(decision.amount)
    granted = found.amount_fen if found.outcome.value == Outcome.ELIGIBLE else None
    return (found.outcome, granted, _letters(found), ";".join(found.unmet), _names(found)) == (
        decision.outcome, stored, decision.criteria, decision.unmet, decision.missing,
    )  # fmt: skip


def _letters(found: Explanation) -> str:
    return "".join(LETTERS[leaf.result] for leaf in found.criteria.leaves())


def _names(found: Explanation) -> str:
    return ";".join(fact.name for fact in found.missing)


def _clause(version: PolicyVersion, code: str) -> Clause:
    return Clause(code, policy.words(version, code, "name"), policy.words(version, code, "clause"))


def _fact(fact: Fact, value: Any) -> FactSeen:
    """`value` as it was kept: a day is text."""
    told = shown(value, fact.unit) if value is not None else _("not known")
    return FactSeen(fact.name, _(fact.label), _exact(value, fact.unit), fact.unit, told)


def _exact(value: Any, unit: str) -> str | None:
    """A value of the rules as text that a machine reads; None where it is not known."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return ";".join(str(part) for part in value)
    if isinstance(value, int) and unit in ("CNY", "m2", "score"):
        return f"{Decimal(value).scaleb(-2):.2f}"
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def _criteria(node: Seen | Group, depth: int) -> Iterator[CriterionSeen]:
    if isinstance(node, Seen):
        yield _criterion(node, depth)
        return
    inner = depth
    if node.kind == "any":
        head = _("One of these is enough")
        yield CriterionSeen("", head, depth, node.result, "any", None, None, "", "", "", "", ())
        inner = depth + 1
    for part in node.parts:
        yield from _criteria(part, inner)


def _criterion(seen: Seen, depth: int) -> CriterionSeen:
    unit = seen.unit or (seen.parameters[0].unit if seen.parameters else "")
    return CriterionSeen(
        key=seen.key,
        label=_(seen.label),
        depth=depth,
        result=seen.result,
        op=seen.op,
        value=_exact(seen.value, unit),
        threshold=_exact(seen.threshold, unit),
        unit=unit,
        seen=shown(seen.value, unit) if seen.value is not None else _("not known"),
        wanted=wanted(seen, unit) or shown(seen.threshold),
        clause=seen.clause,
        parameters=_numbers(seen.parameters),
    )


def _step(step: Step) -> StepTaken:
    return StepTaken(
        _(step.label), step.kind, _exact(step.value, "CNY"), shown(step.value, "CNY"), _numbers(step.parameters)
    )


def _numbers(parameters: tuple[Parameter, ...]) -> tuple[Number, ...]:
    return tuple(Number(p.name, value_of(p), str(p.provenance), p.source) for p in parameters)
