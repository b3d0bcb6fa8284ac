"""Decide points for any number of companies in one pass over a frame of facts.

One definition of a point compiles to Polars expressions: its criteria, its outcome and its amount. What a person reads
(which criteria failed, which facts are missing) depends only on the pattern of results and gaps, of which there are a
few dozen in a whole register; it is worked out once per pattern, in plain Python, and joined back.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import NamedTuple

import polars as pl

from subsidies.rules import facts as fact_registry
from subsidies.rules.criteria import Is
from subsidies.rules.errors import BadFacts
from subsidies.rules.facts import FACTS, Fact
from subsidies.rules.parameters import ParameterSet, Terms
from subsidies.rules.points.point import Point

SEPARATOR = ";"
YES, UNKNOWN = 1, 2  # a criterion or an outcome; 0 is a no
MOST_BITS = (
    62  # of a pattern: two for each criterion, one for each fact and one for the amount, in a signed 64-bit integer
)
LETTERS = {True: "1", False: "0", None: "?"}
RESULTS = {letter: result for result, letter in LETTERS.items()}


class Outcome(StrEnum):
    """What a decision says."""

    ELIGIBLE = "eligible"
    NOT_ELIGIBLE = "not_eligible"
    UNKNOWN = "unknown"


OUTCOME_OF = {True: Outcome.ELIGIBLE, False: Outcome.NOT_ELIGIBLE, None: Outcome.UNKNOWN}
OUTCOMES = pl.Enum([outcome.value for outcome in Outcome])


def decide(
    points: Iterable[Point],
    facts: pl.DataFrame | pl.LazyFrame,
    parameters: ParameterSet,
    on: date,
    registry: Mapping[str, Fact] = FACTS,
) -> pl.DataFrame:
    """Decide `points` for every row of `facts` on the day `on` with one version of the parameters.

    `facts`: `company` (any type, kept) and the columns that `facts.seen_by(point.facts)` names for each point, typed
    as `registry` says; those not held yet may be absent.

    Returns one row per point and company, points in the given order, companies in the order of the frame: `company`;
    `point` (Enum of the codes); `outcome` (Enum eligible, not_eligible, unknown); `amount_fen` (Int64: the amount of
    an eligible company or null while it is unknown, 0 for not_eligible, null for unknown); `results` (String: a letter
    for each of `point.leaves` in their order: 1 met, 0 not met, ? unknown); `unmet` (String: keys of the criteria that
    failed it, `;` between, empty unless not_eligible); `missing` (String: names of the missing facts that matter, `;`
    between).

    Raises MissingParameter, BadParameter or BadFacts. Nothing is decided then.
    """
    points = tuple(points)
    if not points:
        raise BadFacts("there is no point to decide")
    names = tuple(dict.fromkeys(name for point in points for name in fact_registry.seen_by(point.facts, registry)))
    frame = fact_registry.complete(facts.lazy(), names, registry).select("company", *names).collect()
    fact_registry.refuse_impossible(frame, names, registry)
    terms = Terms(parameters, on)
    codes = pl.Enum([point.code for point in points])
    compiled = pl.collect_all([_compile(point, frame.lazy(), terms, registry) for point in points])
    return _written_out(points, codes, compiled, registry)


def read_results(point: Point, letters: str) -> dict[str, bool | None]:
    """Key -> True, False or None, from the letters that `decide` wrote."""
    return {leaf.key: RESULTS[letter] for leaf, letter in zip(point.leaves, letters, strict=True)}


def _compile(point: Point, frame: pl.LazyFrame, terms: Terms, registry: Mapping[str, Fact]) -> pl.LazyFrame:
    """company, outcome (0, 1, 2), amount and the pattern: two bits for each criterion, one for each null fact, one for
    the amount.
    """
    eligible = point.criteria.of(_column)
    amount = point.amount.expr(terms) if point.amount else pl.lit(0, dtype=pl.Int64)
    leaves = point.leaves
    bits = [_column(leaf).cast(pl.Int64).fill_null(UNKNOWN) * 4**place for place, leaf in enumerate(leaves)]
    low = 4 ** len(leaves)
    names = fact_registry.seen_by(point.facts, registry)
    if 2 * len(leaves) + len(names) + 1 > MOST_BITS:
        raise BadFacts(f"point {point.code} has too many criteria and facts for one pattern")
    bits += [pl.col(name).is_null().cast(pl.Int64) * (low << place) for place, name in enumerate(names)]
    bits.append(amount.is_null().cast(pl.Int64) * (low << len(names)))
    return frame.with_columns(leaf.expr(terms).alias(_name(leaf)) for leaf in leaves).select(
        "company",
        outcome=eligible.cast(pl.UInt8).fill_null(UNKNOWN),
        amount_fen=pl.when(eligible).then(amount).when(~eligible).then(pl.lit(0, dtype=pl.Int64)),
        pattern=pl.sum_horizontal(bits),
    )


def _name(leaf: Is) -> str:
    """The column of a criterion's results."""
    return f"criterion {leaf.key}"


