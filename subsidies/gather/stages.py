"""What the stages of N companies rest on, as the frames that the rules take. A query each, by COPY."""

import polars as pl

from core.frames import read_frame
from subsidies.gather.selection import Selection
from subsidies.rules.stages.evidence import SCHEMAS, Evidence

COMPANIES = """
    SELECT id, nullif(stage, ''), kind, founded_on, listed, bad_credit, upper(registration), upper(operation)
    FROM companies_company WHERE merged_into_id IS NULL AND {condition} ORDER BY id
"""
REPORTS = """
    SELECT company_id, period_end, months, (revenue * 100)::bigint, product_in_use
    FROM companies_report WHERE voided_at IS NULL AND verified_at IS NOT NULL AND {condition}
"""
# Yuan by the round's own rate; dollars as they are and, of another currency, by the rate of the newest round in dollars
# on record, whichever company's, that was closed within the year before. Absurd entries stay within 64 bits.
ROUNDS = """
    SELECT company_id, closed_on,
           (CASE WHEN fen > 1e16 THEN 1e16 ELSE fen END)::bigint,
           (CASE WHEN cents > 1e16 THEN 1e16 ELSE cents END)::bigint
    FROM (
        SELECT company_id, closed_on, round(amount * held.rate, 2) * 100 AS fen,
               round(CASE WHEN currency = 'USD' THEN post_money_valuation
                          ELSE post_money_valuation * held.rate / dollar.rate END, 2) * 100 AS cents
        FROM (
            SELECT *, CASE WHEN currency = 'CNY' THEN 1 ELSE cny_rate END AS rate
            FROM funding_round WHERE voided_at IS NULL AND {condition}
        ) AS held
        LEFT JOIN LATERAL (
            SELECT other.cny_rate AS rate FROM funding_round other
            WHERE held.post_money_valuation IS NOT NULL AND held.currency <> 'USD'
                  AND other.voided_at IS NULL AND other.currency = 'USD' AND other.cny_rate IS NOT NULL
                  AND other.closed_on <= held.closed_on AND other.closed_on > held.closed_on - interval '1 year'
            ORDER BY other.closed_on DESC, other.id DESC LIMIT 1
        ) AS dollar ON true
    ) AS converted
"""


def evidence(selection: Selection) -> Evidence:
    """Of the selected companies, ordered by id. The companies are read last: what was seen before belongs to one of
    them, also when somebody enters another one between two of the queries."""
    reports = _read("reports", REPORTS, selection, "company_id")
    rounds = _read("rounds", ROUNDS, selection, "company_id")
    companies = _read("companies", COMPANIES, selection, "id")
    return Evidence(companies, reports, rounds)


def _read(name: str, query: str, selection: Selection, column: str) -> pl.DataFrame:
    return read_frame(query.format(condition=selection.condition(column)), selection.parameters, dict(SCHEMAS[name]))


SINCE = """
    SELECT DISTINCT ON (company_id) company_id, since FROM companies_stagechange
    WHERE {condition} ORDER BY company_id, since DESC, id DESC
"""
OPEN = """
    SELECT company_id, proposed FROM subsidies_stageproposal WHERE state = 'open' AND {condition}
"""


def since(selection: Selection) -> pl.DataFrame:
    """company, since: the day on which each entered the stage that it is in, where that is on record."""
    query = SINCE.format(condition=selection.condition("company_id"))
    return read_frame(query, selection.parameters, {"company": pl.Int64(), "since": pl.Date()})


def waiting(selection: Selection) -> pl.DataFrame:
    """company, proposed: the moves that wait for a person."""
    query = OPEN.format(condition=selection.condition("company_id"))
    return read_frame(query, selection.parameters, {"company": pl.Int64(), "proposed": pl.String()})
