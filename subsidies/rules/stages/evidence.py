"""All that a stage rests on about some companies, and the one road from it to the facts of the stages.

Pure frames: money is integer fen, a valuation integer US cents. Each company is looked at on a day of its own, so that
one definition serves today and the day on which an earlier report ended. A company without a round was invested in by
nobody: the answer is *no*. A round that does not say how much leaves the sum open, unless the others are enough. A
company without a report has told nothing: the answer is *unknown*.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from subsidies.rules.errors import BadFacts
from subsidies.rules.facts import MOST_FEN
from subsidies.rules.parameters import ParameterSet
from subsidies.rules.stages.facts import STAGE_FACTS
from subsidies.rules.stages.revenue import growth, latest, revenue_of
from subsidies.rules.windows import add_months_expr

BOOL, DAY, TEXT, INTEGER = pl.Boolean(), pl.Date(), pl.String(), pl.Int64()
MONTHS_OF_QUARTER = 3
QUARTERS_OF_YEAR = 4

SCHEMAS: Mapping[str, dict[str, pl.DataType]] = {
    "companies": {
        "company": INTEGER,
        "stage": TEXT,  # null = none yet
        "kind": TEXT,
        "founded_on": DAY,
        "listed": BOOL,
        "bad_credit": BOOL,
        "registered_until": DAY,  # half-open; null = open or unknown
        "operating_until": DAY,
    },
    # Verified ones only.
    "reports": {
        "company": INTEGER,
        "period_end": DAY,
        "months": INTEGER,  # 3 or 12
        "revenue": INTEGER,
        "product_in_use": BOOL,
    },
    "rounds": {
        "company": INTEGER,
        "closed_on": DAY,
        "amount": INTEGER,  # fen; null = not known, or its rate is not
        "valuation": INTEGER,  # US cents, after the round; null = not known
    },
}


@dataclass(frozen=True)
class Evidence:
    """Frames as SCHEMAS describes them. Raises BadFacts for one of another shape."""

    companies: pl.DataFrame
    reports: pl.DataFrame
    rounds: pl.DataFrame

    def __post_init__(self) -> None:
        for name, columns in SCHEMAS.items():
            frame: pl.DataFrame = getattr(self, name)
            for column, dtype in columns.items():
                if (found := frame.schema.get(column)) != dtype:
                    raise BadFacts(f"{name}: {column} is {found}, not {dtype}")

    @classmethod
    def of(cls, **frames: list[dict[str, object]]) -> "Evidence":
        """From plain rows, of which each may leave out what is null."""
        return cls(**{name: pl.DataFrame(frames.get(name, []), schema=columns) for name, columns in SCHEMAS.items()})


def stage_facts(evidence: Evidence, parameters: ParameterSet, days: pl.DataFrame) -> pl.DataFrame:
    """For each row of `days` (company, on), in their order: company, on and all of STAGE_FACTS, as they were known of
    the evidence of that day: reports that ended before it and rounds that were closed by it. No company twice."""
    register = days.join(evidence.companies, on="company", how="left", maintain_order="left")
    whole = register.select("company", "on", "kind", "founded_on", "listed", "bad_credit")
    for found in (*_of_reports(evidence.reports, parameters, days), *_of_rounds(evidence.rounds, parameters, days)):
        whole = whole.join(found, on="company", how="left", maintain_order="left")
    nothing = ("funding_rounds", "outside_investment", "known_investment", "venture_capital", "known_venture_capital")
    without = pl.col("funding_rounds").is_null()
    whole = whole.with_columns(pl.when(without).then(0).otherwise(name).alias(name) for name in nothing)
    return whole.select("company", "on", *(pl.col(name).cast(fact.dtype) for name, fact in STAGE_FACTS.items()))


def _of_reports(reports: pl.DataFrame, parameters: ParameterSet, days: pl.DataFrame) -> tuple[pl.DataFrame, ...]:
    """The last known state of the product, and the revenues."""
    told = reports.join(days, on="company").filter(pl.col("period_end") < pl.col("on"))
    product = (
        told.drop_nulls("product_in_use").sort("period_end").group_by("company").agg(pl.col("product_in_use").last())
    )
    quarters = -(-parameters["stages.chick.revenue_months"] // MONTHS_OF_QUARTER)  # reported by the quarter: rounded up
    years = revenue_of(told, QUARTERS_OF_YEAR)
    recent = years if quarters == QUARTERS_OF_YEAR else revenue_of(told, quarters)
    return (
        product,
        latest(recent, days).select("company", recent_revenue="revenue"),
        latest(years, days).select("company", yearly_revenue="revenue"),
        growth(years, days, parameters["stages.growing.growth_years"]),
    )


def _of_rounds(rounds: pl.DataFrame, parameters: ParameterSet, days: pl.DataFrame) -> tuple[pl.DataFrame, ...]:
    """The sums of all rounds and of those of the last years, and the last known valuation."""
    closed = rounds.join(days, on="company").filter(pl.col("closed_on") <= pl.col("on"))
    years = parameters["stages.growing.venture_capital_years"]
    counts = add_months_expr(pl.col("closed_on"), years * 12) > pl.col("on")
    sums = closed.group_by("company").agg(
        pl.len().cast(pl.Int64).alias("funding_rounds"),
        *_sums("outside_investment", "known_investment", pl.col("amount")),
        *_sums("venture_capital", "known_venture_capital", pl.col("amount").filter(counts)),
    )
    valued = closed.drop_nulls("valuation").sort("closed_on").group_by("company")
    return sums, valued.agg(pl.col("valuation").last().clip(upper_bound=MOST_FEN).alias("valuation_usd"))


def _sums(whole: str, known: str, amounts: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
    """The sum of the amounts, null while one of them is unknown, and the sum of those that are known. No more than
    MOST_FEN, which is far above every threshold, so that no absurd entry of one company refuses the run of all."""
    total = amounts.clip(upper_bound=MOST_FEN).sum().clip(upper_bound=MOST_FEN)
    return pl.when(amounts.null_count() == 0).then(total).alias(whole), total.alias(known)
