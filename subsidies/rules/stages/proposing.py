"""What move the evidence about each company speaks for.

Up: to the highest stage whose criteria are met. Down: where its own stage, and every other one above the highest that
is met, is a definite no, and its own one was so by each of the last verified reports, as many of them as the policy
wants in a row. What is unknown moves nobody. A company that has left stays where it was.
"""

from datetime import date, timedelta

import polars as pl

from subsidies.rules.evaluate import SEPARATOR, Outcome, decide
from subsidies.rules.parameters import EachDay, ParameterSet
from subsidies.rules.stages import RANKS, STAGES
from subsidies.rules.stages.evidence import Evidence, stage_facts
from subsidies.rules.stages.facts import STAGE_FACTS

DAY = timedelta(days=1)
NONE = -1  # the rank of a company without a stage
NO, YES = Outcome.NOT_ELIGIBLE.value, Outcome.ELIGIBLE.value
CODES = tuple(STAGES)


def proposals(evidence: Evidence, parameters: ParameterSet, on: date) -> pl.DataFrame:
    """For each company, in their order: company; stage (null = none yet); proposed (null = no move); reports (String:
    the ends of the reports by which it falls short, `;` between, empty unless it is to move down); about (the stage
    that the next two are about: the one that a company in its stage falls short of, or may; else the next one); unmet
    and missing (of that stage, as `decide` writes them; both empty where there is no next one); criteria (the results
    of all stages, `;` between, as `decide` writes them); and all of STAGE_FACTS as they are on the day.

    Raises the errors of the rules; nothing is proposed then.
    """
    companies = evidence.companies
    facts = stage_facts(evidence, parameters, companies.select("company", pl.lit(on).alias("on")))
    judged = _judged(companies, facts, parameters, on).with_columns(_gone(on).alias("gone"), pl.lit(on).alias("day"))
    moved = judged.with_columns(_reached().alias("reached")).with_columns(
        up=pl.col("reached") > pl.col("rank"),
        short=_all_no_between(pl.col("reached"), pl.col("rank")) & (pl.col("reached") < pl.col("rank")),
    )
    fallen = _fallen(evidence, parameters, moved.filter(~pl.col("gone") & pl.col("short")))
    whole = moved.join(fallen, on="company", how="left", maintain_order="left")
    down = pl.col("reports").is_not_null()
    whole = whole.with_columns(
        pl.when(~pl.col("gone") & (pl.col("up") | down)).then(_code(pl.col("reached"))).alias("proposed"),
        pl.col("reports").fill_null(""),
        _about().alias("about"),
    )
    return whole.select(
        "company",
        "stage",
        "proposed",
        "reports",
        _code(pl.col("about")).alias("about"),
        *(_of(pl.col("about"), name).fill_null("").alias(name) for name in ("unmet", "missing")),
        pl.concat_str([f"{code}.results" for code in CODES], separator=SEPARATOR).alias("criteria"),
    ).hstack(facts.select(STAGE_FACTS.keys()))


def _judged(companies: pl.DataFrame, facts: pl.DataFrame, parameters: ParameterSet, on: date) -> pl.DataFrame:
    """The companies with their rank and, for each stage, its outcome, results, unmet and missing."""
    decided = decide(STAGES.values(), facts, parameters, on, STAGE_FACTS)
    height = companies.height
    parts = [
        decided.slice(place * height, height).select(
            pl.col(name).cast(pl.String).alias(f"{code}.{name}") for name in ("outcome", "results", "unmet", "missing")
        )
        for place, code in enumerate(CODES)
    ]
    rank = pl.col("stage").replace_strict(RANKS, default=None, return_dtype=pl.Int64).fill_null(NONE).alias("rank")
    return pl.concat([companies.with_columns(rank), *parts], how="horizontal")


def _gone(on: date) -> pl.Expr:
    """Whether the company has left the zone, or operates no more."""
    ended = (pl.col(name) <= on for name in ("registered_until", "operating_until"))
    return pl.any_horizontal(one.fill_null(value=False) for one in ended)


