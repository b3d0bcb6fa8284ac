"""Official data that were compared again: what is kept of it, who may, and which companies are due."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.models import StaffRole
from companies.checking import due_for_check
from companies.models import Company, OfficialCheck
from companies.services import checks
from core.errors import Conflict, Incomplete, NotAllowed
from core.models import OutboxEvent
from core.periods import period
from tests.factories import TODAY, CompanyFactory, MembershipFactory, OfficialCheckFactory, UserFactory

GSXT = "National Enterprise Credit Information Publicity System"


def checked(company: Company, by, day: dt.date = TODAY, outcome: str = "agrees", note: str = "") -> OfficialCheck:
    return checks.record_check(
        company=company, checked_on=day, source=GSXT, outcome=outcome, note=note, by=by, on=TODAY
    )


def due(on: dt.date = TODAY) -> list[str]:
    return [company.code for company in due_for_check(on)]


def test_a_check_is_recorded_corrected_and_void(company, officer):
    made = checked(company, officer, outcome="differs", note="The Chinese name differs.")
    assert (made.checked_by, made.source, made.note) == (officer, GSXT, "The Chinese name differs.")
    fixed = checks.change_check(
        check=made, source=GSXT, outcome="corrected", note="The name was typed wrong.", by=officer, on=TODAY
    )
    assert fixed.outcome == "corrected"
    assert checks.void_check(check=fixed, reason="of another company", by=officer).voided_at is not None
    assert OutboxEvent.objects.filter(topic="official_check.changed").count() == 3
    with pytest.raises(Conflict):
        checks.change_check(check=fixed, source=GSXT, outcome="agrees", note="", by=officer, on=TODAY)


@pytest.mark.parametrize("outcome", ["corrected", "differs", "not_found"])
def test_what_differs_is_told(company, officer, outcome):
    with pytest.raises(Incomplete, match="what differs"):
        checked(company, officer, outcome=outcome)


def test_a_check_is_of_a_day_that_has_come_and_once_a_day(company, officer):
    with pytest.raises(Incomplete) as refused:
        checked(company, officer, TODAY + dt.timedelta(days=1))
    assert list(refused.value.fields) == ["checked_on"]
    checked(company, officer)
    with pytest.raises(Conflict, match="on record already"):
        checked(company, officer)
    with pytest.raises(IntegrityError), transaction.atomic():
        OfficialCheckFactory(company=company)


@pytest.mark.parametrize("role", [role for role in StaffRole if role != StaffRole.OFFICER])
def test_only_officers_check(company, role):
    with pytest.raises(NotAllowed):
        checked(company, UserFactory(roles=[role]))


def test_no_officer_checks_his_own_company(company, other_company, officer, signed_in):
    made = checked(company, officer)
    MembershipFactory(company=company, user=officer)
    for act in (
        lambda: checked(company, officer, TODAY - dt.timedelta(days=1)),
        lambda: checks.change_check(check=made, source=GSXT, outcome="agrees", note="", by=officer, on=TODAY),
        lambda: checks.void_check(check=made, reason="no", by=officer),
    ):
        with pytest.raises(NotAllowed, match="own company"):
            act()
    assert checked(other_company, officer)


def test_who_is_due_is_whom_nobody_checked_for_a_year(db, officer):
    never, old, fresh = (CompanyFactory(code=code) for code in ("C-1", "C-2", "C-3"))
    checked(old, officer, TODAY - dt.timedelta(days=365))
    checked(fresh, officer, TODAY - dt.timedelta(days=364))
    assert due() == [never.code, old.code]
    assert due(TODAY + dt.timedelta(days=1)) == [never.code, old.code, fresh.code]
    checked(never, officer)
    assert due() == [old.code]


def test_what_is_to_be_settled_stays_due_and_what_is_void_counts_for_nothing(company, officer):
    made = checked(company, officer, TODAY - dt.timedelta(days=1), outcome="differs", note="no such code")
    assert due() == [company.code]
    checked(company, officer)
    assert due() == []
    checks.void_check(check=OfficialCheck.objects.get(checked_on=TODAY), reason="typed twice", by=officer)
    assert due() == [company.code]
    assert made.voided_at is None


def test_teams_and_archived_companies_are_not_due(db):
    CompanyFactory(kind="team")
    CompanyFactory(registration=period(dt.date(2020, 1, 1), TODAY - dt.timedelta(days=1)), operation=None)
    assert due() == []


def test_an_officer_works_through_the_list(company, officer, auditor, alice, signed_in):
    page = signed_in(officer).get(reverse("companies:checks_due")).content.decode()
    form = reverse("companies:company_check_new", args=[company.code])
    assert form in page
    assert form not in signed_in(auditor).get(reverse("companies:checks_due")).content.decode()
    typed = {"checked_on": str(TODAY), "source": GSXT, "outcome": "agrees", "note": ""}
    assert signed_in(officer).post(form, typed).status_code == 302
    assert company.official_checks.get().checked_by == officer
    assert signed_in(alice).get(reverse("companies:checks")).status_code == 404
