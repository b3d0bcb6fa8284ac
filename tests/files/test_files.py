"""Files in the browser: what one would do is shown first, then it is imported once, whole or its good rows."""

import datetime as dt
import io
import zipfile
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import RoleGrant, StaffRole
from core import tasks, uploads
from core.errors import Conflict
from core.interchange import effects
from core.models import Upload
from core.periods import today
from funding.models import Loan, Project
from tests.conftest import staff_member
from tests.factories import LoanFactory, MembershipFactory

HEADER = "loan,company,bank,principal,annual_rate_percent,drawn_on\n"
GOOD = "L1,A-001,Bank of Hangzhou,1000.00,3.45,2026-01-05\n"
BAD = "L2,NOBODY,Bank of Hangzhou,1000.001,3.45,2026-01-05\n"


def bring(client: Client, content: str | bytes, *, kind: str = "loans", name: str = "loans.csv"):
    content = content.encode() if isinstance(content, str) else content
    return client.post(reverse("files"), {"kind": kind, "file": SimpleUploadedFile(name, content)})


def shown(response) -> str:
    assert response.status_code == 200
    return response.content.decode().replace("&#x27;", "'")


@pytest.fixture
def desk(officer, signed_in) -> Client:
    return signed_in(officer)


def test_a_good_file_is_shown_first_and_then_imported(company, desk):
    LoanFactory(company=company, number="L3")
    page = bring(desk, HEADER + GOOD)
    assert "Import 1 row" in shown(desk.get(page.url))
    assert not Loan.objects.filter(number="L1").exists()
    desk.post(page.url + "take/")
    assert Loan.objects.get(number="L1").company == company
    assert "Import" not in shown(desk.get(page.url)).split("</header>")[-1]


def test_a_file_is_imported_once(company, desk):
    page = bring(desk, HEADER + GOOD)
    desk.post(page.url + "take/")
    response = desk.post(page.url + "take/", follow=True)
    assert "was imported already" in shown(response)


def test_the_same_file_brought_again_would_change_nothing(company, desk):
    for _time in range(2):
        page = bring(desk, HEADER + GOOD)
        desk.post(page.url + "take/")
    findings = Upload.objects.first().findings
    assert (findings["new"], findings["changed"], findings["unchanged"]) == (0, 0, 1)


def test_problems_are_told_row_by_row_and_the_good_rows_may_be_taken(company, desk):
    page = bring(desk, HEADER + GOOD + BAD)
    text = shown(desk.get(page.url))
    assert "1000.001" in text
    assert "has more than 2 decimal places" in text
    assert "Import the 1 good row" in text
    before = desk.get(page.url + "refused/").content
    desk.post(page.url + "take/", {"good": "1"})
    assert [loan.number for loan in Loan.objects.all()] == ["L1"]
    refused = desk.get(page.url + "refused/")
    assert refused["Content-Disposition"] == 'attachment; filename="loans.refused.csv"'
    assert refused.content == before  # what is taken home may be taken before, and mended at once
    header, row = refused.content.decode().splitlines()
    assert header == HEADER.strip() + ",reason"
    assert row.startswith("L2,NOBODY,")


def test_a_file_with_problems_is_not_taken_whole(company, desk):
    page = bring(desk, HEADER + GOOD + BAD)
    desk.post(page.url + "take/")
    assert not Loan.objects.exists()
    assert Upload.objects.get().taken_at is None


def test_what_changed_after_the_check_is_found_when_it_is_taken(company, desk):
    page = bring(desk, HEADER + GOOD)
    LoanFactory(number="L1", company=company, voided=True)
    response = desk.post(page.url + "take/", follow=True)
    assert "was refused for 1 problem" in shown(response)
    assert Upload.objects.get().findings["refused_rows"] == 1


def test_what_nobody_could_look_at_is_looked_at_before_it_is_written(company, desk):
    """A file that was refused as a whole when it was checked, and would be taken by now."""
    page = bring(desk, HEADER + GOOD)
    Upload.objects.update(findings={"is_refused": True, "problem_count": 1, "problems": []})
    response = desk.post(page.url + "take/", follow=True)
    assert "Look through it once more" in shown(response)
    assert not Loan.objects.exists()
    desk.post(page.url + "take/")
    assert Loan.objects.get().number == "L1"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("loan,company\n", "is a required column"),
        (HEADER.replace("bank", "bnak") + GOOD, "is no column of loans"),
        ("loan;company\nL1;A-001\n", "must be separated by commas"),
        (HEADER.encode() + "贷款".encode("gbk"), "is not UTF-8"),
        (HEADER + GOOD.replace("A-001", "A\0-001"), "control character"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_with_the_reason(company, desk, content, told):
    page = bring(desk, content)
    assert told in shown(desk.get(page.url))
    desk.post(page.url + "take/", {"good": "1"})
    assert not Loan.objects.exists()


def _bomb() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/worksheets/sheet1.xml", b"0" * (201 * 1024**2))
    return packed.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("loans.exe", lambda: b"MZ", "ends with .csv or .xlsx"),
        ("loans.xlsx", lambda: b"no workbook", "This is no XLSX workbook."),
        ("loans.xlsx", _bomb, "The workbook is too large"),
        ("loans.csv", lambda: b"0" * (10 * 1024**2 + 1), "more than 10 MB"),
        ("loans.csv", lambda: b"", "is empty"),
        (f"{'n' * 60}.csv", lambda: b"x", "at most 60 characters"),
    ],
    ids=["type", "content", "unpacked", "size", "empty", "name"],
)
def test_what_is_no_file_to_import_is_refused_on_the_form(desk, name, content, told):
    assert told in shown(bring(desk, content(), name=name))
    assert not Upload.objects.exists()