def _outcome(code: str) -> pl.Expr:
    return pl.col(f"{code}.outcome")


def _reached() -> pl.Expr:
    """The rank of the highest stage that is met, NONE for none."""
    met = [pl.when(_outcome(code) == YES).then(rank).otherwise(NONE) for code, rank in RANKS.items()]
    return pl.max_horizontal(met).cast(pl.Int64)


def _all_no_between(reached: pl.Expr, rank: pl.Expr) -> pl.Expr:
    """Whether the stage of this rank and those down to the one that is reached are a definite no."""
    outside = ((pl.lit(place) <= reached) | (pl.lit(place) > rank) for place in RANKS.values())
    return pl.all_horizontal(out | (_outcome(code) == NO) for out, code in zip(outside, CODES, strict=True))


def _about() -> pl.Expr:
    """The rank of the stage to tell about; beyond the last one there is none."""
    reached, rank = pl.col("reached"), pl.col("rank")
    return pl.when(rank > reached).then(rank).otherwise(reached + 1)


def _code(rank: pl.Expr) -> pl.Expr:
    return rank.replace_strict({place: code for code, place in RANKS.items()}, default=None, return_dtype=pl.String)


def _of(rank: pl.Expr, name: str) -> pl.Expr:
    """The column `name` of the stage that each row is about."""
    return pl.coalesce(pl.when(rank == place).then(f"{code}.{name}") for code, place in RANKS.items())


# --- Reports in a row


def _fallen(evidence: Evidence, parameters: ParameterSet, candidates: pl.DataFrame) -> pl.DataFrame:
    """company, reports: of the candidates (company, rank, reached) those that fell short by each of their last reports:
    on the day after its end their stage was a definite no, and no higher one was met."""
    wanted = parameters["stages.reports_before_demotion"]
    ended = _last_reports(evidence, candidates, wanted)
    left = candidates.select("company", "rank").join(ended, on="company").sort("company")
    about = Evidence(
        evidence.companies.join(left, on="company", how="semi"),
        evidence.reports.join(left, on="company", how="semi"),
        evidence.rounds.join(left, on="company", how="semi"),
    )
    for place in range(wanted):
        days = left.select("company", (pl.col("ends").list.get(place) + DAY).alias("on"))
        short = _short(stage_facts(about, parameters, days), left["rank"], parameters)
        left = left.filter(short)
    written = pl.col("ends").list.eval(pl.element().cast(pl.String)).list.join(SEPARATOR)
    return left.select("company", written.alias("reports"))


def _last_reports(evidence: Evidence, candidates: pl.DataFrame, wanted: int) -> pl.DataFrame:
    """company, ends (List of Date, the newest first): the last `wanted` reports of each candidate that has so many."""
    told = evidence.reports.join(candidates.select("company", "day"), on="company")
    told = told.filter(pl.col("period_end") < pl.col("day")).sort("period_end", descending=True)
    ends = told.group_by("company", maintain_order=True).agg(pl.col("period_end").head(wanted).alias("ends"))
    return ends.filter(pl.col("ends").list.len() == wanted)


def _short(facts: pl.DataFrame, ranks: pl.Series, parameters: ParameterSet) -> pl.Series:
    """Of each row, whether its own stage is a definite no on its day, and no higher one is met."""
    if facts.is_empty():
        return pl.Series([], dtype=pl.Boolean)
    terms = EachDay(parameters, facts["on"][0])
    results = facts.with_columns(ranks.alias("rank")).select(
        "rank", *(stage.criteria.expr(terms).alias(code) for code, stage in STAGES.items())
    )
    short = (
        pl.when(pl.col("rank") == rank)
        .then(~pl.col(code).fill_null(value=True))
        .when(pl.col("rank") < rank)
        .then(~pl.col(code).fill_null(value=False))
        .otherwise(pl.lit(value=True))
        for code, rank in RANKS.items()
    )
    return results.select(pl.all_horizontal(short)).to_series()
