"""What must be true when a run has ended, whatever happened on the way."""

from collections import defaultdict
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import polars as pl

from tests.faults.site import Site
from tests.faults.zone import COMPANIES, MONTH, POINTS, SHARDS
from tests.subsidies.rules.brute_force import Company, Lease, Version, bill

POLICY = Version(date(2025, 9, 25), Fraction(300), 36, Fraction(1))

DECISIONS = """
    SELECT company_id, point, outcome, amount::text, fingerprint FROM subsidies_decision ORDER BY company_id, point
"""
LEASES = """
    SELECT c.id AS company, lower(c.registration) AS registered_from, upper(c.registration) AS registered_until,
           lower(c.operation) AS operating_from, upper(c.operation) AS operating_until,
           l.number, l.area_m2 AS area, l.price_per_m2_day AS price, lower(l.term) AS first_day, upper(l.term) AS until
    FROM spaces_lease l JOIN companies_company c ON c.id = l.company_id
    WHERE l.voided_at IS NULL
"""
LINES = """
    SELECT l.number, r.days, r.waived_days, (r.rent * 100)::bigint AS rent, (r.waived * 100)::bigint AS waived
    FROM subsidies_rentline r JOIN spaces_lease l ON l.id = r.lease_id
    JOIN subsidies_rentstatement s ON s.id = r.statement_id WHERE s.month = %s
"""
STATEMENTS = """
    SELECT company_id, (rent * 100)::bigint AS rent, (waived * 100)::bigint AS waived,
           (payable * 100)::bigint AS payable
    FROM subsidies_rentstatement WHERE month = %s
"""


def assert_decided_as(undisturbed: pl.DataFrame, site: Site) -> None:
    """The run is complete; each company and point was decided once, as in the computation that nothing disturbed."""
    run = site.ended_run()
    assert (run.kind, run.done, run.total) == ("assess", SHARDS, SHARDS)
    expected = COMPANIES * POINTS
    counted = {"decided": expected, "added": expected, "superseded": 0}
    assert run.result == run.result | counted
    # Superseded ones are among these rows: there are none, or there would be more.
    found = pl.DataFrame(site.rows(DECISIONS), schema=undisturbed.schema, orient="row")
    assert found.sort("company_id", "point").equals(undisturbed)


def assert_billed_as_by_hand(site: Site) -> None:
    """The run is complete; each lease has one line and each company one statement, of the sums that the days add up
    to one by one."""
    run = site.ended_run()
    assert (run.kind, run.done, run.total) == ("bill", SHARDS, SHARDS)
    lines, statements = by_hand(site)
    found = [(row.number, (row.days, row.waived_days, row.rent, row.waived)) for row in site.rows(LINES, MONTH)]
    assert sorted(found) == sorted(lines.items())
    billed = [(row.company_id, (row.rent, row.waived, row.payable)) for row in site.rows(STATEMENTS, MONTH)]
    assert sorted(billed) == sorted(statements.items())
    assert (run.result["statements"], run.result["written"]) == (len(statements), len(statements))
    assert site.rows("SELECT FROM subsidies_rentadjustment") == []


def by_hand(site: Site) -> tuple[dict[str, tuple[int, ...]], dict[int, tuple[int, ...]]]:
    """By number of the lease: days, waived days, rent, waived; by company: rent, waived, payable. In fen."""
    lines: dict[str, tuple[int, ...]] = {}
    statements: dict[int, tuple[int, ...]] = {}
    for key, company in tenants(site.rows(LEASES)).items():
        billed = bill(company, MONTH, [POLICY])
        for number, (days, waived_days, rent, waived, _payable, _missing) in billed.items():
            lines[number] = (days, waived_days, rent, waived)
        if billed:
            sums = [sum(line[place] for line in billed.values()) for place in (2, 3, 4)]
            statements[key] = tuple(sums)
    return lines, statements


def tenants(rows: list[Any]) -> dict[int, Company]:
    found: dict[int, Company] = {}
    leases: defaultdict[int, list[Lease]] = defaultdict(list)
    for row in rows:
        found[row.company] = Company(
            row.registered_from, row.registered_until, row.operating_from, row.operating_until, leases[row.company]
        )
        last = row.until - timedelta(days=1) if row.until else None
        leases[row.company].append(Lease(row.number, Fraction(row.area), Fraction(row.price), row.first_day, last))
    return found
