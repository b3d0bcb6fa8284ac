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
from subsidies.rules.records import SCHEMAS, Records
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
    "setup_costs_documented": 90_000_00,
    "setup_costs_in_time": 85_000_00,
    "setup_costs": 80_000_00,
    "setup_costs_granted": False,
    "talents": 3,
    "talents_unawarded": 2,
    "talents_recognised": 1,
    "talents_employed_from": date(2025, 9, 15),
    "talents_a": 0,
    "talents_b": 0,
    "talents_c": 0,
    "talents_d": 1,
    "talents_e": 0,
    "talent_granted_this_year": 0,
    "leading_projects": 2,
    "leading_unawarded": 1,
    "leading_score": 80_00,
    "leading_top": 0,
    "leading_plain": 1,
    "angel_projects": 2,
    "angel_uninvested": 1,
    "angel_score": 75_00,
    "angel_at_cap": 0,
    "angel_below_cap": 600_000_00,
    "loan_balance": 1_000_000_00,
    "ever_borrowed": True,
    "first_loan_on": START,
    "reference_rates": True,
    "interest_support_of_month": 1_250_00,
    "voucher_costs": 600_000_00,
    "voucher_costs_admitted": 80_000_00,
    "voucher_costs_unrelated": 70_000_00,
    "voucher_costs_fresh": 60_000_00,
    "model_costs": 10_000_00,
    "compute_costs": 20_000_00,
    "compute_other_costs": 30_000_00,
    "small_company": True,
    "model_granted_this_year": 0,
    "compute_granted_this_year": 0,
    "activity_costs_documented": 12_000_00,
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


SETTLED = {
    "kind": "company",
    "registered_from": date(2025, 1, 1),
    "operating_from": date(2025, 1, 1),
    "founded_on": date(2024, 6, 1),
    "listed": False,
    "bad_credit": False,
}
ITEMS: dict[str, dict[str, Any]] = {
    "leases": {"lease": "L1", "area": 100_00, "price": 1_0000, "first_day": START},
    "desks": {"first_day": START},
    "loans": {"loan": "K1", "principal": 360_000_00, "rate": 30_000, "drawn_on": START},
    "repayments": {"loan": "K1", "paid_on": DAY_OF_CASES, "amount": 1},
    "talents": {"talent": "T1", "grade": "d", "employed_from": date(2025, 9, 15), "awarded": False},
    "projects": {"project": "P1", "kind": "leading", "score": 80_00, "requested": 500_000_00, "awarded": False},
    "expenses": {
        "expense": "E1",
        "point": "ai_vouchers",
        "kind": "model",
        "contract": "V1",
        "amount": 10_000_00,
        "paid_on": DAY_OF_CASES,
        "admitted": True,
        "related": False,
        "granted": False,
    },
    "reports": {"period_end": date(2025, 12, 31), "months": 12, "revenue": 5_000_000_00, "employees": 20},
    "grants": {"point": "talent", "part": None, "granted_on": DAY_OF_CASES, "amount": 100_000_00},
}


def on_record(**items: Sequence[Mapping[str, Any]]) -> Records:
    """What is on record about companies that are settled since the policy began: of each frame the given rows, each
    the usual one (company 1) with other values. `companies=` changes them; there is one for each that is named."""
    given = {"leases": [{"company": key, "lease": f"L{key}"} for key in _companies_of(items)], **items}
    frames = {
        name: pl.DataFrame(
            [{**dict.fromkeys(SCHEMAS[name]), "company": 1, **ITEMS[name], **row} for row in rows],
            schema=SCHEMAS[name],
        )
        for name, rows in given.items()
        if name != "companies"
    }
    changes = {row.get("company", 1): row for row in items.get("companies", ())}
    companies = [
        {**dict.fromkeys(SCHEMAS["companies"]), **SETTLED, **changes.get(key, {}), "company": key}
        for key in _companies_of(items)
    ]
    return Records(pl.DataFrame(companies, schema=SCHEMAS["companies"]), **frames)


def _companies_of(items: Mapping[str, Sequence[Mapping[str, Any]]]) -> list[int]:
    return sorted({1, *(row.get("company", 1) for rows in items.values() for row in rows)})
