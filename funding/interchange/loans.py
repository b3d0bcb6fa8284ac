"""The files `loans` and `repayments`: their columns, what contradicts the zone's books, their way in and out."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

import polars as pl
from django.utils.translation import gettext as _

from core.frames import read_frame
from core.interchange import checking, problems, staging
from core.interchange.columns import Column, Day, Exact, Text, numbered
from core.interchange.kinds import ExportKind, ImportKind, Stored, Tick, register
from core.interchange.problems import LINE
from core.money import MOST_YUAN, YUAN
from funding import bulk
from funding.models.loans import MOST_PERCENT

MONEY = pl.Decimal(18, 2)


def _yuan(name: str, *, required: bool = False) -> Exact:
    return Exact(name=name, required=required, places=2, above_minimum=True, maximum=MOST_YUAN, money=YUAN)


LOANS: tuple[Column, ...] = (
    numbered("loan"),
    Text(name="company", required=True, max_length=32, is_narrow=True),
    Text(name="bank", required=True, max_length=120),
    _yuan("principal", required=True),
    Exact(name="annual_rate_percent", required=True, places=4, maximum=Decimal(MOST_PERCENT)),
    Day(name="drawn_on", required=True),
    Day(name="due_on"),
)

REPAYMENTS: tuple[Column, ...] = (
    Text(name="loan", required=True, key=True, max_length=64),
    Day(name="paid_on", required=True, key=True),
    _yuan("principal", required=True),
)


# --- Loans -------------------------------------------------------------------------------------------------------


def check_loans(rows: pl.DataFrame) -> pl.DataFrame:
    """Unknown companies, void loans, loans that are due too early, and those that were repaid beyond their terms."""
    found = [checking.unknown_company(rows), checking.declared_void(rows, "loan", "funding_loan", stored="number")]
    found.append(_due_too_early(rows))
    repaid = rows.join(_repaid(rows), on="loan", how="inner")
    less = pl.format(_("is less than the {} yuan that were paid back already"), pl.col("repaid"))
    found.append(problems.where(repaid, pl.col("principal") < pl.col("repaid"), "principal", less))
    later = pl.format(_("lies after the repayment of {}"), pl.col("since").cast(pl.String))
    found.append(problems.where(repaid, pl.col("drawn_on") > pl.col("since"), "drawn_on", later))
    return problems.together(found)


def _due_too_early(rows: pl.DataFrame) -> pl.DataFrame:
    held = read_frame(
        "SELECT number, due_on FROM funding_loan WHERE number = ANY(%s)",
        [rows["loan"].to_list()],
        {"loan": pl.String(), "due_on": pl.Date()},
    )
    early = pl.col("due_on") <= pl.col("drawn_on")
    if "due_on" in rows.columns:
        reason = pl.format(_("does not lie after the drawdown on {}"), pl.col("drawn_on").cast(pl.String))
        return problems.where(rows, early, "due_on", reason)
    reason = pl.format(_("does not lie before the due day {}"), pl.col("due_on").cast(pl.String))
    return problems.where(checking.with_stored(rows, held, ["loan"]), early, "drawn_on", reason)


def _repaid(rows: pl.DataFrame) -> pl.DataFrame:
    """What was paid back of the loans of a file, and since when."""
    return read_frame(
        """SELECT loan.number, sum(paid.principal)::text, min(paid.paid_on)
           FROM funding_loan loan JOIN funding_repayment paid ON paid.loan_id = loan.id AND paid.voided_at IS NULL
           WHERE loan.number = ANY(%s) GROUP BY loan.number""",
        [rows["loan"].to_list()],
        {"loan": pl.String(), "repaid": pl.String(), "since": pl.Date()},
    ).with_columns(pl.col("repaid").cast(MONEY))


def store_loans(rows: pl.DataFrame, on: dt.date, tick: Tick) -> Stored:
    """Write the loans."""
    del on
    return bulk.upsert_loans(rows.drop(LINE), tick)


def all_loans(on: dt.date | None, month: dt.date | None) -> Iterator[pl.DataFrame]:
    """All loans that are not void, by number."""
    del on, month
    return staging.frames_of(
        """SELECT held.number, company.code, held.bank, held.principal, held.annual_rate_percent, held.drawn_on,
                  held.due_on
           FROM funding_loan held JOIN companies_company company ON company.id = held.company_id
           WHERE held.voided_at IS NULL ORDER BY held.number COLLATE "C" """,
        {column.name: column.dtype for column in LOANS},
    )


# --- Repayments --------------------------------------------------------------------------------------------------


def check_repayments(rows: pl.DataFrame) -> pl.DataFrame:
    """Unknown and void loans, days before the drawdown, and loans of which more would be paid back than was lent."""
    loans = read_frame(
        "SELECT number, principal::text, drawn_on, voided_at IS NOT NULL FROM funding_loan WHERE number = ANY(%s)",
        [rows["loan"].unique().to_list()],
        {"loan": pl.String(), "lent": pl.String(), "drawn_on": pl.Date(), "void": pl.Boolean()},
    ).with_columns(pl.col("lent").cast(MONEY))
    rows = rows.join(loans, on="loan", how="left", maintain_order="left")
    early = pl.format(_("lies before the drawdown on {}"), pl.col("drawn_on").cast(pl.String))
    return problems.together(
        [
            problems.where(rows, pl.col("lent").is_null(), "loan", _("is no loan on record")),
            problems.where(rows, pl.col("void"), "loan", _("was declared void")),
            problems.where(rows, pl.col("paid_on") < pl.col("drawn_on"), "paid_on", early),
            _beyond_principal(rows),
        ]
    )


def _beyond_principal(rows: pl.DataFrame) -> pl.DataFrame:
    """All rows of a loan of which too much would be paid back, counting what is stored and not in the file: which of
    them is wrong cannot be known."""
    stored = read_frame(
        """SELECT loan.number, paid.paid_on, paid.principal::text
           FROM funding_repayment paid JOIN funding_loan loan ON loan.id = paid.loan_id
           WHERE paid.voided_at IS NULL AND loan.number = ANY(%s)""",
        [rows["loan"].unique().to_list()],
        {"loan": pl.String(), "paid_on": pl.Date(), "principal": pl.String()},
    ).with_columns(pl.col("principal").cast(MONEY))
    kept = stored.join(rows, on=["loan", "paid_on"], how="anti")
    paid = pl.concat([kept.select("loan", "principal"), rows.select("loan", "principal")])
    totals = paid.group_by("loan").agg(pl.col("principal").sum().alias("paid"))
    summed = rows.join(totals, on="loan", how="left", maintain_order="left")
    reason = pl.format(_("makes {} yuan with the other repayments, and the loan is {} yuan"), "paid", "lent")
    return problems.where(summed, pl.col("paid") > pl.col("lent"), "principal", reason)


def store_repayments(rows: pl.DataFrame, on: dt.date, tick: Tick) -> Stored:
    """Write the repayments."""
    del on
    return bulk.upsert_repayments(rows.drop(LINE), tick)


def all_repayments(on: dt.date | None, month: dt.date | None) -> Iterator[pl.DataFrame]:
    """All repayments that are not void, of loans that are not, by loan and day."""
    del on, month
    return staging.frames_of(
        """SELECT loan.number, held.paid_on, held.principal
           FROM funding_repayment held JOIN funding_loan loan ON loan.id = held.loan_id
           WHERE held.voided_at IS NULL AND loan.voided_at IS NULL ORDER BY loan.number COLLATE "C", held.paid_on""",
        {column.name: column.dtype for column in REPAYMENTS},
    )


register(
    ImportKind("loans", LOANS, check=check_loans, store=store_loans, about="company"),
    ExportKind("loans", all_loans, LOANS),
    ImportKind("repayments", REPAYMENTS, check=check_repayments, store=store_repayments),
    ExportKind("repayments", all_repayments, REPAYMENTS),
)
