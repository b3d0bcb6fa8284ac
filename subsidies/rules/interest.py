"""Support for one month's interest on bank loans, for any number of loans at once, exactly as the policy says (policy,
point 6).

Between two changes every day is alike (`accrual`), so days are counted, never listed. All numbers are integers:
balances of fen, rates of 0.0001 % a year, shares of basis points; a year has 360 days. Rounding is half up, once for
each loan and month.
"""

from datetime import date

import polars as pl

from subsidies.rules.accrual import accrue
from subsidies.rules.borrowing import first_loan
from subsidies.rules.errors import BadFacts, BadLoans
from subsidies.rules.parameters import Timeline
from subsidies.rules.windows import add_months

MOST_PRINCIPAL = 10**13  # fen: a hundred thousand million yuan
MOST_RATE = 10**6  # 100 %
PER_WHOLE_FEN = 360 * 10**6  # balance × rate × days in one fen
PER_FEN = PER_WHOLE_FEN * 10_000  # balance × rate × days × share in one fen; such a product needs 83 bits of 128

LOAN_TYPES = {
    "loan": pl.String(),
    "principal": pl.Int64(),
    "rate": pl.Int64(),
    "drawn_on": pl.Date(),
    "due_on": pl.Date(),
}
REPAYMENT_TYPES = {"loan": pl.String(), "paid_on": pl.Date(), "amount": pl.Int64()}
GAPS = {"no_registration": "registered_on", "no_operation": "operating_from", "no_reference": "reference_rates"}


def interest_lines(
    loans: pl.DataFrame,
    repayments: pl.DataFrame,
    premises: pl.DataFrame,
    companies: pl.DataFrame,
    month: date,
    timeline: Timeline,
) -> pl.DataFrame:
    """The support of the calendar month that begins on `month`.

    `loans`: company (any type), loan (String, the number, unique), principal (Int64 fen, at least 1), rate (Int64,
    0.0001 % a year), drawn_on (Date), due_on (Date, no day of interest itself, null = open). `repayments`: loan,
    paid_on (Date), amount (Int64 fen, at least 1); at most the principal in all. `premises`: company, first_day, until.
    `companies`: company, registered_from, registered_until, operating_from, operating_until (Date; start null =
    unknown, until null = open) and, optionally, first_loan_on (Date) as `borrowing.first_loan` computes it. With that
    column the loans that touch the month are enough; without it `loans` must hold every loan that these companies
    ever drew.

    Returns a row for each loan on which something is owed in the month, ordered by company, drawdown and number:
    company; loan; month (Date); days (on which something is owed); supported_days (those on which the common condition
    holds within the window; also where earlier loans have used up the principal); supported_fen; missing (List of
    names: registered_on, operating_from, reference_rates; the facts for want of which nothing is supported on some
    day); segments (List of structs: first (Date), until (Date, half-open), days, balance, counted (fen), rate,
    reference (0.0001 %, null while unknown), share (basis points, null without a policy), reason (see
    `accrual.Reason`)).

    Raises BadLoans for a loan that cannot be reckoned with, BadFacts for a frame of the wrong shape.
    """
    if month.day != 1:
        raise BadFacts(f"{month} is not the first day of a month")
    _refuse_bad_frames(loans, repayments, companies)
    if "first_loan_on" not in companies.columns:
        opened = first_loan(loans, companies, timeline.starts_on).select("company", "first_loan_on")
        companies = companies.join(opened, on="company", how="left", maintain_order="left")
    stretches = accrue(loans, repayments, premises, companies, month, add_months(month, 1), timeline)
    return _lines(stretches, month)


def support_of_month(lines: pl.DataFrame, companies: pl.DataFrame) -> pl.DataFrame:
    """What `lines` (of `interest_lines`) support, summed over each company's loans.

    Returns, in the order of `companies`: company; interest_support_of_month (Int64 fen; 0 without a loan; null while a
    missing fact keeps some of it from being supported); reference_rates (Boolean: true, or null while the reference
    rate of a loan is not known and matters).
    """
    without = pl.col("missing").list
    whole = lines.group_by("company").agg(
        pl.col("supported_fen").sum(),
        (without.len() > 0).any().alias("unknown"),
        without.contains(GAPS["no_reference"]).any().alias("no_reference"),
    )  # fmt: skip
    return (
        companies.select("company")
        .join(whole, on="company", how="left", maintain_order="left")
        .with_columns(pl.col("unknown", "no_reference").fill_null(value=False))
        .select(
            "company",
            pl.when(~pl.col("unknown")).then(pl.col("supported_fen").fill_null(0)).alias("interest_support_of_month"),
            pl.when(~pl.col("no_reference")).then(pl.lit(value=True)).alias("reference_rates"),
        )
    )


