"""What is on record about companies, at any size: as valid and deterministic as the register of `scale`.

Amounts stay around the thresholds of the default policy. Repayments follow each loan by its quarters, so that none is
before its drawdown and their sum stays below the principal; contracts are numbered, so that no payment is there twice.
"""

import datetime as dt
from random import Random

import polars as pl

from zone_portal.demo.drawing import EPOCH, Draw, as_day, decimal_text

SUPPLIERS = 500
POINTS = ("settlement", "ai_vouchers", "activities")
KINDS = ("model", "compute", "compute_other")
REPAID = 3  # parts of a loan that are paid back at most, of the four that it is divided into
QUARTER = 91  # days


def _code(prefix: str, number: str = "number") -> pl.Expr:
    return pl.format(f"{prefix}-{{}}", (pl.col(number) + 1).cast(pl.String).str.zfill(7))


def _draw(seed: int, name: str, size: int) -> Draw:
    return Draw(Random(f"{seed} {name}"), size)


def _of_companies(draw: Draw, codes: pl.Series) -> pl.DataFrame:
    owners = codes.gather(draw.whole(0, len(codes) - 1))
    return pl.DataFrame({"number": pl.Series(range(draw.size), dtype=pl.Int64), "company": owners})


def suppliers(codes: pl.Series, *, today: dt.date, seed: int) -> pl.DataFrame:
    """Five hundred, or as many as there are companies; most are admitted, one in ten stands in the register."""
    draw = _draw(seed, "suppliers", min(SUPPLIERS, len(codes)))
    now = (today - EPOCH).days
    frame = _of_companies(draw, codes).with_columns(admitted=draw.chance(0.8), own=draw.chance(0.1))
    return frame.select(
        _code("V").alias("supplier"),
        pl.format("Supplier {}", pl.col("number") + 1).alias("name"),
        pl.when("own").then("company").alias("company"),
        pl.when("admitted").then(as_day(pl.lit(now - 1300))).alias("admitted_from"),
    )


def projects(size: int, codes: pl.Series, *, today: dt.date, seed: int) -> pl.DataFrame:
    """Half of them leading, half for the angel fund; one in five waits for its score."""
    draw = _draw(seed, "projects", size)
    now = (today - EPOCH).days
    frame = _of_companies(draw, codes).with_columns(
        kind=draw.one_of(("leading", "angel")),
        field=draw.one_of(("ai", "culture", "other", "")),
        score=draw.whole(5_000, 10_000),
        scored=draw.chance(0.8),
        day=draw.whole(now - 700, now - 1),
        requested=draw.whole(10_000_000, 150_000_000),
    )
    return frame.select(
        _code("P").alias("project"),
        "company",
        pl.format("Project {}", pl.col("number") + 1).alias("title"),
        "field",
        "kind",
        pl.when("scored").then(decimal_text("score", 2)).alias("score"),
        pl.when("scored").then(as_day(pl.col("day"))).alias("scored_on"),
        pl.when(pl.col("kind") == "angel").then(decimal_text("requested", 2)).alias("amount_requested"),
    )


def loans(size: int, codes: pl.Series, *, today: dt.date, seed: int) -> pl.DataFrame:
    """Of ¥100,000 to ¥4,000,000, in steps of ¥400; `day` and `amount` hold the drawdown and the principal in fen."""
    draw = _draw(seed, "loans", size)
    now = (today - EPOCH).days
    frame = _of_companies(draw, codes).with_columns(
        amount=draw.whole(250, 10_000) * 40_000,
        rate=draw.whole(25_000, 52_000),
        day=draw.whole(now - 900, now - 1),
        months=draw.whole(1, 3),
        open=draw.chance(0.05),
    )
    due = pl.when(~pl.col("open")).then(as_day(pl.col("day") + 365 * pl.col("months")))
    return frame.select(
        _code("N").alias("loan"),
        "company",
        pl.lit("Hupan Commercial Bank").alias("bank"),
        decimal_text("amount", 2).alias("principal"),
        decimal_text("rate", 4).alias("annual_rate_percent"),
        as_day(pl.col("day")).alias("drawn_on"),
        due.alias("due_on"),
        "day",
        "amount",
    )


