"""Set-based writes of projects, loans and repayments: what an import brings, in a fixed number of statements.

Frames have the columns of the interchange format, typed and checked (`funding.interchange`). Each function wants the
caller's transaction and records `<kind>.imported` when something changed.
"""

import polars as pl

from core import outbox
from core.interchange.kinds import Stored, Tick
from core.interchange.upserting import Upsert, given

OF_COMPANY = "JOIN companies_company company ON company.code = incoming.company"


def upsert_projects(frame: pl.DataFrame, tick: Tick) -> Stored:
    """Add or change projects, matched by `project`."""
    stored = Upsert(
        "funding_project",
        f"{OF_COMPANY} LEFT JOIN funding_project held ON held.code = incoming.project",
        key={"code": "incoming.project"},
        values={
            "company_id": "company.id",
            "title": "incoming.title",
            "field": given(frame, "field", unknown="''"),
            "kind": "incoming.kind",
            "score": given(frame, "score"),
            "scored_on": given(frame, "scored_on"),
            "amount_requested": given(frame, "amount_requested"),
        },
        concerned=("company.id", "held.company_id"),
    ).write(frame, tick)
    outbox.record_import("projects", stored.new, stored.changed, companies=stored.named)
    return stored


def upsert_loans(frame: pl.DataFrame, tick: Tick) -> Stored:
    """Add or change loans, matched by `loan`."""
    stored = Upsert(
        "funding_loan",
        f"{OF_COMPANY} LEFT JOIN funding_loan held ON held.number = incoming.loan",
        key={"number": "incoming.loan"},
        values={
            "company_id": "company.id",
            "bank": "incoming.bank",
            "principal": "incoming.principal",
            "annual_rate_percent": "incoming.annual_rate_percent",
            "drawn_on": "incoming.drawn_on",
            "due_on": given(frame, "due_on"),
        },
        concerned=("company.id", "held.company_id"),
    ).write(frame, tick)
    outbox.record_import("loans", stored.new, stored.changed, companies=stored.named)
    return stored


def upsert_repayments(frame: pl.DataFrame, tick: Tick) -> Stored:
    """Add or change repayments, matched by `loan` and `paid_on` among those that are not void."""
    stored = Upsert(
        "funding_repayment",
        """JOIN funding_loan loan ON loan.number = incoming.loan
           LEFT JOIN funding_repayment held
               ON held.loan_id = loan.id AND held.paid_on = incoming.paid_on AND held.voided_at IS NULL""",
        key={"loan_id": "loan.id", "paid_on": "incoming.paid_on"},
        values={"principal": "incoming.principal"},
        concerned=("loan.company_id",),
    ).write(frame, tick)
    outbox.record_import("repayments", stored.new, stored.changed, companies=stored.named)
    return stored


def upsert_rounds(frame: pl.DataFrame, tick: Tick) -> Stored:
    """Add or change financing rounds, matched by `company`, `closed_on` and `round` among those that are not void."""
    stored = Upsert(
        "funding_round",
        f"""{OF_COMPANY}
           LEFT JOIN funding_round held
               ON held.company_id = company.id AND held.closed_on = incoming.closed_on AND held.round = incoming.round
               AND held.voided_at IS NULL""",
        key={"company_id": "company.id", "closed_on": "incoming.closed_on", "round": "incoming.round"},
        values={
            "amount": given(frame, "amount"),
            "currency": given(frame, "currency", unknown="''"),
            "investors": given(frame, "investors", unknown="''"),
            "post_money_valuation": given(frame, "post_money_valuation"),
            "cny_rate": given(frame, "cny_rate"),
        },
        concerned=("company.id",),
    ).write(frame, tick)
    outbox.record_import("rounds", stored.new, stored.changed, companies=stored.named)
    return stored
