"""What a company owes its banks, and when it first did under the policy.

`loans`: company, loan (String, the number), principal (fen), drawn_on, due_on (Date; the due day is no day of the loan,
null = open). `repayments`: loan, paid_on, amount (fen); one lowers the balance from its own day on.
"""

from datetime import date

import polars as pl

from subsidies.rules.counting import for_all
from subsidies.rules.facts import MOST_FEN
from subsidies.rules.settling import FAR, within


def first_loan(loans: pl.DataFrame, companies: pl.DataFrame, policy_start: date | None) -> pl.DataFrame:
    """The first day on which the policy (from `policy_start` on, if ever) is in force and a loan runs: it is drawn, and
    not yet due. Whatever else holds on it does not matter.

    `loans`: **all** that a company ever drew. Returns, in the order of `companies`: company; first_loan_on (Date, null
    for never); ever_borrowed (Boolean: whether there is such a day, past or agreed).
    """
    start = pl.max_horizontal("drawn_on", pl.lit(policy_start or FAR))
    days = (
        loans.filter(start < pl.col("due_on").fill_null(FAR))
        .group_by("company")
        .agg(start.min().alias("first_loan_on"))
    )
    return (
        companies.select("company")
        .join(days, on="company", how="left", maintain_order="left")
        .with_columns(pl.col("first_loan_on").is_not_null().alias("ever_borrowed"))
    )


def balances(loans: pl.DataFrame, repayments: pl.DataFrame, companies: pl.DataFrame, on: date) -> pl.DataFrame:
    """In the order of `companies`: company; loan_balance (fen): what is owed on `on` on the loans that run then."""
    paid = repayments.filter(pl.col("paid_on") <= on).group_by("loan").agg(pl.col("amount").sum())
    owed = (pl.col("principal") - pl.col("amount").fill_null(0)).sum().clip(upper_bound=MOST_FEN)
    running = (
        loans.filter(within(pl.lit(on), pl.col("drawn_on"), pl.col("due_on")))
        .join(paid, on="loan", how="left")
        .group_by("company")
        .agg(owed.alias("loan_balance"))
    )
    return for_all(companies, running, ("loan_balance",))
