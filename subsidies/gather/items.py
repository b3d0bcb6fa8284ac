"""What companies bring beside their leases, as the frames that the rules take: loans and repayments, talents,
projects, costs and verified reports. A query each, by COPY. Void records were never there. What an active grant holds
is marked; one that is only proposed gives nothing yet."""

import polars as pl

from core.frames import read_frame
from subsidies.gather.selection import Selection
from subsidies.models.references import APART
from subsidies.rules.records import SCHEMAS

# A loan and what was paid back of it in one statement, for they must fit: of two, the second would see what somebody
# enters between them.
LOANS = """
    SELECT company_id, number, (principal * 100)::bigint, (annual_rate_percent * 10000)::bigint, drawn_on, due_on, id,
           (SELECT string_agg(r.paid_on::text || ' ' || (r.principal * 100)::bigint::text, ';')
            FROM funding_repayment r WHERE r.loan_id = l.id AND r.voided_at IS NULL)
    FROM funding_loan l WHERE voided_at IS NULL AND {condition}
"""
LOAN_TYPES = {**SCHEMAS["loans"], "loan_id": pl.Int64(), "repaid": pl.String()}
TALENTS = """
    SELECT company_id, code, nullif(lower(grade), ''), lower(employment), upper(employment), EXISTS (
        SELECT FROM subsidies_grantitem i JOIN subsidies_grant g ON g.id = i.grant_id
        WHERE i.held AND i.talent_id = community_talent.id AND g.state IN ('approved', 'paid')
    )
    FROM community_talent WHERE voided_at IS NULL AND {condition}
"""
PROJECTS = """
    SELECT company_id, code, kind, (score * 100)::bigint, (amount_requested * 100)::bigint, EXISTS (
        SELECT FROM subsidies_grantitem i JOIN subsidies_grant g ON g.id = i.grant_id
        WHERE i.held AND i.project_id = funding_project.id AND g.state IN ('approved', 'paid')
    )
    FROM funding_project WHERE voided_at IS NULL AND {condition}
"""
# A supplier is a related party that stands in the register and is the company itself, or was joined to it on the day of
# payment by relations, in whichever direction and over however many companies: sisters have one parent, whether or not
# somebody entered that they are sisters. A relation of which nobody knows since when it holds is taken to hold. A
# contract is known by its supplier in whichever company's file, and without one in its own company's (`models.items`).
EXPENSES = """
    SELECT e.company_id, e.number, e.point, nullif(e.kind, ''), nullif(e.contract, ''), (e.amount * 100)::bigint,
           e.paid_on,
           CASE WHEN s.id IS NOT NULL THEN coalesce(s.admission @> e.paid_on, false) END,
           CASE WHEN s.id IS NOT NULL THEN s.company_id IS NOT NULL AND (
               s.company_id = e.company_id OR EXISTS (
                   WITH RECURSIVE party(id) AS (
                       SELECT e.company_id
                       UNION
                       SELECT CASE WHEN r.company_id = party.id THEN r.other_id ELSE r.company_id END
                       FROM party JOIN companies_relation r ON party.id IN (r.company_id, r.other_id)
                       WHERE coalesce(r.valid @> e.paid_on, true)
                   ) SELECT FROM party WHERE party.id = s.company_id
               )
           ) END,
           EXISTS (
               SELECT FROM subsidies_grantitem i JOIN subsidies_grant g ON g.id = i.grant_id
               WHERE i.held AND i.expense_id = e.id AND g.state IN ('approved', 'paid')
           ) OR EXISTS (
               SELECT FROM subsidies_grantedcontract c JOIN subsidies_grant g ON g.id = c.grant_id
               WHERE c.held AND c.supplier_id = e.supplier_id AND c.reference = e.reference
                     AND g.state IN ('approved', 'paid') AND NOT {apart}
           ) OR EXISTS (
               SELECT FROM subsidies_grantedcontract c JOIN subsidies_grant g ON g.id = c.grant_id
               WHERE c.held AND c.reference = e.reference
                     AND (c.company_id = e.company_id OR c.company_id IN (
                         SELECT id FROM companies_company WHERE merged_into_id = e.company_id))
                     AND (c.supplier_id IS NULL OR e.supplier_id IS NULL) AND g.state IN ('approved', 'paid')
                     AND NOT {apart}
           )
    FROM subsidies_expense e LEFT JOIN subsidies_supplier s ON s.id = e.supplier_id
    WHERE e.voided_at IS NULL AND {condition}
"""
REPORTS = """
    SELECT company_id, period_end, months, (revenue * 100)::bigint, employees
    FROM companies_report WHERE voided_at IS NULL AND verified_at IS NOT NULL AND {condition}
"""


def loans(selection: Selection) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Every loan that the selected companies ever drew, with its id as loan_id, and what was paid back of them."""
    found = read_frame(LOANS.format(condition=selection.condition("company_id")), selection.parameters, LOAN_TYPES)
    parts = (
        found.lazy()
        .select("loan", pl.col("repaid").str.split(";"))
        .drop_nulls()
        .explode("repaid")
        .select("loan", pl.col("repaid").str.split_exact(" ", 1).struct.rename_fields(["paid_on", "amount"]))
        .unnest("repaid")
    )
    repayments = parts.with_columns(pl.col("paid_on").str.to_date("%Y-%m-%d"), pl.col("amount").cast(pl.Int64))
    return found.drop("repaid"), repayments.collect()


def talents(selection: Selection) -> pl.DataFrame:
    """The talents whom the selected companies employ or employed."""
    return _read("talents", TALENTS, selection, "company_id")


def projects(selection: Selection) -> pl.DataFrame:
    """The projects that they put forward."""
    return _read("projects", PROJECTS, selection, "company_id")


def expenses(selection: Selection) -> pl.DataFrame:
    """The costs that they put forward, each with what is known of its supplier on the day of payment."""
    return _read("expenses", EXPENSES.replace("{apart}", APART.format(claim="c", cost="e")), selection, "e.company_id")


def reports(selection: Selection) -> pl.DataFrame:
    """Their verified reports."""
    return _read("reports", REPORTS, selection, "company_id")


def _read(name: str, query: str, selection: Selection, column: str) -> pl.DataFrame:
    return read_frame(query.format(condition=selection.condition(column)), selection.parameters, SCHEMAS[name])
