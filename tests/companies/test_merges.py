"""Merging companies that stand in the register twice: what moves, what stays, what is in the way, and who may."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.services import create_key
from companies.choices import MemberRole, MergeState, RelationKind
from companies.models import Company, Invitation, Merge, Relation, StageChange
from companies.services import likeness, merges, people, register
from core.errors import Conflict, Incomplete, NotAllowed
from core.models import OutboxEvent
from core.periods import period
from tests.companies.conftest import USCC
from tests.conftest import member
from tests.factories import (
    TODAY,
    ApplicationFactory,
    BookingFactory,
    CompanyFactory,
    LeaseFactory,
    LeaseOfferFactory,
    ReportFactory,
    UserFactory,
)

WHY = "The same licence hangs on the wall."


def merged(company: Company, into: Company, by) -> Merge:
    return merges.merge_companies(merged=company, survivor=into, reason=WHY, by=by)


def conflicts(company: Company, into: Company) -> list[str]:
    return list(merges.preview(company, into).conflicts)


@pytest.fixture
def double(db) -> Company:
    return CompanyFactory(code="A-002", name="Lingxi Audio Ltd")


def test_what_is_open_moves_and_the_merged_company_leads_to_the_surviving_one(company, double, officer):
    lease, report = LeaseFactory(company=double), ReportFactory(company=double)
    merge = merged(double, company, officer)
    for row in (lease, report, double, merge):
        row.refresh_from_db()
    assert (lease.company, report.company, double.merged_into) == (company, company, company)
    assert (merge.state, merge.decided_by, merge.touches_money) == (MergeState.DONE, officer, False)
    assert {row["relation"]: (row["moved"], row["stayed"]) for row in merge.counts} == {
        "spaces.Lease.company": (1, 0),
        "companies.Report.company": (1, 0),
    }
    assert Company.objects.by_code("A-002") == company


def test_who_depends_on_it_is_told(company, double, officer):
    merge = merged(double, company, officer)
    event = OutboxEvent.objects.get(topic="company.merged")
    assert event.key == "A-001"
    assert event.payload == {"company": "A-001", "other": "A-002", "merge": str(merge.public_id)}


def test_the_audit_trail_keeps_from_what_to_what(company, double, officer):
    merged(double, company, officer)
    assert list(double.events.order_by("pgh_id").values_list("merged_into", flat=True)) == [None, company.pk]


def test_the_preview_counts_and_changes_nothing(company, double):
    LeaseFactory(company=double)
    LeaseFactory(company=company)
    StageChange.objects.create(company=double, stage="chick", since=TODAY)
    seen = merges.preview(double, company)
    lines = {line.rule.name: (line.moving, line.staying, line.survivor) for line in seen.lines}
    assert lines == {"spaces.Lease.company": (1, 0, 1), "companies.StageChange.company": (0, 1, 0)}
    assert (seen.conflicts, seen.touches_money) == ((), False)
    assert double.leases.count() == 1


def test_what_the_surviving_company_does_not_know_it_takes_over(company, double, officer):
    Company.objects.filter(pk=double.pk).update(
        uscc=USCC, founded_on=dt.date(2020, 1, 2), name_zh="灵犀", industry="ai"
    )
    Company.objects.filter(pk=company.pk).update(industry="music")
    merge = merged(double, company, officer)
    company.refresh_from_db()
    double.refresh_from_db()
    assert (company.uscc, company.founded_on, company.industry) == (USCC, dt.date(2020, 1, 2), "music")
    assert (company.name_zh, double.uscc, merge.filled) == ("灵犀音频", None, ["uscc", "founded_on"])
    assert Company.objects.search_for(USCC).get() == company


def test_people_are_kept_once_with_the_greater_right(company, double, officer):
    both = member("both", company, MemberRole.VIEWER)
    people.add_member(company=double, user=both, role=MemberRole.OWNER, by=officer)
    newcomer = member("newcomer", double, MemberRole.EDITOR)
    merged(double, company, officer)
    assert dict(company.memberships.values_list("user", "role")) == {both.pk: "owner", newcomer.pk: "editor"}
    assert not double.memberships.exists()


def test_relations_are_kept_once_and_those_between_the_two_end(company, double, other_company, officer):
    for one, other in [(company, other_company), (double, other_company), (double, company), (other_company, double)]:
        Relation.objects.create(company=one, other=other, kind=RelationKind.PARENT)
    merged(double, company, officer)
    assert set(Relation.objects.values_list("company__code", "other__code")) == {("A-001", "B-001"), ("B-001", "A-001")}


def test_of_two_open_invitations_of_one_address_one_stands(company, double, officer):
    for of, email in [(company, "li@example.org"), (double, "LI@example.org"), (double, "wu@example.org")]:
        Invitation.objects.create(company=of, email=email, role=MemberRole.EDITOR, invited_by=officer)
    merged(double, company, officer)
    assert set(company.invitations.open().values_list("email", flat=True)) == {"li@example.org", "wu@example.org"}
    assert not double.invitations.open().exists()


def test_bookings_that_are_over_stay_and_those_to_come_move(company, double, officer):
    hour = dt.timedelta(hours=1)
    times = [
        timezone.now().replace(minute=0, second=0, microsecond=0) + days * dt.timedelta(days=1) for days in (-9, 9)
    ]
    past, coming = (
        BookingFactory(company=double, period=(time, time + hour), month=time.date().replace(day=1)) for time in times
    )
    merged(double, company, officer)
    past.refresh_from_db()
    coming.refresh_from_db()
    assert (past.company, coming.company) == (double, company)


def test_a_company_that_was_merged_before_leads_on(company, double, officer):
    third = CompanyFactory(code="A-003")
    merged(third, double, officer)
    merged(double, company, officer)
    assert Company.objects.by_code("A-003") == company


def test_an_admission_stays_with_the_company_that_was_admitted(company, double, officer):
    application = ApplicationFactory(submitted=True, state="admitted", company=double, decided_at=timezone.now())
    merged(double, company, officer)
    application.refresh_from_db()
    assert application.company == double


# --- what is in the way ------------------------------------------------------------------------------------------


def test_two_reports_of_one_day_are_named(company, double, officer):
    for one in (company, double):
        ReportFactory(company=one, period_end=dt.date(2026, 3, 31))
    told = conflicts(double, company)
    assert told == ["Both companies have a report up to 2026-03-31: declare one of the two void first."]
    with pytest.raises(Conflict, match="up to 2026-03-31"):
        merged(double, company, officer)
    assert double.reports.count() == 1


def test_a_void_report_of_the_same_day_is_in_nobodys_way(company, double):
    ReportFactory(company=company, period_end=dt.date(2026, 3, 31))
    ReportFactory(company=double, period_end=dt.date(2026, 3, 31), voided_at=timezone.now(), void_reason="twice")
    assert conflicts(double, company) == []


def test_two_credit_codes_are_two_companies(company, double):
    Company.objects.filter(pk=company.pk).update(uscc=USCC)
    Company.objects.filter(pk=double.pk).update(uscc="91330106MA2CFGYT1E")
    (told,) = conflicts(*Company.objects.order_by("-code"))
    assert "two companies by law" in told


def test_an_open_offer_is_named_and_a_declined_one_is_history(company, double, officer):
    offer = LeaseOfferFactory(company=double, number="O-7")
    assert "has an offer that is open: O-7" in conflicts(double, company)[0]
    type(offer).objects.filter(pk=offer.pk).update(state="declined", reason="no")
    merged(double, company, officer)
    offer.refresh_from_db()
    assert offer.company == double


def test_what_was_told_apart_is_not_merged(company, double, officer):
    likeness.tell_apart(one=double, other=company, by=officer)
    assert "these are two companies" in conflicts(double, company)[0]


def test_a_company_is_not_merged_twice_nor_into_itself(company, double, other_company, officer):
    assert conflicts(company, company) == ["A company cannot be merged into itself."]
    merged(double, company, officer)
    double.refresh_from_db()
    assert conflicts(double, other_company) == ["A-002 was merged into A-001 already: take that one."]
    assert conflicts(other_company, double) == ["A-002 was merged into A-001 already: take that one."]
    with pytest.raises(Conflict, match="take that one"):
        merged(other_company, double, officer)


# --- who ---------------------------------------------------------------------------------------------------------


def test_only_officers_merge_and_nobody_his_own(company, double, officer, approver, alice):
    for person in (approver, alice):
        with pytest.raises(NotAllowed):
            merged(double, company, person)
    people.add_member(company=double, user=officer, role=MemberRole.VIEWER, by=officer)
    with pytest.raises(NotAllowed):
        merged(double, company, officer)


def test_a_merge_wants_a_reason(company, double, officer):
    with pytest.raises(Incomplete, match="how you know"):
        merges.merge_companies(merged=double, survivor=company, reason=" ", by=officer)


# --- afterwards --------------------------------------------------------------------------------------------------


def test_nothing_new_comes_to_a_merged_company(company, double, other_company, officer):
    lease = LeaseFactory(company=other_company)
    merged(double, company, officer)
    for act in (
        lambda: LeaseFactory(company=double),
        lambda: ReportFactory(company=double),
        lambda: type(lease).objects.filter(pk=lease.pk).update(company=double),
    ):
        with pytest.raises(IntegrityError, match="was merged into another"), transaction.atomic():
            act()
    with pytest.raises(Conflict, match="enter it for that one"):
        people.add_member(company=double, user=UserFactory(), role=MemberRole.OWNER, by=officer)
    with pytest.raises(Conflict, match="change that one"):
        register.change_company(company=double, values={"name": "Another"}, by=officer, on=TODAY)


def test_a_merge_is_never_undone_by_sql_nor_deleted(company, double, officer):
    merge = merged(double, company, officer)
    for act in (
        lambda: Company.objects.filter(pk=double.pk).update(merged_into=None),
        lambda: Merge.objects.filter(pk=merge.pk).update(reason="other"),
        merge.delete,
    ):
        with pytest.raises(Exception, match="pgtrigger"), transaction.atomic():
            act()


# --- archived ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("registration", "operation", "archived"),
    [
        (period(None, TODAY - dt.timedelta(days=1)), None, True),
        (period(None, TODAY), None, False),
        (period(None, TODAY - dt.timedelta(days=1)), period(TODAY, None), False),
        (period(None, TODAY - dt.timedelta(days=1)), period(None, TODAY - dt.timedelta(days=1)), True),
        (None, period(None, TODAY - dt.timedelta(days=1)), True),
        (None, None, False),
        (period(TODAY, None), period(None, TODAY - dt.timedelta(days=1)), False),
    ],
)
def test_who_left_is_archived_and_whoever_may_be_here_is_not(db, registration, operation, archived):
    CompanyFactory(registration=registration, operation=operation)
    assert Company.objects.archived(TODAY).exists() is archived
    assert Company.objects.current(TODAY).exists() is not archived


def test_a_merged_company_is_archived(company, double, officer):
    merged(double, company, officer)
    assert list(Company.objects.archived(TODAY)) == [double]


def test_a_machine_reads_where_a_merged_company_went_on(company, double, officer, treasurer):
    merged(double, company, officer)
    _key, token = create_key(
        name="Register", scopes=["companies:read"], days=1, now=timezone.now(), created_by=treasurer, by=None
    )
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    rows = [client.get(f"/api/v1/companies/{code}/").json() for code in (double.code, company.code)]
    assert [row["merged_into"] for row in rows] == [company.code, None]
