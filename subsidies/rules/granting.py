"""What a grant gives: the items that a decision counted, each with what it counts with, and the amount of each part.

The items are found by the same functions that the facts are summed with, so that a grant never rests on others than
its decision. All points that are granted once or by the year are here; those of the month are billed.
"""

from datetime import date
from enum import StrEnum

import polars as pl

from subsidies.rules.amounts import Amount
from subsidies.rules.catalogue import TALENT_CLASSES
from subsidies.rules.costs import KINDS, activity_items, setup_items, voucher_items
from subsidies.rules.errors import BadFacts
from subsidies.rules.grants import grant_facts
from subsidies.rules.parameters import ParameterSet, Terms, Timeline
from subsidies.rules.points import POINTS
from subsidies.rules.points.ai_vouchers import PARTS
from subsidies.rules.projects import project_items
from subsidies.rules.records import Records, moving_in
from subsidies.rules.settling import first_settled
from subsidies.rules.talents import talent_items

WHOLE = ("",)
PART_OF_KIND = {kind: "model" if name == "model_costs" else "compute" for name, kind in KINDS.items()}


class Kind(StrEnum):
    """What an item is."""

    EXPENSE = "expense"
    TALENT = "talent"
    PROJECT = "project"


def parts_of(point: str) -> tuple[str, ...]:
    """The parts that a point is granted in, each by itself: the kinds of voucher, and one whole otherwise."""
    return tuple(PARTS) if point == "ai_vouchers" else WHOLE


def amounts(facts: pl.DataFrame, point: str, terms: Terms) -> dict[str, pl.Series]:
    """Part -> fen for each row of `facts` (of `facts_of`), null while unknown. They add up to the point's amount."""
    trees: dict[str, Amount | None] = dict(PARTS) if point == "ai_vouchers" else {"": POINTS[point].amount}
    return {part: facts.select(tree.expr(terms).alias("amount")).to_series() for part, tree in trees.items() if tree}


def items(records: Records, timeline: Timeline, on: date, point: str) -> pl.DataFrame:
    """What counts for `point` on the day `on`: company, kind (of Kind), code, part, worth (fen: what the item counts
    with, before shares and maxima). Raises BadFacts for a point that is not granted in this way."""
    version = timeline.deciding(on)
    match point:
        case "settlement":
            found = _setup(records, timeline, version, on)
        case "ai_vouchers":
            found = _costs(voucher_items(records.expenses, on))
        case "activities":
            found = _costs(activity_items(records.expenses, on))
        case "talent":
            found = _talents(records, version, on)
        case "leading_project":
            found = _leading(records, version)
        case "angel_fund":
            found = _angel(records, version)
        case _:
            raise BadFacts(f"{point} is not granted, but billed")
    return found.sort("company", "part", "code")


def _setup(records: Records, timeline: Timeline, version: ParameterSet, on: date) -> pl.DataFrame:
    settled = first_settled(records.leases, records.companies, timeline.starts_on)
    moved = moving_in(records, settled, grant_facts(records.grants, records.companies, on))
    return _costs(setup_items(records.expenses, moved, version["settlement.months"], on))


def _costs(found: pl.DataFrame) -> pl.DataFrame:
    part = pl.col("kind").replace_strict(PART_OF_KIND, default="", return_dtype=pl.String)
    return found.filter("counts").select(
        "company",
        pl.lit(Kind.EXPENSE.value).alias("kind"),
        pl.col("expense").alias("code"),
        part.fill_null("").alias("part"),
        pl.col("amount").alias("worth"),
    )


def _talents(records: Records, version: ParameterSet, on: date) -> pl.DataFrame:
    awards = {grade: version[f"talent.award_{grade}"] for grade in TALENT_CLASSES}
    found = talent_items(records.talents, version["talent.employment_months"], on).filter("counts")
    return _whole(
        found, Kind.TALENT, "talent", pl.col("grade").replace_strict(awards, default=None, return_dtype=pl.Int64)
    )


def _leading(records: Records, version: ParameterSet) -> pl.DataFrame:
    found = project_items(records.projects, "leading", version["leading_project.score"]).filter("counts")
    top, plain = version["leading_project.top_award"], version["leading_project.award"]
    award = pl.when(pl.col("score") >= version["leading_project.top_score"]).then(top).otherwise(plain)
    return _whole(found, Kind.PROJECT, "project", award)


def _angel(records: Records, version: ParameterSet) -> pl.DataFrame:
    found = project_items(records.projects, "angel", version["angel_fund.score"]).filter("counts")
    cap = version["angel_fund.project_cap"]
    return _whole(found, Kind.PROJECT, "project", pl.col("requested").clip(upper_bound=cap))


def _whole(found: pl.DataFrame, kind: Kind, code: str, worth: pl.Expr) -> pl.DataFrame:
    return found.select(
        "company",
        pl.lit(kind.value).alias("kind"),
        pl.col(code).alias("code"),
        pl.lit("").alias("part"),
        worth.cast(pl.Int64).alias("worth"),
    )
