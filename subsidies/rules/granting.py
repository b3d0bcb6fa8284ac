"""What a grant gives: the items that a decision counted, each with what it counts with, and the amount of each part.

The items are found by the same functions that the facts are summed with, so that a grant never rests on others than
its decision. All points that are granted once or by the year are here; those of the month are billed.

Where a yearly maximum cuts the amount short it goes to the items in the order of their codes: each gives what the point
comes to with it beyond what it comes to with those before it. One that comes to nothing is not held by a grant.
"""

from datetime import date
from enum import StrEnum

import polars as pl

from subsidies.rules.amounts import Amount
from subsidies.rules.catalogue import TALENT_CLASSES
from subsidies.rules.costs import KINDS, activity_items, setup_items, voucher_items
from subsidies.rules.errors import BadFacts
from subsidies.rules.facts import MOST_FEN
from subsidies.rules.grants import grant_facts
from subsidies.rules.parameters import ParameterSet, Terms, Timeline
from subsidies.rules.points import POINTS
from subsidies.rules.points.ai_vouchers import PARTS
from subsidies.rules.points.point import Per
from subsidies.rules.projects import project_items
from subsidies.rules.records import Records, moving_in
from subsidies.rules.settling import first_settled
from subsidies.rules.talents import talent_items

WHOLE = ("",)
PART_OF_KIND = {kind: "model" if name == "model_costs" else "compute" for name, kind in KINDS.items()}
FACT_OF_KIND = {kind: name for name, kind in KINDS.items()}


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
    return {part: facts.select(tree.expr(terms).alias("amount")).to_series() for part, tree in _trees(point).items()}


def _trees(point: str) -> dict[str, Amount]:
    trees: dict[str, Amount | None] = dict(PARTS) if point == "ai_vouchers" else {"": POINTS[point].amount}
    return {part: tree for part, tree in trees.items() if tree}


def shared(found: pl.DataFrame, facts: pl.DataFrame, point: str, terms: Terms) -> pl.DataFrame:
    """`found` (of `items`), and further: gives (fen: its share of the amount of its part, null while that is unknown;
    the shares add up to it) and held (Boolean: a grant holds it).

    Of a point that is given by the year what gives nothing is free: for the next year, or for what is left of this one
    when a correction takes something back. What is given once is given for all items together, which back each other.
    """
    amounts = [pl.when(pl.col("part") == part).then(tree.expr(terms)) for part, tree in _trees(point).items()]
    so_far = _so_far(found, facts).select("company", "part", pl.coalesce(amounts).alias("amount"))
    gives = pl.col("amount") - pl.col("amount").shift(1).over("company", "part").fill_null(0)
    whole = found.hstack(so_far.select(gives.alias("gives")))
    is_free = (pl.col("gives") == 0).fill_null(value=False) if POINTS[point].per == Per.YEAR else pl.lit(value=False)
    return whole.with_columns((~is_free).alias("held"))


def _so_far(found: pl.DataFrame, facts: pl.DataFrame) -> pl.DataFrame:
    """For each item the facts of its company as they would be if nothing counted but it and those before it."""
    rows = found.select("company", "part", "fact", "adds").join(facts, on="company", how="left", maintain_order="left")
    counted = (
        pl.when(pl.col("fact") == name).then("adds").otherwise(0).cum_sum().over("company")
        .clip(upper_bound=MOST_FEN).alias(name)
        for name in found["fact"].drop_nulls().unique()
    )  # fmt: skip
    return rows.with_columns(counted)


def items(records: Records, timeline: Timeline, on: date, point: str) -> pl.DataFrame:
    """What counts for `point` on the day `on`: company, kind (of Kind), code, part, worth (fen: what the item counts
    with, before shares and maxima), fact and adds: in which fact, and what it adds to it. Raises BadFacts for a point
    that is not granted in this way."""
    version = timeline.deciding(on)
    match point:
        case "settlement":
            found = _setup(records, timeline, version, on)
        case "ai_vouchers":
            found = _costs(voucher_items(records.expenses, on), _BY_KIND)
        case "activities":
            found = _costs(activity_items(records.expenses, on), pl.lit("activity_costs"))
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
    settled = first_settled(records.premises, records.companies, timeline.starts_on)
    moved = moving_in(records, settled, grant_facts(records.grants, records.companies, on))
    return _costs(setup_items(records.expenses, moved, version["settlement.months"], on), pl.lit("setup_costs"))


_BY_KIND = pl.col("kind").replace_strict(FACT_OF_KIND, default=None, return_dtype=pl.String)


def _costs(found: pl.DataFrame, fact: pl.Expr) -> pl.DataFrame:
    part = pl.col("kind").replace_strict(PART_OF_KIND, default="", return_dtype=pl.String)
    return found.filter("counts").select(
        "company",
        pl.lit(Kind.EXPENSE.value).alias("kind"),
        pl.col("expense").alias("code"),
        part.fill_null("").alias("part"),
        pl.col("amount").alias("worth"),
        fact.alias("fact"),
        pl.col("amount").alias("adds"),
    )


def _talents(records: Records, version: ParameterSet, on: date) -> pl.DataFrame:
    awards = {grade: version[f"talent.award_{grade}"] for grade in TALENT_CLASSES}
    found = talent_items(records.talents, version["talent.employment_months"], on).filter("counts")
    award = pl.col("grade").replace_strict(awards, default=None, return_dtype=pl.Int64)
    return _whole(found, Kind.TALENT, "talent", award, pl.format("talents_{}", "grade"))


def _leading(records: Records, version: ParameterSet) -> pl.DataFrame:
    found = project_items(records.projects, "leading", version["leading_project.score"]).filter("counts")
    top, plain = version["leading_project.top_award"], version["leading_project.award"]
    is_top = pl.col("score") >= version["leading_project.top_score"]
    award = pl.when(is_top).then(top).otherwise(plain)
    fact = pl.when(is_top).then(pl.lit("leading_top")).otherwise(pl.lit("leading_plain"))
    return _whole(found, Kind.PROJECT, "project", award, fact)


def _angel(records: Records, version: ParameterSet) -> pl.DataFrame:
    found = project_items(records.projects, "angel", version["angel_fund.score"]).filter("counts")
    cap = version["angel_fund.project_cap"]
    asked = pl.col("requested")
    fact = pl.when(asked >= cap).then(pl.lit("angel_at_cap")).otherwise(pl.lit("angel_below_cap"))
    adds = pl.when(asked >= cap).then(1).otherwise(asked)
    return _whole(found, Kind.PROJECT, "project", asked.clip(upper_bound=cap), fact, adds)


def _whole(
    found: pl.DataFrame, kind: Kind, code: str, worth: pl.Expr, fact: pl.Expr, adds: pl.Expr | None = None
) -> pl.DataFrame:
    """Without `adds` each is counted as one."""
    return found.select(
        "company",
        pl.lit(kind.value).alias("kind"),
        pl.col(code).alias("code"),
        pl.lit("").alias("part"),
        worth.cast(pl.Int64).alias("worth"),
        fact.alias("fact"),
        (pl.lit(1) if adds is None else adds).cast(pl.Int64).alias("adds"),
    )
