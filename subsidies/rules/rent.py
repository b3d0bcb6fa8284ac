"""Rent of one month and its relief, for any number of leases at once, exactly as the policy says (policy, point 2).

Between two changes every day is alike (`segments`), so days are counted, never listed. All numbers are integers: areas
of 0.01 m², prices of 0.0001 yuan per m² and day, shares of basis points; a product of area, price and days counts
1/10,000 fen. Rounding is half up, once for each lease and month.
"""

from datetime import date

import polars as pl

from subsidies.rules import segments
from subsidies.rules.errors import BadFacts, BadLeases
from subsidies.rules.parameters import Timeline
from subsidies.rules.settling import first_settled
from subsidies.rules.windows import add_months

MOST_AREA = 10**8 - 1  # 999,999.99 m²
MOST_PRICE = 10**8  # 10,000 yuan per m² and day, the largest that a lease may have; times 31 days still below 2**63
PER_FEN = 10_000  # area × price × days in one fen
PER_SHARED_FEN = PER_FEN * 10_000  # the same, times a share in basis points

LEASE_TYPES = {
    "lease": pl.String(),
    "area": pl.Int64(),
    "price": pl.Int64(),
    "first_day": pl.Date(),
    "until": pl.Date(),
}
COMPANY_TYPES = {
    "registered_from": pl.Date(),
    "registered_until": pl.Date(),
    "operating_from": pl.Date(),
    "operating_until": pl.Date(),
}


def rent_lines(leases: pl.DataFrame, companies: pl.DataFrame, month: date, timeline: Timeline) -> pl.DataFrame:
    """Bill the calendar month that begins on `month`.

    `leases`: company (any type), lease (String, the number, unique), area (Int64, 0.01 m², at least 1), price (Int64,
    0.0001 yuan per m² and day), first_day (Date), until (Date, half-open, null = open).
    `companies`: company, registered_from, registered_until, operating_from, operating_until (Date; start null =
    unknown, until null = open) and, optionally, first_settled_on (Date) as `settling.first_settled` computes it. With
    that column the leases that touch the month are enough; without it `leases` must hold every lease that these
    companies ever had.

    Returns a row for each lease with a day in the month, ordered by company, first day and number: company; lease;
    month (Date); days (leased in the month); waived_days (inside the window, registered and settled; also where
    earlier leases have used up the waived area); rent_fen; waived_fen; payable_fen; missing (List of names:
    registered_on, operating_from; the facts for want of which nothing is waived on some day); segments (List of
    structs: first (Date), until (Date, half-open), days, area, waived_area, price, share (basis points, null without a
    policy), reason (see `segments.Reason`)).

    Raises BadLeases for a lease that cannot be billed, BadFacts for a frame of the wrong shape.
    """
    if month.day != 1:
        raise BadFacts(f"{month} is not the first day of a month")
    _refuse_bad_frames(leases, companies)
    if "first_settled_on" not in companies.columns:
        settled = first_settled(leases, companies, timeline.starts_on).select("company", "first_settled_on")
        companies = companies.join(settled, on="company", how="left", maintain_order="left")
    stretches = segments.cut(leases, companies, month, add_months(month, 1), timeline)
    return _lines(stretches, month)


def relief_of_month(leases: pl.DataFrame, companies: pl.DataFrame, month: date, timeline: Timeline) -> pl.DataFrame:
    """What `rent_lines` waives, summed over each company's leases.

    Returns, in the order of `companies`: company; relief_of_month (Int64 fen; 0 without a lease; null while a missing
    fact keeps some of it from being waived).
    """
    waived = (
        rent_lines(leases, companies, month, timeline)
        .group_by("company")
        .agg(pl.col("waived_fen").sum(), (pl.col("missing").list.len() > 0).any().alias("unknown"))
    )
    return (
        companies.select("company")
        .join(waived, on="company", how="left", maintain_order="left")
        .select(
            "company",
            pl.when(~pl.col("unknown").fill_null(value=False))
            .then(pl.col("waived_fen").fill_null(0))
            .alias("relief_of_month"),
        )
    )


def _lines(stretches: pl.DataFrame, month: date) -> pl.DataFrame:
    days = pl.col("days")
    whole = pl.col("area") * pl.col("price") * days
    waived = pl.col("waived_area") * pl.col("price") * days
    share = pl.col("share").fill_null(0)
    lines = (
        stretches.with_columns(
            whole.alias("whole"),
            # Split into full units and the remainder: times a share the product itself would not fit into 64 bits.
            (waived // PER_SHARED_FEN * share).alias("waived_units"),
            (waived % PER_SHARED_FEN * share).alias("waived_remainder"),
            pl.struct("first", "until", "days", "area", "waived_area", "price", "share", "reason").alias("segment"),
        )
        .group_by("row", maintain_order=True)
        .agg(
            pl.col("company", "lease").first(),
            days.sum(),
            days.filter("can").sum().alias("waived_days"),
            pl.col("whole", "waived_units", "waived_remainder").sum(),
            pl.col("no_registration", "no_operation").any(),
            pl.col("segment").alias("segments"),
        )
    )
    rent = (pl.col("whole") + PER_FEN // 2) // PER_FEN
    relief = pl.col("waived_units") + (pl.col("waived_remainder") + PER_SHARED_FEN // 2) // PER_SHARED_FEN
    return lines.select(
        "company",
        "lease",
        pl.lit(month).alias("month"),
        "days",
        "waived_days",
        rent.alias("rent_fen"),
        relief.alias("waived_fen"),
        (rent - relief).alias("payable_fen"),
        pl.concat_list(
            pl.when("no_registration").then(pl.lit("registered_on")),
            pl.when("no_operation").then(pl.lit("operating_from")),
        )
        .list.drop_nulls()
        .alias("missing"),
        "segments",
    )


def _refuse_bad_frames(leases: pl.DataFrame, companies: pl.DataFrame) -> None:
    for what, frame, types in (("leases", leases, LEASE_TYPES), ("companies", companies, COMPANY_TYPES)):
        for name, dtype in {"company": companies.schema.get("company"), **types}.items():
            if frame.schema.get(name) != dtype or dtype is None:
                raise BadFacts(f"{what}: {name} is {frame.schema.get(name)}, not {dtype}")
    if companies["company"].is_duplicated().any():
        raise BadFacts("a company stands twice among the companies")
    problems = {
        "has no company among the companies": ~pl.col("company").is_in(companies["company"].implode()),
        f"has an area outside 1 to {MOST_AREA} (0.01 m²)": ~pl.col("area").is_between(1, MOST_AREA),
        f"has a price outside 0 to {MOST_PRICE} (0.0001 yuan)": ~pl.col("price").is_between(0, MOST_PRICE),
        "has no first day, or ends before it begins": ~(pl.col("until").fill_null(date.max) > pl.col("first_day")),
        "has no number, or one that another lease has": pl.col("lease").is_null() | pl.col("lease").is_duplicated(),
    }
    flags = leases.select("lease", *(wrong.fill_null(value=True).alias(name) for name, wrong in problems.items()))
    for problem in problems:
        if flags[problem].any():
            raise BadLeases(f"lease {flags.filter(problem)['lease'][0]} {problem}")
