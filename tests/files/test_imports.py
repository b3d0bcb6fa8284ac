"""The history of imports: who, when, what file, how many rows of what; and the companies that it was about."""

import datetime as dt
import hashlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import InternalError, transaction
from django.urls import reverse

from companies.history import history_of
from companies.models import Company
from core.interchange import importing
from core.models import FileImport
from tests.factories import CompanyFactory, LoanFactory

COMPANIES = "code,name\nA-001,Other Name\nN-1,New One\n,Nameless\n"
LOANS = "loan,company,bank,principal,annual_rate_percent,drawn_on\nL1,A-001,Bank,1000.00,3.45,2026-01-05\n"


@pytest.fixture
def desk(officer, signed_in):
    return signed_in(officer)


@pytest.fixture
def brought(desk, company):
    """An import of companies by the browser, of which a row was refused."""
    file = SimpleUploadedFile("companies.csv", COMPANIES.encode())
    page = desk.post(reverse("files"), {"kind": "companies", "file": file})
    desk.post(page.url + "take/", {"good": "1"})
    return FileImport.objects.get()


def test_an_import_is_on_record(brought, officer):
    counts = (brought.rows, brought.new, brought.changed, brought.unchanged, brought.refused)
    assert counts == (3, 1, 1, 0, 1)
    assert (brought.kind, brought.name, brought.imported_by) == ("companies", "companies.csv", officer)
    assert brought.sha256 == hashlib.sha256(COMPANIES.encode()).hexdigest()
    assert brought.about == ["A-001", "N-1"]


def test_looking_and_being_refused_is_no_import(desk, company, bring, refusals):
    bring("companies", COMPANIES, accept_valid=True, dry_run=True)
    refusals("companies", COMPANIES)
    desk.post(reverse("files"), {"kind": "companies", "file": SimpleUploadedFile("c.csv", COMPANIES.encode())})
    assert not FileImport.objects.exists()


def test_the_command_line_is_on_record_too(company, write, desk):
    call_command("import_data", "loans", str(write("loans", LOANS)))
    found = FileImport.objects.get()
    assert (found.imported_by, found.about, found.new) == (None, ["A-001"], 1)
    assert "the command line" in desk.get(reverse("imports")).content.decode()


def test_the_audit_trail_names_the_file_its_hash_and_the_person(brought, officer):
    event = Company.objects.get(code="N-1").events.get()
    metadata = event.pgh_context.metadata
    assert (metadata["user"], metadata["file"], metadata["sha256"]) == (officer.pk, "companies.csv", brought.sha256)
    (step,) = history_of(Company.objects.get(code="N-1"))
    assert step.by == "Officer, by the file companies.csv"


def test_the_page_of_an_import_leads_to_its_companies(brought, desk):
    assert reverse("file_import", args=[brought.public_id]) in desk.get(reverse("imports")).content.decode()
    page = desk.get(reverse("file_import", args=[brought.public_id])).content.decode()
    assert reverse("companies:detail", args=["N-1"]) in page
    assert brought.sha256 in page


def test_more_companies_than_are_remembered_are_not_listed(company, bring, desk, monkeypatch):
    CompanyFactory(code="B-001")
    monkeypatch.setattr(importing, "MOST_REMEMBERED", 1)
    bring("loans", LOANS + "L2,B-001,Bank,1000.00,3.45,2026-01-05\n")
    found = FileImport.objects.get()
    assert found.about is None
    page = desk.get(reverse("file_import", args=[found.public_id]))
    assert "so many companies" in page.content.decode()


def test_the_history_is_narrowed_down_by_what_was_in_the_files(company, bring, desk):
    bring("loans", LOANS)
    bring("companies", COMPANIES, accept_valid=True)
    text = desk.get(reverse("imports"), {"kind": "loans"}).content.decode()
    assert ("loans.csv" in text, "companies.csv" in text) == (True, False)


def test_what_was_imported_stays_on_record(company, bring):
    LoanFactory(company=company)
    bring("loans", LOANS)
    for act in (lambda: FileImport.objects.update(new=5), lambda: FileImport.objects.all().delete()):
        with pytest.raises(InternalError), transaction.atomic():
            act()


@pytest.mark.parametrize(("who", "status"), [("auditor", 200), ("treasurer", 200), ("approver", 403), ("alice", 404)])
def test_who_sees_the_history(request, signed_in, who, status):
    client = signed_in(request.getfixturevalue(who))
    assert client.get(reverse("imports")).status_code == status


def test_a_trial_on_the_command_line_tells_what_would_change(company, write, capsys):
    LoanFactory(company=company, number="L1", bank="Bank", principal="1.00", drawn_on=dt.date(2026, 1, 5))
    call_command("import_data", "loans", str(write("loans", LOANS)), "--dry-run")
    told = capsys.readouterr().out
    assert "loans.csv:2: principal '1.00' → '1000.00'" in told
    assert "bank" not in told