def test_a_file_is_seen_by_nobody_but_who_brought_it(company, desk, signed_in):
    page = bring(desk, HEADER + GOOD)
    other = staff_member(StaffRole.AUDITOR)
    RoleGrant.objects.create(user=other, role=StaffRole.OFFICER)
    client = signed_in(other)
    for answer in (client.get(page.url), client.get(page.url + "refused/"), client.post(page.url + "take/")):
        assert answer.status_code == 404
    assert not Loan.objects.exists()


PROJECTS = "project,company,title,kind,score,scored_on\nP1,A-001,Title,leading,99,2026-06-01\n"


def test_scores_come_by_a_file_from_reviewers_alone(company, officer, signed_in):
    client = signed_in(officer)
    assert "are the reviewers'" in shown(bring(client, PROJECTS, kind="projects", name="projects.csv"))
    assert bring(client, PROJECTS.replace(",score,scored_on", "").replace(",99,2026-06-01", ""), kind="projects").url
    RoleGrant.objects.create(user=officer, role=StaffRole.REVIEWER)
    page = bring(client, PROJECTS, kind="projects", name="projects.csv")
    client.post(page.url + "take/")
    assert Project.objects.get().score == 99


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("reports", "company,period_end,months,verified\nA-001,2025-12-31,12,yes\n"),
        ("suppliers", "supplier,name,admitted_from\nS-1,Cloud,2026-01-01\n"),
    ],
)
def test_an_officer_who_works_in_a_company_judges_by_no_file(company, officer, desk, kind, content):
    MembershipFactory(company=company, user=officer)
    assert "Nobody who works in a company" in shown(bring(desk, content, kind=kind))
    assert not Upload.objects.exists()


def test_files_of_more_than_a_week_ago_are_forgotten(company, officer, desk):
    bring(desk, HEADER + GOOD)
    Upload.objects.update(created_at=timezone.now() - uploads.KEPT)
    bring(desk, HEADER + GOOD)
    assert Upload.objects.count() == 1


def test_a_value_that_is_a_page_of_text_is_cut(company, desk):
    page = bring(desk, HEADER + GOOD.replace("L1", "L" * 5000))
    assert len(shown(desk.get(page.url))) < 30_000


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_import_a_file_once(company, officer):
    upload = uploads.check_upload(
        kind="loans", name="loans.csv", content=(HEADER + GOOD).encode(), on=today(), by=officer
    )

    def take(_number: int) -> str:
        try:
            uploads.take_upload(upload=upload, on=today(), accept_valid=False, by=officer)
            return "taken"
        except Conflict as error:
            return error.code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as people:
        assert sorted(people.map(take, range(2))) == ["taken", "taken_already"]
    assert Loan.objects.count() == 1


# --- What a file would do


LOAN = {"number": "L1", "bank": "Bank of Hangzhou", "principal": "1000.00", "annual_rate_percent": "3.45"}


def findings() -> dict:
    return Upload.objects.get().findings


def told_changes() -> list[tuple]:
    return [tuple(change[name] for name in effects.CHANGES) for change in findings()["changes"]]


def test_what_changes_is_told_cell_by_cell_before_it_is_written(company, desk):
    loan = LoanFactory(company=company, drawn_on=dt.date(2026, 1, 5), **LOAN | {"bank": "Bank of China"})
    page = bring(desk, HEADER + GOOD.replace("1000.00", "2000"))
    assert told_changes() == [
        (2, "L1", "bank", "Bank of China", "Bank of Hangzhou"),
        (2, "L1", "principal", "1000.00", "2000.00"),
    ]
    text = shown(desk.get(page.url))
    assert all(word in text for word in ("What would change", "Bank of China", "2000.00"))
    loan.refresh_from_db()
    assert loan.bank == "Bank of China"
    desk.post(page.url + "take/")
    loan.refresh_from_db()
    assert (loan.bank, str(loan.principal)) == ("Bank of Hangzhou", "2000.00")
    assert "What changed" in shown(desk.get(page.url))


