"""Pairs of companies that may be the same, by what an index finds: names in both scripts, websites, people.

Each pair comes once, with what is known of both; `companies.likeness` says how alike they are. A host or a mail domain
that many companies share says nothing about any of them, and is left out.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, transaction

from companies.likeness import Candidates, Side
from companies.models import Likeness

SIMILAR = 0.6
SHARED_BY_MOST = 4
WRITTEN_AT_ONCE = 1000

# The names are compared by the trigram index, whichever script they are in; `%%` is its operator. Websites by theirs.
PAIRS = """
    WITH mine AS MATERIALIZED (
        SELECT id, match_name, match_name_zh, website_host FROM companies_company
        WHERE {mine} AND merged_into_id IS NULL
    ), found AS (
        SELECT mine.id AS a, other.id AS b FROM mine JOIN companies_company other
            ON mine.match_name <> '' AND other.match_name %% mine.match_name
        UNION
        SELECT mine.id, other.id FROM mine JOIN companies_company other
            ON mine.match_name_zh <> '' AND other.match_name_zh %% mine.match_name_zh
        UNION
        SELECT mine.id, other.id FROM mine JOIN companies_company other
            ON mine.match_name <> '' AND other.match_name_zh %% mine.match_name
        UNION
        SELECT mine.id, other.id FROM mine JOIN companies_company other
            ON mine.match_name_zh <> '' AND other.match_name %% mine.match_name_zh
        UNION
        SELECT mine.id, other.id FROM mine JOIN companies_company other
            ON other.website_host = mine.website_host AND other.website_host <> ''
            WHERE (SELECT count(*) FROM (SELECT FROM companies_company one WHERE one.website_host = mine.website_host
                   AND one.website_host <> '' LIMIT %(most)s + 1) AS few) <= %(most)s
        UNION
        SELECT mine.id, theirs.company_id FROM mine
            JOIN companies_membership ours ON ours.company_id = mine.id
            JOIN companies_membership theirs ON theirs.user_id = ours.user_id
    ), pairs AS (
        SELECT DISTINCT least(a, b) AS one, greatest(a, b) AS other FROM found WHERE a <> b AND {once}
    )
    SELECT pairs.one, pairs.other,
           x.name, x.name_zh, x.match_name, x.match_name_zh, x.website_host, x.uscc, x.founded_on,
           y.name, y.name_zh, y.match_name, y.match_name_zh, y.website_host, y.uscc, y.founded_on,
           EXISTS (
               SELECT FROM companies_membership m JOIN companies_membership n USING (user_id)
               WHERE m.company_id = pairs.one AND n.company_id = pairs.other
           ),
           EXISTS (
               SELECT FROM domains d JOIN domains e ON e.domain = d.domain
               WHERE d.company_id = pairs.one AND e.company_id = pairs.other
           )
    FROM pairs JOIN companies_company x ON x.id = pairs.one JOIN companies_company y ON y.id = pairs.other
    WHERE x.merged_into_id IS NULL AND y.merged_into_id IS NULL
"""
# The mail domains of the people of each company, without those that many have.
DOMAINS = """
    CREATE TEMPORARY TABLE IF NOT EXISTS domains (company_id bigint, domain text) ON COMMIT DROP;
    TRUNCATE domains;
    INSERT INTO domains
        SELECT company_id, domain FROM (
            SELECT DISTINCT m.company_id, lower(split_part(u.email, '@', 2)) AS domain
            FROM companies_membership m JOIN accounts_user u ON u.id = m.user_id
        ) AS known
        WHERE domain IN (
            SELECT lower(split_part(u.email, '@', 2))
            FROM companies_membership m JOIN accounts_user u ON u.id = m.user_id
            GROUP BY 1 HAVING count(DISTINCT m.company_id) <= %(most)s
        );
    CREATE INDEX IF NOT EXISTS domains_company ON domains (company_id);
"""


def candidates(*, ids: Sequence[int] | None = None, first: int = 0, until: int = 0) -> list[Candidates]:
    """The pairs of the companies `ids` with any others, or those whose first company has an id in [first, until)."""
    mine, once = ("id = ANY(%(ids)s)", "true") if ids is not None else ("id >= %(first)s AND id < %(until)s", "a < b")
    words: dict[str, Any] = {"ids": list(ids or ()), "first": first, "until": until, "most": SHARED_BY_MOST}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL pg_trgm.similarity_threshold = %s", [SIMILAR])
        cursor.execute(DOMAINS, words)
        cursor.execute(PAIRS.format(mine=mine, once=once), words)
        rows = cursor.fetchall()
    return [Candidates(row[0], row[1], (Side(*row[2:9]), Side(*row[9:16])), row[16], row[17]) for row in rows]


def record(found: Iterable[Likeness], *, ids: Sequence[int] | None = None, first: int = 0, until: int = 0) -> None:
    """Make what is on record about the same companies what was found now."""
    rows = list(found)
    with transaction.atomic():
        if ids is not None:
            Likeness.objects.filter(one__in=ids).delete()
            Likeness.objects.filter(other__in=ids).delete()
        else:
            Likeness.objects.filter(one__gte=first, one__lt=until).delete()
        Likeness.objects.bulk_create(
            rows, batch_size=WRITTEN_AT_ONCE, update_conflicts=True, unique_fields=["one", "other"],
            update_fields=["score", "signs", "found_at"],
        )  # fmt: skip
