"""Frames and parameter sets for the tests of the rules."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import polars as pl

from subsidies.rules import pack
from subsidies.rules.facts import FACTS
from subsidies.rules.parameters import ParameterSet, Since
from subsidies.rules.records import SCHEMAS
from tests.subsidies.rules.brute_force import DAY, Company, Version
from tests.subsidies.rules.interest_brute_force import Loan
from tests.subsidies.rules.interest_brute_force import Terms as LoanTerms

PACK = pack.load(pack.DEFAULT_PACK)
START = PACK.effective_from

PERIODS = ("registered_from", "registered_until", "operating_from", "operating_until")

# A company for which every criterion of every point holds on DAY_OF_CASES.
DAY_OF_CASES = date(2026, 3, 15)
ENTITLED: dict[str, Any] = {
    "company": 1,
    "kind": "company",
    "registered_on": date(2025, 1, 1),
    "deregistered_on": None,
    "operating_from": date(2025, 1, 1),
    "operating_until": None,
    "founded_on": date(2024, 6, 1),
    "listed": False,
    "bad_credit": False,
    "registered": True,
    "settled": True,
    "ever_settled": True,
    "first_settled_on": START,
    "moved_in_on": START,
    "leases_in_force": 1,
    "leased_area": 300_00,
    "relief_of_month": 123_45,
    "setup_costs": 80_000_00,
    "setup_costs_paid_on": date(2025, 12, 1),
    "setup_costs_granted": False,
    "talents": 1,
    "talents_a": 0,
    "talents_b": 0,
    "talents_c": 0,
    "talents_d": 1,
    "talents_e": 0,
    "talents_employed_from": date(2025, 9, 15),
    "talent_granted_this_year": 0,
    "leading_score": 80_00,
    "leading_awarded": False,
    "angel_score": 75_00,
    "angel_requested": 600_000_00,
    "angel_invested": False,
    "loan_balance": 1_000_000_00,
    "first_loan_on": START,
    "interest_support_of_month": 1_250_00,
    "model_costs": 10_000_00,
    "compute_costs": 20_000_00,
    "compute_other_costs": 30_000_00,
    "voucher_costs": 60_000_00,
    "voucher_contracts": 600_000_00,
    "small_company": True,
    "supplier_admitted": True,
    "supplier_related": False,
    "contract_paid_before": False,
    "model_granted_this_year": 0,
    "compute_granted_this_year": 0,
    "activity_costs": 10_000_01,
    "activities_granted_this_year": 0,
}


def parameters(effective_from: date = START, **values: str) -> ParameterSet:
    """The default pack's parameters, with other values by name (dots as two underscores)."""
    changed = dict(PACK.parameters)
    for key, value in values.items():
        name = key.replace("__", ".")
        changed[name] = replace(changed[name], value=Decimal(value))
    return ParameterSet(f"from {effective_from}", effective_from, changed)


def facts(*rows: Mapping[str, Any]) -> pl.DataFrame:
    """A frame of entitled companies, each changed by one of `rows`."""
    whole = [{**ENTITLED, "company": place, **row} for place, row in enumerate(rows)]
    return pl.DataFrame(whole, schema={"company": pl.Int64(), **{name: fact.dtype for name, fact in FACTS.items()}})


def lease_frame(companies: Sequence[Company]) -> pl.DataFrame:
    rows = [
        {
            "company": key,
            "lease": lease.number,
            "area": int(lease.area * 100),
            "price": int(lease.price * 10_000),
            "first_day": lease.first_day,
            "until": lease.last_day + DAY if lease.last_day else None,
        }
        for key, company in enumerate(companies)
        for lease in company.leases
    ]
    return pl.DataFrame(
        rows,
        schema={
            "company": pl.Int64(),
            "lease": pl.String(),
            "area": pl.Int64(),
            "price": pl.Int64(),
            "first_day": pl.Date(),
            "until": pl.Date(),
        },
    )


def company_frame(companies: Sequence[Company]) -> pl.DataFrame:
    rows = [
        {"company": key, **{name: getattr(company, name) for name in PERIODS}} for key, company in enumerate(companies)
    ]
    return pl.DataFrame(rows, schema={"company": pl.Int64(), **dict.fromkeys(PERIODS, pl.Date())})


def _decimal(value: Fraction) -> str:
    return str(Decimal(value.numerator) / Decimal(value.denominator))


def parameter_set(version: Version) -> ParameterSet:
    """A version of the brute-force calculator, as the engine takes it."""
    return parameters(
        version.effective_from,
        rent_waiver__area_m2=_decimal(version.area),
        rent_waiver__months=str(version.months),
        rent_waiver__share=_decimal(version.share * 100),
    )


def loan_frames(loans: Mapping[int, Sequence[Loan]]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Loans and repayments of the companies with these keys."""
    rows, paid = [], []
    for key, own in loans.items():
        for loan in own:
            numbers = {"principal": int(loan.principal * 100), "rate": int(loan.rate * 10**6)}
            days = {"drawn_on": loan.drawn_on, "due_on": loan.due_on}
            rows.append({"company": key, "loan": loan.number, **numbers, **days})
            for paid_on, amount in loan.repayments:
                paid.append({"loan": loan.number, "paid_on": paid_on, "amount": int(amount * 100)})
    return (pl.DataFrame(rows, schema=SCHEMAS["loans"]), pl.DataFrame(paid, schema=SCHEMAS["repayments"]))


def loan_parameters(terms: LoanTerms) -> ParameterSet:
    """A version of the brute-force calculator of interest, as the engine takes it."""
    found = parameters(
        terms.effective_from,
        loan_interest__principal_cap=_decimal(terms.cap),
        loan_interest__months=str(terms.months),
        loan_interest__share=_decimal(terms.share * 100),
    )
    series = tuple(Since(day, Decimal(_decimal(rate * 100))) for day, rate in sorted(terms.fixings))
    fixed = replace(found.parameters["lpr_1y"], value=series)
    return ParameterSet(found.version, found.effective_from, {**found.parameters, "lpr_1y": fixed})
