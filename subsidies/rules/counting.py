"""How facts are counted over many items (costs, talents, projects), of which each counts, does not, or may.

An item that certainly counts is not held up by one that only may: the sum is of those that certainly do. Where none
does, a single one that may makes the fact unknown; where none can, it is 0. This is Kleene's *any* with a number.
"""

from collections.abc import Iterable, Mapping

import polars as pl


def count_of(counts: pl.Expr) -> pl.Expr:
    """How many items certainly count (Boolean, null = may), to be aggregated for each company."""
    return _known(counts.sum().cast(pl.Int64), counts)


def sum_of(counts: pl.Expr, amount: pl.Expr, most: int) -> pl.Expr:
    """What the items that certainly count amount to, to be aggregated for each company; no more than `most`, which is
    far above every cap, so that no sum leaves 64 bits and no absurd entry of one company refuses the run of all."""
    return _known(amount.filter(counts).sum().clip(upper_bound=most), counts)


def _known(certain: pl.Expr, counts: pl.Expr) -> pl.Expr:
    return pl.when((certain > 0) | counts.is_not_null().all()).then(certain)


def levels(items: pl.DataFrame, demands: Mapping[str, pl.Expr]) -> pl.DataFrame:
    """Adds a Boolean column for each of `demands`, a cascade: whether an item meets this demand and those before; and
    `counts`: whether it certainly meets all of them.

    Where none of a company's items can meet a demand, the next ones are put to the items that came to it: so that each
    level says what stands in the way by itself, and the first that nothing passes does not drag all others down.
    """
    standing = pl.lit(value=True)
    for name, demand in demands.items():
        items = items.with_columns((standing & demand).alias(name))
        passed = pl.col(name).fill_null(value=True).any().over("company")
        items = items.with_columns(pl.when(passed).then(name).otherwise(standing).alias(f"after {name}"))
        standing = pl.col(f"after {name}")
    counts = pl.all_horizontal(*demands.values()).fill_null(value=False)
    return items.drop(f"after {name}" for name in demands).with_columns(counts.alias("counts"))


def for_all(companies: pl.DataFrame, found: pl.DataFrame, zero: Iterable[str]) -> pl.DataFrame:
    """`found` (company and facts) for each of `companies` in their order; a company without a row has 0 in `zero` and
    null in the other columns."""
    whole = companies.select("company").join(
        found.with_columns(pl.lit(value=True).alias("there")), on="company", how="left", maintain_order="left"
    )  # fmt: skip
    absent = pl.col("there").is_null()
    return whole.with_columns(pl.when(absent).then(0).otherwise(name).alias(name) for name in zero).drop("there")