@pytest.mark.parametrize(
    ("change", "is_the_same"),
    [
        (lambda loan: None, True),
        # It would have changed another value than the one that was shown.
        (lambda loan: Loan.objects.filter(pk=loan.pk).update(bank="Bank of Shanghai"), False),
        # It would have changed nothing any more.
        (lambda loan: Loan.objects.filter(pk=loan.pk).update(bank="Bank of Hangzhou"), False),
        # A row that was told to be new is there already.
        (
            lambda loan: LoanFactory(company=loan.company, drawn_on=dt.date(2026, 1, 5), **LOAN | {"number": "L9"}),
            False,
        ),
        # What no row of the file is about does not matter.
        (lambda loan: LoanFactory(company=loan.company, number="L8"), True),
    ],
    ids=["nothing", "other value", "same value", "there already", "other row"],
)
def test_what_was_shown_is_what_is_written_or_nothing_is(company, desk, change, is_the_same):
    loan = LoanFactory(company=company, drawn_on=dt.date(2026, 1, 5), **LOAN | {"bank": "Bank of China"})
    page = bring(desk, HEADER + GOOD + GOOD.replace("L1", "L9"))
    change(loan)
    before = list(Loan.objects.order_by("pk").values())
    response = desk.post(page.url + "take/", follow=True)
    upload = Upload.objects.get()
    assert (upload.taken_at is not None) == is_the_same
    if not is_the_same:
        assert "would do something else now. Look through it once more" in shown(response)
        assert list(Loan.objects.order_by("pk").values()) == before
        desk.post(page.url + "take/")  # and now it is known what it does
    assert Upload.objects.get().taken_at is not None
    assert Loan.objects.get(number="L1").bank == "Bank of Hangzhou"


def test_good_rows_are_not_taken_when_others_would_be_refused_meanwhile(company, desk):
    page = bring(desk, HEADER + GOOD + GOOD.replace("L1", "L9"))
    LoanFactory(number="L9", company=company, voided=True)
    response = desk.post(page.url + "take/", {"good": "1"}, follow=True)
    assert "would do something else now" in shown(response)
    assert not Loan.objects.filter(number="L1").exists()
    assert "Import the 1 good row" in shown(response)


def test_a_reader_of_another_language_has_seen_the_same(company, desk):
    page = bring(desk, HEADER + GOOD + BAD)
    desk.post(page.url + "take/", {"good": "1"}, headers={"accept-language": "de"})
    assert Loan.objects.get().number == "L1"


def test_other_spellings_are_read_when_the_box_is_ticked(company, desk):
    content = HEADER + "L1,A-001,Bank,100万,3.45,2026/1/5\n"
    refused = bring(desk, content)
    assert "is not a number" in shown(desk.get(refused.url))
    file = SimpleUploadedFile("loans.csv", content.encode())
    read = desk.post(reverse("files"), {"kind": "loans", "tidy": "on", "file": file})
    text = shown(desk.get(read.url))
    assert all(word in text for word in ("Read in another spelling", "100万", "1000000", "2026/1/5", "2026-01-05"))
    desk.post(read.url + "take/")
    assert Loan.objects.get().principal == 1_000_000


def test_scores_are_found_in_a_header_of_any_spelling(company, desk):
    file = SimpleUploadedFile("projects.csv", PROJECTS.replace("score,", "Score,").encode())
    answer = desk.post(reverse("files"), {"kind": "projects", "tidy": "on", "file": file})
    assert "are the reviewers'" in shown(answer)


def test_a_file_of_too_many_rows_is_refused(company, desk, monkeypatch):
    monkeypatch.setattr(uploads, "MOST_ROWS", 2)
    rows = [GOOD.replace("L1", f"L{number}") for number in range(3)]
    assert bring(desk, HEADER + "".join(rows[:2])).url
    assert Upload.objects.latest("pk").findings["new"] == 2
    page = bring(desk, HEADER + "".join(rows))
    assert "has 3 rows, and no more than 2 are taken" in shown(desk.get(page.url))


def test_a_file_that_was_imported_keeps_no_content(company, desk):
    page = bring(desk, HEADER + GOOD)
    assert bytes(Upload.objects.get().content).startswith(b"loan,")
    desk.post(page.url + "take/")
    assert bytes(Upload.objects.get().content) == b""


def test_a_file_is_given_up_and_forgotten(company, desk):
    page = bring(desk, HEADER + GOOD)
    answer = desk.post(page.url + "give-up/", follow=True)
    assert "was not imported, and is forgotten" in shown(answer)
    assert not Upload.objects.exists()
    assert not Loan.objects.exists()


def test_what_was_imported_is_not_given_up(company, desk):
    page = bring(desk, HEADER + GOOD)
    desk.post(page.url + "take/")
    assert "was imported already" in shown(desk.post(page.url + "give-up/", follow=True))
    assert Upload.objects.exists()


def test_old_files_are_forgotten_every_hour(company, desk):
    bring(desk, HEADER + GOOD)
    Upload.objects.update(created_at=timezone.now() - uploads.KEPT + dt.timedelta(minutes=1))
    assert tasks.forget_uploads() == 0
    Upload.objects.update(created_at=timezone.now() - uploads.KEPT - dt.timedelta(minutes=1))
    assert tasks.forget_uploads() == 1