def _column(leaf: Is) -> pl.Expr:
    return pl.col(_name(leaf))


class _Verdict(NamedTuple):
    results: str
    unmet: str
    missing: str


def _written_out(
    points: Sequence[Point], codes: pl.Enum, compiled: Iterable[pl.DataFrame], registry: Mapping[str, Fact]
) -> pl.DataFrame:
    result = pl.concat(
        one.with_columns(pl.lit(point.code, dtype=codes).alias("point"))
        for point, one in zip(points, compiled, strict=True)
    )
    by_code = {point.code: point for point in points}
    patterns = result.select("point", "pattern").unique()
    verdicts = [_read_pattern(by_code[code], pattern, registry) for code, pattern in patterns.iter_rows()]
    meaning = patterns.hstack(pl.DataFrame(verdicts, schema=dict.fromkeys(_Verdict._fields, pl.String), orient="row"))
    named = pl.Series([Outcome.NOT_ELIGIBLE, Outcome.ELIGIBLE, Outcome.UNKNOWN], dtype=OUTCOMES)
    return result.join(meaning, on=["point", "pattern"], how="left", maintain_order="left").select(
        "company",
        "point",
        pl.lit(named).gather(pl.col("outcome")).alias("outcome"),
        "amount_fen",
        "results",
        "unmet",
        "missing",
    )


def _read_pattern(point: Point, pattern: int, registry: Mapping[str, Fact]) -> _Verdict:
    results: dict[str, bool | None] = {}
    for leaf in point.leaves:
        pattern, code = divmod(pattern, 4)
        results[leaf.key] = None if code == UNKNOWN else code == YES
    names = fact_registry.seen_by(point.facts, registry)
    absent = {name for place, name in enumerate(names) if pattern >> place & 1}
    amount_unknown = bool(pattern >> len(names) & 1)
    return _Verdict(
        "".join(LETTERS[result] for result in results.values()),
        SEPARATOR.join(leaf.key for leaf in point.criteria.unmet(results)),
        SEPARATOR.join(missing_facts(point, results, absent, amount_unknown, registry)),
    )


def missing_facts(
    point: Point,
    results: Mapping[str, bool | None],
    absent: Collection[str],
    amount_unknown: bool,
    registry: Mapping[str, Fact],
) -> list[str]:
    """The names to ask for: facts whose gap leaves the outcome open and, unless the answer is no, those the amount
    lacks.
    """
    open_leaves: Iterable[Is] = point.criteria.open(results)
    wanted = [name for leaf in open_leaves for name in leaf.facts]
    if amount_unknown and point.amount and point.criteria.result(results) is not False:
        wanted += point.amount.facts
    return list(fact_registry.to_ask_for(wanted, absent, registry))
