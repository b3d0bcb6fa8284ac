"""What was granted, as the frame that the rules take, and records as they are for one grant alone."""

from dataclasses import replace

import polars as pl
from django.db import connection

from core.frames import read_frame
from subsidies.gather.selection import Selection
from subsidies.models import Grant
from subsidies.rules.records import Records

# What was granted to a company that was merged counts for the one into which it was. What a grant gives is what is left
# committed of it, less what came back. `decided` puts them in order.
GRANTS = """
    SELECT coalesce(c.merged_into_id, c.id), g.point, nullif(g.part, ''), g.granted_on,
           ((g.committed - g.recovered) * 100)::bigint, g.id, (extract(epoch FROM g.decided_at) * 1000000)::bigint
    FROM subsidies_grant g JOIN companies_company c ON c.id = g.company_id
    WHERE g.state IN ('approved', 'paid') AND (c.merged_into_id IS NULL AND {own} OR {merged})
"""
# Whose facts were written since the grant was last looked at, or whose day a version governs that was published since,
# or up to an hour before: what was written then may have been committed after it.
TOUCHED = """
    WITH RECURSIVE edge AS MATERIALIZED (
        SELECT one, other, max(at) AS at FROM (
            SELECT company_id AS one, other_id AS other, pgh_created_at AS at FROM companies_relationevent
            UNION ALL SELECT other_id, company_id, pgh_created_at FROM companies_relationevent
        ) AS both_ways GROUP BY one, other
    ), party(company_id, member) AS (
        SELECT one, one FROM edge
        UNION SELECT party.company_id, edge.other FROM party JOIN edge ON edge.one = party.member
    ), related AS MATERIALIZED (
        SELECT party.company_id, max(edge.at) AS at FROM party JOIN edge ON edge.one = party.member
        GROUP BY party.company_id
    )
    SELECT g.id FROM subsidies_grant g
    JOIN companies_company c ON c.id = g.company_id
    JOIN companies_company own ON own.id = coalesce(c.merged_into_id, c.id)
    LEFT JOIN related ON related.company_id = own.id
    WHERE g.state IN ('approved', 'paid') AND {condition} AND (greatest(
        c.updated_at, own.updated_at,
        (SELECT max(updated_at) FROM spaces_lease WHERE company_id = own.id),
        (SELECT max(updated_at) FROM companies_report WHERE company_id = own.id),
        (SELECT max(updated_at) FROM subsidies_expense WHERE company_id = own.id),
        (SELECT max(greatest(e.updated_at, s.updated_at, t.updated_at, p.updated_at)) FROM subsidies_grantitem i
            LEFT JOIN subsidies_expense e ON e.id = i.expense_id LEFT JOIN subsidies_supplier s ON s.id = e.supplier_id
            LEFT JOIN community_talent t ON t.id = i.talent_id LEFT JOIN funding_project p ON p.id = i.project_id
            WHERE i.grant_id = g.id),
        related.at
    ) > g.reviewed_at - interval '1 hour' OR (
        SELECT v.published_at FROM subsidies_policyversion v
        WHERE v.state = 'published' AND v.effective_from <= g.granted_on ORDER BY v.effective_from DESC LIMIT 1
    ) > g.reviewed_at - interval '1 hour')
    ORDER BY g.id
"""
GRANT_TYPES = {
    "company": pl.Int64(), "point": pl.String(), "part": pl.String(), "granted_on": pl.Date(), "amount": pl.Int64(),
    "grant": pl.Int64(), "decided": pl.Int64(),
}  # fmt: skip


def grants(selection: Selection) -> pl.DataFrame:
    """company (id), point, part, granted_on, amount (fen), and further: grant (id), decided (microseconds)."""
    query = GRANTS.format(own=selection.condition("c.id"), merged=selection.condition("c.merged_into_id"))
    return read_frame(query, selection.parameters * 2, GRANT_TYPES)


def touched(selection: Selection) -> list[int]:
    """The ids of the active grants of the selected companies that rest on something written since they were last
    looked at, a version of the policy included that governs their day."""
    with connection.cursor() as cursor:
        cursor.execute(TOUCHED.format(condition=selection.condition("g.company_id")), selection.parameters)
        return [row[0] for row in cursor.fetchall()]


def as_before(records: Records, grant: Grant, *, beside_all: bool = False) -> Records:
    """The records as they would be had the grant and its supplements not been made: nothing but its own items is left
    to be granted, and what was granted after it was not granted yet. With `beside_all` everything else that was granted
    in its year, also after it, was granted before: what it may be raised to without passing a yearly maximum."""
    first = grant.first
    own = records.grants["grant"].is_in(_family(first))
    place = records.grants.filter(pl.col("grant") == first.pk)["decided"]
    before = pl.col("decided") < place[0] if len(place) and not beside_all else pl.lit(value=True)
    others = records.grants.filter(before & ~own)
    codes = {name: _codes(first, name) for name in ("expense", "talent", "project")}
    return replace(
        records,
        grants=_granted_by(others, first) if beside_all else others,
        expenses=_left(records.expenses, "expense", codes["expense"], "granted"),
        talents=_left(records.talents, "talent", codes["talent"], "awarded"),
        projects=_left(records.projects, "project", codes["project"], "awarded"),
    )


def _family(first: Grant) -> list[int]:
    return [first.pk, *first.supplements.values_list("pk", flat=True)]


def _granted_by(grants: pl.DataFrame, first: Grant) -> pl.DataFrame:
    """What was granted later in the year of the grant, as if on its day."""
    if first.granted_on is None:
        raise ValueError(f"{first} was never approved")
    day = pl.col("granted_on")
    is_later = (day > first.granted_on) & (day.dt.year() == first.granted_on.year)
    return grants.with_columns(pl.when(is_later).then(pl.lit(first.granted_on)).otherwise(day).alias("granted_on"))


def _codes(grant: Grant, name: str) -> list[str]:
    code = f"{name}__number" if name == "expense" else f"{name}__code"
    return list(grant.items.filter(**{f"{name}__isnull": False}).values_list(code, flat=True))


def _left(frame: pl.DataFrame, name: str, codes: list[str], flag: str) -> pl.DataFrame:
    return frame.with_columns((~pl.col(name).is_in(codes)).alias(flag))
