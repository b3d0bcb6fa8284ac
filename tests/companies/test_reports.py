"""A company's reports: who enters, changes and verifies them, and what is refused."""

import datetime as dt
from decimal import Decimal

import pytest

from companies.models import Report
from companies.services import reports
from core.errors import Conflict, Incomplete, NotAllowed
from core.models import OutboxEvent
from tests.factories import MembershipFactory, ReportFactory

Q1 = dt.date(2026, 3, 31)

END = dt.date(2025, 12, 31)
FIGURES = {"months": 12, "revenue": Decimal("500000.00"), "profit": Decimal("-120000.00"), "employees": 9}


def enter(company, by, **other) -> Report:
    return reports.enter_report(**{"company": company, "period_end": END, "by": by, **FIGURES, **other})


@pytest.mark.parametrize("who", ["alice", "bob", "officer"])
def test_owners_editors_and_officers_enter_a_report(company, request, who):
    report = enter(company, request.getfixturevalue(who))
    assert (report.profit, report.rd_spend, report.is_verified) == (Decimal("-120000.00"), None, False)
    assert list(OutboxEvent.objects.values_list("topic", "key", "payload")) == [
        ("report.changed", "A-001 2025-12-31", {"company": "A-001"})
    ]


@pytest.mark.parametrize("who", ["carol", "mallory", "approver", "treasurer", "reviewer", "policy_editor", "auditor"])
def test_nobody_else_enters_changes_verifies_or_voids_one(company, request, who):
    by, report = request.getfixturevalue(who), ReportFactory(company=company)
    for act in (
        lambda: enter(company, by, period_end=dt.date(2024, 12, 31)),
        lambda: reports.change_report(report=report, figures={"employees": 3}, by=by),
        lambda: reports.verify_report(report=report, by=by),
        lambda: reports.unverify_report(report=report, by=by),
        lambda: reports.void_report(report=report, reason="a", by=by),
    ):
        with pytest.raises(NotAllowed):
            act()


@pytest.mark.parametrize(
    ("figures", "field"),
    [
        ({"months": 6}, "months"),
        ({"revenue": Decimal("-0.01")}, "revenue"),
        ({"revenue": Decimal("0.005")}, "revenue"),
        ({"profit": Decimal("-1000000000000.01")}, "profit"),
        ({"employees": -1}, "employees"),
        ({"turnover": Decimal(1)}, None),
    ],
)
def test_a_malformed_report_is_refused(company, alice, figures, field):
    with pytest.raises(Incomplete) as refused:
        enter(company, alice, **figures)
    assert field is None or field in refused.value.fields


def test_a_period_is_reported_once_until_the_report_is_void(company, alice):
    report = enter(company, alice)
    with pytest.raises(Conflict, match="A report up to this day is on record already"):
        enter(company, alice)
    reports.void_report(report=report, reason="wrong year", by=alice)
    assert enter(company, alice) != report


def test_an_officer_verifies_a_report_once(company, alice, officer):
    report = enter(company, alice)
    verified = reports.verify_report(report=report, by=officer)
    assert (verified.is_verified, verified.verified_by) == (True, officer)
    assert list(Report.objects.verified()) == [verified]
    with pytest.raises(Conflict, match="A-001 2025-12-31 is verified already"):
        reports.verify_report(report=report, by=officer)


def test_no_officer_verifies_a_report_of_his_own_company(company, officer):
    company.memberships.create(user=officer, role="viewer")
    with pytest.raises(NotAllowed, match="nobody those of his own company"):
        reports.verify_report(report=ReportFactory(company=company), by=officer)


def test_no_officer_changes_a_verified_report_of_his_own_company(company, officer):
    MembershipFactory(company=company, user=officer)
    verified, open_ = ReportFactory(company=company, verified=True), ReportFactory(company=company, period_end=Q1)
    for act in (
        lambda: reports.change_report(report=verified, figures={"employees": 3}, by=officer),
        lambda: reports.void_report(report=verified, reason="no", by=officer),
    ):
        with pytest.raises(NotAllowed, match="ask the zone to change it"):
            act()
    assert reports.change_report(report=open_, figures={"employees": 3}, by=officer).employees == 3


def test_a_verified_report_is_changed_by_officers_only(company, alice, officer):
    report = ReportFactory(company=company, verified=True)
    with pytest.raises(NotAllowed, match="A-001 2025-12-31 is verified: ask the zone to change it"):
        reports.change_report(report=report, figures={"employees": 3}, by=alice)
    with pytest.raises(NotAllowed):
        reports.void_report(report=report, reason="a", by=alice)
    assert reports.change_report(report=report, figures={"employees": 3}, by=officer).is_verified
    reports.unverify_report(report=report, by=officer)
    reports.change_report(report=report, figures={"employees": 4}, by=alice)
    assert Report.objects.get().employees == 4


def test_staff_see_all_reports_and_founders_those_of_their_companies(company, alice, mallory, auditor):
    report = ReportFactory(company=company)
    seen = [list(Report.objects.visible_to(by)) for by in (alice, mallory, auditor)]
    assert seen == [[report], [], [report]]
