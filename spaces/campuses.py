"""On which campus a company is: that of its first premises of some days. A lease comes before a desk that began on the
same day, and the smaller number before the larger one."""

from django.db.models.expressions import RawSQL

from companies.models import Company
from core.periods import Day

# `{company}` and `{days}`, a range, are SQL: the trigger that keeps allowances asks with its own columns.
CAMPUS = """
    SELECT building.campus_id FROM (
        SELECT unit_id, lower(term) AS since, 0 AS kind, number FROM spaces_lease
        WHERE company_id = {company} AND voided_at IS NULL AND term && {days}
        UNION ALL
        SELECT unit_id, lower(term), 1, number FROM spaces_deskmembership
        WHERE company_id = {company} AND voided_at IS NULL AND term && {days}
    ) held
    JOIN spaces_unit unit ON unit.id = held.unit_id
    JOIN spaces_building building ON building.id = unit.building_id
    ORDER BY held.since, held.kind, held.number COLLATE "C" LIMIT 1
"""


def campus_id(company: Company, first: Day, end: Day) -> RawSQL:
    """The campus of the days from `first` to the one before `end`, as an expression; null where it has no premises."""
    days = "daterange(%s, %s)"
    return RawSQL(  # noqa: S611 - of the portal's own text
        CAMPUS.format(company="%s", days=days), [company.pk, first, end] * 2
    )