def repayments(size: int, lent: pl.DataFrame) -> pl.DataFrame:
    """A quarter of the principal after each of the first quarters, up to three: first one for each loan, and so on."""
    parts = pl.DataFrame({"part": pl.Series(range(1, REPAID + 1), dtype=pl.Int64)})
    paid = parts.join(lent.select("loan", "day", "amount"), how="cross").head(size)
    quarter = paid.with_columns(amount=pl.col("amount") // 4, day=pl.col("day") + QUARTER * pl.col("part"))
    return quarter.select("loan", as_day(pl.col("day")).alias("paid_on"), decimal_text("amount", 2).alias("principal"))


def talents(size: int, codes: pl.Series, *, today: dt.date, seed: int) -> pl.DataFrame:
    """Of all classes, one in twelve of none yet; one in ten has left again."""
    draw = _draw(seed, "talents", size)
    now = (today - EPOCH).days
    frame = _of_companies(draw, codes).with_columns(
        grade=draw.one_of(("A", "B", "C", "D", "E", ""), (1, 3, 12, 34, 42, 8)),
        day=draw.whole(now - 900, now - 1),
        stay=draw.whole(30, 700),
        left=draw.chance(0.1),
    )
    return frame.select(
        _code("T").alias("talent"),
        pl.format("Talent {}", pl.col("number") + 1).alias("name"),
        pl.col("grade").alias("class"),
        "company",
        as_day(pl.col("day")).alias("employed_from"),
        pl.when("left").then(as_day(pl.col("day") + pl.col("stay"))).alias("employed_until"),
    )


def reports(size: int, codes: pl.Series, *, today: dt.date, seed: int) -> pl.DataFrame:
    """The newest year of each company first, then the year before it, and so on."""
    draw = _draw(seed, "reports", size)
    number = pl.col("number")
    frame = pl.DataFrame({
        "number": pl.Series(range(size), dtype=pl.Int64),
        "revenue": draw.whole(0, 2_000_000_000),
        "part": draw.whole(-40, 25),
        "employees": draw.whole(1, 180),
        "in_use": draw.one_of(("yes", "no", "")),
        "verified": draw.one_of(("yes", "no"), (8, 2)),
    })  # fmt: skip
    owners = frame.with_columns(company=codes.gather(frame["number"] % len(codes)), back=number // len(codes) + 1)
    profit = pl.col("revenue") * pl.col("part") // 100
    return owners.with_columns(
        profit=profit.abs(), sign=pl.when(profit < 0).then(pl.lit("-")).otherwise(pl.lit(""))
    ).select(
        "company",
        pl.date(today.year - pl.col("back"), 12, 31).alias("period_end"),
        pl.lit("12").alias("months"),
        decimal_text("revenue", 2),
        pl.concat_str("sign", decimal_text("profit", 2)).alias("profit"),
        "employees",
        pl.col("in_use").alias("product_in_use"),
        "verified",
    )


def expenses(size: int, codes: pl.Series, payees: pl.Series, *, today: dt.date, seed: int) -> pl.DataFrame:
    """For starting up, vouchers and activities, each with its contract; one in twenty names no supplier."""
    draw = _draw(seed, "expenses", size)
    now = (today - EPOCH).days
    frame = _of_companies(draw, codes).with_columns(
        point=draw.one_of(POINTS, (1, 3, 1)),
        kind=draw.one_of(KINDS, (2, 2, 1)),
        supplier=payees.gather(draw.whole(0, len(payees) - 1)),
        named=draw.chance(0.95),
        amount=draw.whole(100_000, 20_000_000),
        day=draw.whole(now - 700, now),
    )
    return frame.select(
        _code("E").alias("expense"),
        "company",
        "point",
        pl.when(pl.col("point") == "ai_vouchers").then("kind").alias("kind"),
        pl.when("named").then("supplier").alias("supplier"),
        _code("Contract").alias("contract"),
        decimal_text("amount", 2),
        as_day(pl.col("day")).alias("paid_on"),
    )