def accrued(lines: pl.DataFrame) -> pl.Series:
    """What the bank charges in the month for each of `lines` (of `interest_lines`), at the rate of the loan: fen, half
    up, supported or not."""
    segment = pl.element().struct
    product = segment.field("balance").cast(pl.Int128) * segment.field("rate") * segment.field("days")
    whole = pl.col("segments").list.eval(product).list.sum()
    return lines.select(accrued=((whole + PER_WHOLE_FEN // 2) // PER_WHOLE_FEN).cast(pl.Int64))["accrued"]


def _lines(stretches: pl.DataFrame, month: date) -> pl.DataFrame:
    days, rate = pl.col("days"), pl.min_horizontal("rate", "reference")
    product = pl.col("counted").cast(pl.Int128) * rate * days * pl.col("share").fill_null(0)
    lines = (
        stretches.with_columns(
            product.alias("product"),
            pl.struct(
                "first", "until", "days", "balance", "counted", "rate", "reference", "share", "reason"
            ).alias("segment"),
        )
        .group_by("row", maintain_order=True)
        .agg(
            pl.col("company", "loan").first(),
            days.filter("owing").sum(),
            days.filter("can").sum().alias("supported_days"),
            pl.col("product").sum(),
            pl.col(*GAPS).any(),
            pl.col("segment").alias("segments"),
        )
        .filter(days > 0)
    )  # fmt: skip
    return lines.select(
        "company",
        "loan",
        pl.lit(month).alias("month"),
        "days",
        "supported_days",
        ((pl.col("product") + PER_FEN // 2) // PER_FEN).cast(pl.Int64).alias("supported_fen"),
        pl.concat_list(pl.when(gap).then(pl.lit(name)) for gap, name in GAPS.items())
        .list.drop_nulls()
        .alias("missing"),
        "segments",
    )


def _refuse_bad_frames(loans: pl.DataFrame, repayments: pl.DataFrame, companies: pl.DataFrame) -> None:
    for what, frame, types in (("loans", loans, LOAN_TYPES), ("repayments", repayments, REPAYMENT_TYPES)):
        for name, dtype in types.items():
            if frame.schema.get(name) != dtype:
                raise BadFacts(f"{what}: {name} is {frame.schema.get(name)}, not {dtype}")
    if loans.schema.get("company") != companies.schema.get("company"):
        raise BadFacts(f"loans: company is {loans.schema.get('company')}, not {companies.schema.get('company')}")
    _refuse(
        loans,
        {
            "has no company among the companies": ~pl.col("company").is_in(companies["company"].implode()),
            f"has a principal outside 1 to {MOST_PRINCIPAL} fen": ~pl.col("principal").is_between(1, MOST_PRINCIPAL),
            f"has a rate outside 0 to {MOST_RATE} (0.0001 %)": ~pl.col("rate").is_between(0, MOST_RATE),
            "has no drawdown day, or is due before the day after it": ~(
                pl.col("due_on").fill_null(date.max) > pl.col("drawn_on")
            ),
            "has no number, or one that another loan has": pl.col("loan").is_null() | pl.col("loan").is_duplicated(),
        },
    )
    known = repayments.join(loans.select("loan", "principal", "drawn_on"), on="loan", how="left")
    paid = known.group_by("loan").agg(pl.col("amount").sum(), pl.col("principal").first())
    _refuse(
        known,
        {
            "is paid back, and yet not among the loans": pl.col("principal").is_null(),
            f"has a repayment outside 1 to {MOST_PRINCIPAL} fen": ~pl.col("amount").is_between(1, MOST_PRINCIPAL),
            "is paid back before it was drawn": ~(pl.col("paid_on") >= pl.col("drawn_on")),
        },
    )
    _refuse(paid, {"is paid back by more than was drawn": pl.col("amount") > pl.col("principal")})


def _refuse(frame: pl.DataFrame, problems: dict[str, pl.Expr]) -> None:
    flags = frame.select("loan", *(wrong.fill_null(value=True).alias(problem) for problem, wrong in problems.items()))
    for problem in problems:
        if flags[problem].any():
            raise BadLoans(f"loan {flags.filter(problem)['loan'][0]} {problem}")
