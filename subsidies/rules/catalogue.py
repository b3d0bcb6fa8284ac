"""Every parameter that a policy version must hold: its unit and the values that are possible.

The rules ask for these names and no others; a pack that lacks one, or holds another, is refused by name.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from subsidies.rules.errors import BadParameter
from subsidies.rules.parameters import STEPS, Parameter

POINT_CODES = (
    "settlement",
    "rent_waiver",
    "talent",
    "leading_project",
    "angel_fund",
    "loan_interest",
    "ai_vouchers",
    "activities",
)
STAGE_CODES = ("nestling", "chick", "growing", "unicorn")
TALENT_CLASSES = ("a", "b", "c", "d", "e")

BOUNDS = {
    "CNY": (Decimal(0), Decimal(10**11)),
    "USD": (Decimal(0), Decimal(10**12)),
    "m2": (Decimal(0), Decimal(10**6)),
    "%": (Decimal(0), Decimal(100)),
    "score": (Decimal(0), Decimal(100)),
    "months": (Decimal(1), Decimal(1200)),
    "years": (Decimal(1), Decimal(100)),
    "projects": (Decimal(1), Decimal(10**4)),
    "reports": (Decimal(1), Decimal(12)),
}


@dataclass(frozen=True)
class Kind:
    """What a parameter must look like."""

    unit: str
    series: bool = False


def _kinds() -> dict[str, Kind]:
    units = {
        "settlement.share": "%",
        "settlement.cap": "CNY",
        "settlement.months": "months",
        "rent_waiver.area_m2": "m2",
        "rent_waiver.months": "months",
        "rent_waiver.share": "%",
        **{f"talent.award_{grade}": "CNY" for grade in TALENT_CLASSES},
        "talent.employment_months": "months",
        "talent.yearly_cap": "CNY",
        "leading_project.score": "score",
        "leading_project.award": "CNY",
        "leading_project.top_score": "score",
        "leading_project.top_award": "CNY",
        "angel_fund.projects_per_year": "projects",
        "angel_fund.project_cap": "CNY",
        "angel_fund.score": "score",
        "angel_fund.max_age_years": "years",
        "loan_interest.principal_cap": "CNY",
        "loan_interest.months": "months",
        "loan_interest.share": "%",
        "ai_vouchers.share": "%",
        "ai_vouchers.other_computing_share": "%",
        "ai_vouchers.small_company_share": "%",
        "ai_vouchers.small_company_contracts": "CNY",
        "ai_vouchers.model_yearly_cap": "CNY",
        "ai_vouchers.compute_yearly_cap": "CNY",
        "activities.share": "%",
        "activities.yearly_cap": "CNY",
        **{f"{point}.yearly_budget": "CNY" for point in POINT_CODES},
        "stages.chick.revenue": "CNY",
        "stages.chick.revenue_months": "months",
        "stages.chick.outside_investment": "CNY",
        "stages.growing.max_age_years": "years",
        "stages.growing.growth_years": "years",
        "stages.growing.revenue_low": "CNY",
        "stages.growing.growth_low": "%",
        "stages.growing.revenue_middle": "CNY",
        "stages.growing.growth_middle": "%",
        "stages.growing.revenue_high": "CNY",
        "stages.growing.growth_high": "%",
        "stages.growing.venture_capital": "CNY",
        "stages.growing.venture_capital_years": "years",
        "stages.unicorn.max_age_years": "years",
        "stages.unicorn.valuation": "USD",
        "stages.reports_before_demotion": "reports",
    }
    return {**{name: Kind(unit) for name, unit in units.items()}, "lpr_1y": Kind("%", series=True)}


PARAMETERS: dict[str, Kind] = _kinds()

ORDERED = (  # the first may not exceed the second
    ("leading_project.score", "leading_project.top_score"),
    ("leading_project.award", "leading_project.top_award"),
    ("stages.growing.revenue_low", "stages.growing.revenue_middle"),
    ("stages.growing.revenue_middle", "stages.growing.revenue_high"),
)


def refuse_impossible(parameter: Parameter) -> None:
    """Raise BadParameter where the parameter is none of the catalogue's, or its unit or a value cannot be."""
    kind = PARAMETERS.get(parameter.name)
    if kind is None:
        raise BadParameter(parameter.name, "no rule knows this parameter", code="not_known")
    if parameter.unit != kind.unit:
        raise BadParameter(
            parameter.name, f"its unit is {kind.unit}, not {parameter.unit}", code="unit", unit=kind.unit
        )
    if kind.series:
        _refuse_bad_series(parameter)
    elif isinstance(parameter.value, tuple):
        raise BadParameter(parameter.name, "is one value, not a series", code="no_series")
    else:
        _refuse_bad_value(parameter, parameter.value)


def _refuse_bad_series(parameter: Parameter) -> None:
    days = [step.day for step in parameter.steps]
    if not days:
        raise BadParameter(parameter.name, "the series is empty", code="empty")
    for before, after in pairwise(days):
        if before >= after:
            raise BadParameter(
                parameter.name, f"the series is not in ascending order at {after}", code="order", day=after
            )
    for step in parameter.steps:
        _refuse_bad_value(parameter, step.value)


def _refuse_bad_value(parameter: Parameter, value: Decimal) -> None:
    low, high = BOUNDS[parameter.unit]
    if not low <= value <= high:
        raise BadParameter(
            parameter.name,
            f"{value} is outside {low} to {high} {parameter.unit}",
            code="outside",
            value=value,
            low=low,
            high=high,
        )
    step = STEPS.get(parameter.unit, 1)
    if value * step != (value * step).to_integral_value():
        raise BadParameter(
            parameter.name, f"{value} {parameter.unit} is finer than 1/{step}", code="finer", value=value, step=step
        )


def contradictions(numbers: Mapping[str, Decimal]) -> Iterator[BadParameter]:
    """Every two parameters of one version that contradict each other, under the name of the one that is too high. What
    is missing contradicts nothing."""
    for lower, upper in ORDERED:
        if lower in numbers and upper in numbers and numbers[lower] > numbers[upper]:
            yield BadParameter(
                lower,
                f"{numbers[lower]} is above {upper}, {numbers[upper]}",
                code="above",
                value=numbers[lower],
                other=upper,
                limit=numbers[upper],
            )


def refuse_contradictions(numbers: Mapping[str, Decimal]) -> None:
    """Raise BadParameter where two parameters of one version contradict each other."""
    for contradiction in contradictions(numbers):
        raise contradiction
