"""Try values: what a draft would decide on one day if some of its numbers were others. Nothing is written.

The register is read once and kept while no fact changes (`gather.snapshot`), so that the answer follows while an editor
drags a value. It is the answer that a simulation of the same content gives: the same records, the same evaluator.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

import polars as pl
from django.utils.translation import gettext as _

from companies.models import Company
from core.errors import Incomplete
from core.money import to_yuan
from subsidies import policy
from subsidies.gather.snapshot import snapshot
from subsidies.models import PolicyVersion
from subsidies.refusals import words_of
from subsidies.rules import catalogue
from subsidies.rules.errors import BadParameter
from subsidies.rules.parameters import Parameter, ParameterSet
from subsidies.rules.points import POINTS
from subsidies.rules.simulation import Change, decided, laid_beside, sums, touched, with_draft
from subsidies.services.simulations import facts_mark, refuse_impossible_day

EXAMPLES = 6  # of the companies that lose or win most, on each side


@dataclass(frozen=True)
class Sides:
    """One measure by the law and with the draft."""

    before: int
    after: int

    @property
    def difference(self) -> int:
        return self.after - self.before


@dataclass(frozen=True)
class PointTrial:
    """One point on the day: companies eligible and unknown, what the eligible ones get, and companies by change."""

    point: str
    eligible: Sides
    unknown: Sides
    amount_before: Decimal
    amount_after: Decimal
    changes: Mapping[str, int]

    @property
    def difference(self) -> Decimal:
        return self.amount_after - self.amount_before

    @property
    def is_touched(self) -> bool:
        return any(self.changes.values())


@dataclass(frozen=True)
class Example:
    """A company for which one point comes out otherwise. An amount is None unless it is eligible and known."""

    company: Company
    point: str
    change: str
    amount_before: Decimal | None
    amount_after: Decimal | None


@dataclass(frozen=True)
class Trial:
    on: dt.date
    points: tuple[PointTrial, ...]
    losing: tuple[Example, ...]
    winning: tuple[Example, ...]

    @property
    def touched(self) -> list[PointTrial]:
        return [point for point in self.points if point.is_touched]

    @property
    def difference(self) -> Decimal:
        return sum((point.difference for point in self.points), Decimal(0))


def try_values(*, version: PolicyVersion, values: Mapping[str, Decimal], on: dt.date) -> Trial:
    """What `version` with other `values` (by the names of its parameters, in their units) would decide on the day.

    Incomplete, by name, for a value or a day (`on`) that cannot be; Conflict where no policy is law yet.
    """
    law = policy.published_timeline()
    refuse_impossible_day(law, on)
    draft = tried(policy.parameter_set(version), values)
    drafted = with_draft(law, draft)
    register = snapshot(facts_mark())
    before = register.by_law(law, on)
    points = touched(POINTS.values(), law, draft)
    if not points:
        return Trial(on, tuple(_points(before.sums)), (), ())
    codes = [point.code for point in points]
    beside = laid_beside(before.of(codes), decided(points, register.records, drafted, on))
    losing, winning = _examples(beside)
    return Trial(on, tuple(_points({**before.sums, **sums(beside)})), losing, winning)


def tried(parameters: ParameterSet, values: Mapping[str, Decimal]) -> ParameterSet:
    """The parameters with other values; all that is wrong with them is told at once, by name."""
    changed = {name: _other(parameters.parameter(name), value) for name, value in values.items()}
    found = {
        name: [_("%(name)s has no value: enter one.") % {"name": name}]
        for name in catalogue.PARAMETERS
        if name not in parameters.parameters
    }
    for name, parameter in changed.items():
        try:
            catalogue.refuse_impossible(parameter)
        except BadParameter as refusal:
            found[name] = [words_of(refusal)]
    whole = {**parameters.parameters, **changed}
    if not found:
        numbers = {name: one.value for name, one in whole.items() if isinstance(one.value, Decimal)}
        for contradiction in catalogue.contradictions(numbers):
            found.setdefault(contradiction.name, []).append(words_of(contradiction))
    if found:
        raise Incomplete(_("These values cannot be."), code="impossible_value", fields=found)
    return replace(parameters, parameters=whole)


def _other(parameter: Parameter, value: Decimal) -> Parameter:
    return replace(parameter, value=value)


def _points(found: Mapping[str, int]) -> list[PointTrial]:
    def measured(code: str, name: str) -> int:
        return found.get(f"{code}.{name}", 0)

    return [
        PointTrial(
            code,
            Sides(measured(code, "eligible_before"), measured(code, "eligible_after")),
            Sides(measured(code, "unknown_before"), measured(code, "unknown_after")),
            to_yuan(measured(code, "amount_before")),
            to_yuan(measured(code, "amount_after")),
            {kind.value: measured(code, kind.value) for kind in Change},
        )
        for code in POINTS
    ]


def _examples(beside: pl.DataFrame) -> tuple[tuple[Example, ...], tuple[Example, ...]]:
    """The companies that lose most and those that win most, by yuan; an amount nobody knows counts as nothing."""
    fen = [pl.col(name).fill_null(0) for name in ("amount_fen", "amount_fen_after")]
    changed = beside.filter(pl.col("change").is_not_null()).with_columns((fen[1] - fen[0]).alias("difference"))
    losing = changed.filter(pl.col("difference") < 0).sort("difference", "company").head(EXAMPLES)
    winning = changed.filter(pl.col("difference") > 0).sort(-pl.col("difference"), pl.col("company")).head(EXAMPLES)
    companies = Company.objects.only("code", "name", "name_zh").in_bulk({*losing["company"], *winning["company"]})
    return _of(losing, companies), _of(winning, companies)


def _of(rows: pl.DataFrame, companies: Mapping[int, Company]) -> tuple[Example, ...]:
    return tuple(
        Example(
            companies[row["company"]],
            row["point"],
            row["change"],
            *(_yuan(row[f"outcome{side}"], row[f"amount_fen{side}"]) for side in ("", "_after")),
        )
        for row in rows.iter_rows(named=True)
    )


def _yuan(outcome: str, fen: int | None) -> Decimal | None:
    return to_yuan(fen) if outcome == "eligible" and fen is not None else None
