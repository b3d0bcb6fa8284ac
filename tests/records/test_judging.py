"""Who judges: reviewers score projects, officers verify reports and admit suppliers, and nobody in his own cause."""

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.models import StaffRole
from companies.choices import MemberRole
from core.periods import period
from tests.conftest import staff_member
from tests.factories import MembershipFactory, ProjectFactory, ReportFactory, SupplierFactory


def shown(response) -> str:
    assert response.status_code == 200
    return response.content.decode().replace("&#x27;", "'")


# --- Scores ------------------------------------------------------------------------------------------------------


def test_a_reviewer_scores_a_project_and_takes_the_score_back(company, reviewer, signed_in):
    client, project = signed_in(reviewer), ProjectFactory(company=company)
    url = reverse("funding:project_score", args=[project.code])
    assert url in shown(client.get(reverse("funding:project", args=[project.code])))
    assert client.post(url, {"score": "89.99", "scored_on": "2026-06-01"}).status_code == 302
    project.refresh_from_db()
    assert (project.score, project.scored_on) == (Decimal("89.99"), dt.date(2026, 6, 1))
    client.post(url, {"score": "", "scored_on": ""})
    project.refresh_from_db()
    assert (project.score, project.scored_on) == (None, None)


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"score": "100.01", "scored_on": "2026-06-01"}, "less than or equal to 100"),
        ({"score": "89.999", "scored_on": "2026-06-01"}, "2 decimal places"),
        ({"score": "89", "scored_on": ""}, "go together"),
    ],
)
def test_a_score_that_cannot_be_is_told_on_the_form(company, reviewer, signed_in, sent, told):
    project = ProjectFactory(company=company)
    url = reverse("funding:project_score", args=[project.code])
    assert told in shown(signed_in(reviewer).post(url, sent))
    project.refresh_from_db()
    assert project.score is None


def test_nobody_scores_a_project_of_his_own_company(company, reviewer, signed_in):
    MembershipFactory(company=company, user=reviewer, role=MemberRole.VIEWER)
    project = ProjectFactory(company=company)
    url = reverse("funding:project_score", args=[project.code])
    answer = signed_in(reviewer).post(url, {"score": "99", "scored_on": "2026-06-01"})
    assert answer.status_code == 403
    project.refresh_from_db()
    assert project.score is None


def test_a_founder_corrects_a_project_until_it_is_scored(company, alice, signed_in):
    client = signed_in(alice)
    for project, status in (
        (ProjectFactory(company=company), 200),
        (ProjectFactory(company=company, scored=True), 403),
    ):
        assert client.get(reverse("funding:project_change", args=[project.code])).status_code == status


def test_projects_to_be_scored_are_listed_alone(company, reviewer, signed_in):
    waiting = ProjectFactory()
    ProjectFactory(scored=True)
    table = signed_in(reviewer).get(reverse("funding:projects"), {"score": "missing"}).context["table"]
    assert [row.record for row in table.rows] == [waiting]


# --- Reports -----------------------------------------------------------------------------------------------------


def test_an_officer_verifies_a_report_and_its_company_changes_it_no_more(company, alice, officer, signed_in):
    report, desk = ReportFactory(company=company), signed_in(officer)
    change = reverse("companies:report_change", args=[report.pk])
    assert signed_in(alice).get(change).status_code == 200
    desk.post(reverse("companies:report_verify", args=[report.pk]))
    report.refresh_from_db()
    assert report.verified_by == officer
    assert signed_in(alice).get(change).status_code == 403
    assert "Take the verification back?" in shown(desk.get(reverse("companies:report", args=[report.pk])))
    desk.post(reverse("companies:report_unverify", args=[report.pk]))
    assert signed_in(alice).get(change).status_code == 200


def test_a_report_that_is_verified_already_is_told_so(company, officer, signed_in):
    report = ReportFactory(company=company, verified=True)
    response = signed_in(officer).post(reverse("companies:report_verify", args=[report.pk]), follow=True)
    assert [message.level_tag for message in response.context["messages"]] == ["error"]


def test_an_officer_who_works_in_the_company_is_not_offered_to_verify_it_and_cannot(company, officer, signed_in):
    MembershipFactory(company=company, user=officer, role=MemberRole.VIEWER)
    report, desk = ReportFactory(company=company), signed_in(officer)
    assert "report-verify" not in shown(desk.get(reverse("companies:report", args=[report.pk])))
    assert desk.post(reverse("companies:report_verify", args=[report.pk])).status_code == 403
    report.refresh_from_db()
    assert report.verified_at is None


def test_reports_to_be_verified_are_listed_alone(auditor, signed_in):
    waiting = ReportFactory()
    ReportFactory(verified=True)
    table = signed_in(auditor).get(reverse("companies:reports"), {"verified": "no"}).context["table"]
    assert [row.record for row in table.rows] == [waiting]


# --- Suppliers ---------------------------------------------------------------------------------------------------


def test_an_officer_enters_a_supplier_and_corrects_it(company, officer, signed_in):
    desk = signed_in(officer)
    response = desk.post(reverse("subsidies:supplier_new"), {"name": "Cloud Nine", "code": "", "company": ""})
    assert response.url == reverse("subsidies:supplier", args=["S-00001"])
    change = reverse("subsidies:supplier_change", args=["S-00001"])
    seen = desk.get(change).context["form"]["seen"].value()
    desk.post(change, {"name": "Cloud 9", "company": "A-001", "seen": seen})
    assert "Cloud 9" in shown(desk.get(response.url))
    assert "A-001" in shown(desk.get(response.url))


def test_an_officer_admits_a_supplier_changes_the_days_and_takes_it_back(officer, signed_in):
    supplier, desk = SupplierFactory(), signed_in(officer)
    admit = reverse("subsidies:supplier_admit", args=[supplier.code])
    desk.post(admit, {"first": "2026-01-01", "last": ""})
    desk.post(admit, {"first": "2026-01-01", "last": "2026-06-30"})
    supplier.refresh_from_db()
    assert supplier.admission == period(dt.date(2026, 1, 1), dt.date(2026, 6, 30))
    assert "lies before the first day" in shown(desk.post(admit, {"first": "2026-01-01", "last": "2025-12-31"}))
    desk.post(reverse("subsidies:supplier_refuse", args=[supplier.code]))
    supplier.refresh_from_db()
    assert supplier.admission is None


@pytest.mark.parametrize("role", set(StaffRole.values) - {StaffRole.OFFICER})
def test_other_staff_read_suppliers_and_change_none(db, role, signed_in):
    supplier, client = SupplierFactory(), signed_in(staff_member(StaffRole(role)))
    page = shown(client.get(reverse("subsidies:supplier", args=[supplier.code])))
    assert "supplier-admission" not in page
    assert "supplier-change" not in page
    for act in ("supplier_change", "supplier_admit", "supplier_refuse"):
        assert client.post(reverse(f"subsidies:{act}", args=[supplier.code]), {}).status_code == 403


def test_suppliers_that_are_not_admitted_are_listed_alone_and_found_by_name(officer, signed_in):
    waiting = SupplierFactory(name="Cloud Nine")
    SupplierFactory(name="Cloud Ten", admitted=True)
    for query in ({"admitted": "no"}, {"q": "nine"}):
        table = signed_in(officer).get(reverse("subsidies:suppliers"), query).context["table"]
        assert [row.record for row in table.rows] == [waiting]
