"""Which of a company's projects count: those that the panel scored high enough and that no grant holds yet.

`projects`: company, project, kind (leading, angel), score (0.01 points, null = not scored yet), requested (fen, null =
not said), awarded (Boolean). Every project that counts is worth an award, or an investment, of its own.
"""

import polars as pl

from subsidies.rules.counting import count_of, for_all, levels
from subsidies.rules.facts import MOST_FEN


def project_items(projects: pl.DataFrame, kind: str, least: int) -> pl.DataFrame:
    """The projects of a kind, each with the cascade proposed, fresh, recognised (Boolean, null while it is not
    scored); furthest: it is a fresh one, or one of a company that has none; and counts: it certainly meets all of the
    cascade. `least` is the score from which on a project is recognised."""
    demands = {
        "proposed": pl.lit(value=True),
        "fresh": ~pl.col("awarded"),
        "recognised": pl.col("score") >= least,
    }
    furthest = pl.when(pl.col("fresh").any().over("company")).then("fresh").otherwise("proposed")
    return levels(projects.filter(pl.col("kind") == kind), demands).with_columns(furthest.alias("furthest"))


def leading_facts(projects: pl.DataFrame, companies: pl.DataFrame, least: int, top: int) -> pl.DataFrame:
    """In the order of `companies`: company; leading_projects (how many are proposed); leading_unawarded (of these, not
    awarded before); leading_score (the best of these, null while a score that matters is missing); leading_top and
    leading_plain (how many count with a score of at least `top`, and with a lower one)."""
    is_top = pl.col("score") >= top
    found = project_items(projects, "leading", least).group_by("company").agg(
        *_cascade("leading_projects", "leading_unawarded", "leading_score"),
        (pl.col("counts") & is_top).sum().cast(pl.Int64).alias("leading_top"),
        (pl.col("counts") & ~is_top).sum().cast(pl.Int64).alias("leading_plain"),
    )  # fmt: skip
    return _known(companies, found, "leading_projects", "leading_score", ("leading_top", "leading_plain"))


def angel_facts(projects: pl.DataFrame, companies: pl.DataFrame, least: int, cap: int) -> pl.DataFrame:
    """In the order of `companies`: company; angel_projects, angel_uninvested and angel_score, as for leading ones;
    angel_at_cap (how many that count request `cap` fen or more); angel_below_cap (fen: what the others that count
    request, null while one of them does not say)."""
    asked = pl.col("requested").filter("counts")
    below = asked.filter(asked < cap).sum().clip(upper_bound=MOST_FEN)
    found = project_items(projects, "angel", least).group_by("company").agg(
        *_cascade("angel_projects", "angel_uninvested", "angel_score"),
        (asked >= cap).sum().cast(pl.Int64).alias("angel_at_cap"),
        pl.when(asked.is_not_null().all()).then(below).alias("angel_below_cap"),
    )  # fmt: skip
    return _known(companies, found, "angel_projects", "angel_score", ("angel_at_cap", "angel_below_cap"))


def _cascade(proposed: str, fresh: str, score: str) -> tuple[pl.Expr, ...]:
    """The best score is taken from the projects that came furthest."""
    best = pl.col("score").filter("furthest").max()
    return (
        count_of(pl.col("proposed")).alias(proposed),
        count_of(pl.col("fresh")).alias(fresh),
        pl.when(count_of(pl.col("recognised")).is_not_null()).then(best).alias(score),
    )


def _known(
    companies: pl.DataFrame, found: pl.DataFrame, proposed: str, score: str, worth: tuple[str, ...]
) -> pl.DataFrame:
    """What the projects are worth is unknown while it is not certain that none counts."""
    known = found.with_columns(pl.when(pl.col(score).is_not_null()).then(pl.col(name)).alias(name) for name in worth)
    return for_all(companies, known, (proposed, *worth))
