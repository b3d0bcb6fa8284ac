"""Who belongs together: companies that parents, sisters and controllers join, however many steps lie between them."""

from collections.abc import Collection

from django.db import connection

# Both ways, and at whatever time a relation held.
GROUP = """
    WITH RECURSIVE party(id) AS (
        SELECT unnest(%s::bigint[])
        UNION
        SELECT CASE WHEN relation.company_id = party.id THEN relation.other_id ELSE relation.company_id END
        FROM party JOIN companies_relation relation ON party.id IN (relation.company_id, relation.other_id)
    ) SELECT id FROM party
"""


def group_of(companies: Collection[int]) -> set[int]:
    """The ids of these companies and of all that are, or were, related to them."""
    with connection.cursor() as cursor:
        cursor.execute(GROUP, [list(companies)])
        return {row[0] for row in cursor.fetchall()}
