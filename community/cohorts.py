"""Who is in a cohort: whom somebody put into it, and who came to the zone between its days."""

from typing import Any

import polars as pl
from django.db.models import Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Least, Lower

from community.models import Cohort, CohortMember
from companies.models import Company
from core.frames import read_frame
from spaces.models import DeskMembership, Lease

# A company comes with the first day of its first lease or desk.
MEMBERS = f"""
    SELECT member.company_id, cohort.code
    FROM {CohortMember._meta.db_table} member JOIN {Cohort._meta.db_table} cohort ON cohort.id = member.cohort_id
    WHERE cohort.voided_at IS NULL
    UNION
    SELECT came.company_id, cohort.code
    FROM {Cohort._meta.db_table} cohort JOIN (
        SELECT company_id, min(lower(term)) AS day FROM (
            SELECT company_id, term FROM {Lease._meta.db_table} WHERE voided_at IS NULL
            UNION ALL
            SELECT company_id, term FROM {DeskMembership._meta.db_table}
            WHERE voided_at IS NULL AND company_id IS NOT NULL
        ) held GROUP BY company_id
    ) came ON (cohort.arrived_from IS NOT NULL OR cohort.arrived_until IS NOT NULL)
        AND came.day >= coalesce(cohort.arrived_from, '-infinity')
        AND came.day <= coalesce(cohort.arrived_until, 'infinity')
    WHERE cohort.voided_at IS NULL
    ORDER BY 2, 1
"""  # noqa: S608


def memberships() -> pl.DataFrame:
    """company (its row) and cohort (its code): a row for each cohort that a company is in."""
    return read_frame(MEMBERS, [], {"company": pl.Int64(), "cohort": pl.String()})


def with_arrival(companies: QuerySet[Company]) -> QuerySet[Any]:
    """Annotate `arrived_on`, the first day of the company's first lease or desk; null for one that never had any."""
    firsts = [
        Subquery(
            model.objects.valid().filter(company=OuterRef("pk")).order_by().values("company")
            .annotate(day=Min(Lower("term"))).values("day")
        )
        for model in (Lease, DeskMembership)
    ]  # fmt: skip
    return companies.annotate(arrived_on=Least(*firsts))  # of one that is null the other, in PostgreSQL


def members_of(cohort: Cohort) -> QuerySet[Any]:
    """The companies of the cohort, with `arrived_on`."""
    by_hand = Q(pk__in=cohort.members.values("company"))
    if not cohort.has_rule:
        return with_arrival(Company.objects.all()).filter(by_hand)
    since = Q(arrived_on__gte=cohort.arrived_from) if cohort.arrived_from else Q()
    until = Q(arrived_on__lte=cohort.arrived_until) if cohort.arrived_until else Q()
    return with_arrival(Company.objects.all()).filter(by_hand | Q(arrived_on__isnull=False) & since & until)
