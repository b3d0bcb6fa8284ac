"""Which documented costs count, for the points that pay a share of them: settlement, vouchers, activities.

`expenses`: company, point, kind, amount (fen), paid_on, admitted, related, granted (see `records`). One cost is
subsidised once, by one point: what an active grant holds does not count again. A cost counts from the day on which it
was paid; of the yearly points, in the calendar year of that day.
"""

from datetime import date

import polars as pl

from subsidies.rules.counting import for_all, levels, sum_of
from subsidies.rules.facts import MOST_FEN
from subsidies.rules.windows import window_ends_on_expr

FRESH = ~pl.col("granted")
KINDS = {"model_costs": "model", "compute_costs": "compute", "compute_other_costs": "compute_other"}


def setup_items(expenses: pl.DataFrame, settled: pl.DataFrame, months: int, on: date) -> pl.DataFrame:
    """The costs of starting up paid up to `on`, each with the cascade setup_costs_documented, setup_costs_in_time and
    setup_costs (Boolean: it counts up to there), and counts: it certainly meets all of them.

    `settled`: company, moved_in_on (Date, null = never or unknown), may_have_moved_in (Boolean: it is not known),
    setup_costs_granted (Boolean). What was paid before moving in is in time, and so is what was paid up to the last
    day of the `months` from then on. The costs that the company's own settlement support holds count on: it is granted
    once, which is another criterion.
    """
    end = window_ends_on_expr(pl.col("moved_in_on"), months)
    never = pl.col("moved_in_on").is_null() & ~pl.col("may_have_moved_in")
    return levels(
        _paid(expenses, "settlement", on).join(settled, on="company"),
        {
            "setup_costs_documented": pl.lit(value=True),
            "setup_costs_in_time": pl.when(never).then(pl.lit(value=True)).otherwise(pl.col("paid_on") <= end),
            "setup_costs": FRESH | pl.col("setup_costs_granted"),
        },
    )


def setup_facts(
    expenses: pl.DataFrame, companies: pl.DataFrame, settled: pl.DataFrame, months: int, on: date
) -> pl.DataFrame:
    """In the order of `companies`: company; setup_costs_documented, setup_costs_in_time, setup_costs (fen: what came to
    that level of `setup_items`; of a company without a cost the first is 0, the others are null)."""
    names = ("setup_costs_documented", "setup_costs_in_time", "setup_costs")
    return _sums(setup_items(expenses, settled, months, on), companies, names)


def voucher_items(expenses: pl.DataFrame, on: date) -> pl.DataFrame:
    """The costs of models and computing power paid this year, each with the cascade voucher_costs,
    voucher_costs_admitted, voucher_costs_unrelated, voucher_costs_fresh (Boolean, null while the supplier is not
    named), and counts: it certainly meets all of them."""
    demands = {
        "voucher_costs": pl.lit(value=True),
        "voucher_costs_admitted": pl.col("admitted"),
        "voucher_costs_unrelated": ~pl.col("related"),
        "voucher_costs_fresh": FRESH,
    }
    return levels(_paid_this_year(expenses, "ai_vouchers", on), demands)


def voucher_facts(expenses: pl.DataFrame, companies: pl.DataFrame, on: date) -> pl.DataFrame:
    """In the order of `companies`: company; the levels of `voucher_items` (fen); model_costs, compute_costs,
    compute_other_costs (fen: those that count, null while that none does is not certain)."""
    items = voucher_items(expenses, on)
    names = ("voucher_costs", "voucher_costs_admitted", "voucher_costs_unrelated", "voucher_costs_fresh")
    counting = items.filter("counts").group_by("company").agg(
        pl.col("amount").filter(pl.col("kind") == kind).sum().clip(upper_bound=MOST_FEN).alias(name)
        for name, kind in KINDS.items()
    )  # fmt: skip
    sums = _sums(items, companies, names)
    whole = sums.join(for_all(companies, counting, KINDS), on="company", how="left", maintain_order="left")
    open_ones = (pl.col("voucher_costs") > 0) & pl.any_horizontal(pl.col(name).is_null() for name in names)
    return whole.with_columns(pl.when(~open_ones).then(pl.col(name)).alias(name) for name in KINDS)


def activity_items(expenses: pl.DataFrame, on: date) -> pl.DataFrame:
    """The costs of activities paid this year, each with the cascade activity_costs_documented, activity_costs, and
    counts: it meets both."""
    demands = {"activity_costs_documented": pl.lit(value=True), "activity_costs": FRESH}
    return levels(_paid_this_year(expenses, "activities", on), demands)


def activity_facts(expenses: pl.DataFrame, companies: pl.DataFrame, on: date) -> pl.DataFrame:
    """In the order of `companies`: company; the levels of `activity_items` (fen)."""
    return _sums(activity_items(expenses, on), companies, ("activity_costs_documented", "activity_costs"))


def _paid(expenses: pl.DataFrame, point: str, on: date) -> pl.DataFrame:
    return expenses.filter((pl.col("point") == point) & (pl.col("paid_on") <= on))


def _paid_this_year(expenses: pl.DataFrame, point: str, on: date) -> pl.DataFrame:
    return _paid(expenses, point, on).filter(pl.col("paid_on") >= on.replace(month=1, day=1))


def _sums(items: pl.DataFrame, companies: pl.DataFrame, names: tuple[str, ...]) -> pl.DataFrame:
    sums = items.group_by("company").agg(
        sum_of(pl.col(name), pl.col("amount"), MOST_FEN).alias(name) for name in names
    )  # fmt: skip
    return for_all(companies, sums, names[:1])
