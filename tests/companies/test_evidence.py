"""Files that prove a report: what is taken, who sees them, and that none is ever shown inside the portal."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from companies.models import Evidence
from companies.models.evidence import MOST_BYTES
from companies.reporting.files import kind_of
from companies.services import evidence as services
from companies.services import reports
from core.errors import Conflict, Incomplete, NotAllowed
from tests.factories import ReportFactory

PDF = b"%PDF-1.7\n%evidence"


def archive(*names: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as made:
        for name in names:
            made.writestr(name, "x")
    return content.getvalue()


XLSX = archive("[Content_Types].xml", "xl/workbook.xml")


@pytest.fixture
def report(company):
    return ReportFactory(company=company)


def attach(report, by, name="audit.pdf", content=PDF) -> Evidence:
    return services.attach(report=report, name=name, content=content, by=by)


@pytest.mark.parametrize(
    ("content", "label"),
    [
        (PDF, "PDF"), (b"\x89PNG\r\n\x1a\n...", "PNG"), (b"\xff\xd8\xff\xe0...", "JPEG"), (XLSX, "XLSX"),
        (archive("[Content_Types].xml", "word/document.xml"), "DOCX"),
    ],
)  # fmt: skip
def test_the_content_tells_the_kind(content, label):
    assert kind_of(content).label == label


@pytest.mark.parametrize(
    "content",
    [
        b"", b"<html><script>alert(1)</script></html>", b" %PDF-1.7", b"MZ\x90", b"PK\x03\x04 broken", b"GIF89a",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>", archive("a.txt"), archive("xl/workbook.xml"),
        archive("[Content_Types].xml", "xl/workbook.xml", "xl/vbaProject.bin"),
    ],
)  # fmt: skip
def test_other_files_are_refused_whatever_they_are_called(report, alice, content):
    with pytest.raises(Incomplete, match="none of: PDF, PNG, JPEG, XLSX, DOCX") as refused:
        attach(report, alice, content=content)
    assert list(refused.value.fields) == ["file"]


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("audit.pdf", "audit.pdf"), ("审计报告.exe", "审计报告.pdf"), ("../../etc/passwd", "passwd.pdf"),
        ("C:\\books\\a.pdf", "a.pdf"), ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie: x.pdf"), ("", "evidence.pdf"),
        (" .pdf", "evidence.pdf"), ("a" * 200, f"{'a' * 96}.pdf"),
    ],
)  # fmt: skip
def test_a_name_is_a_name_alone_and_ends_as_the_content_says(report, alice, name, kept):
    assert attach(report, alice, name=name).name == kept


def test_a_file_has_a_largest_size_and_a_report_so_many(report, alice, officer, monkeypatch):
    attach(report, alice, content=PDF.ljust(MOST_BYTES, b" "))
    with pytest.raises(Incomplete, match="at most 10 MB"):
        attach(report, alice, content=PDF.ljust(MOST_BYTES + 1, b" "))
    with pytest.raises(Conflict, match="attached already"):
        attach(report, alice, name="again.pdf", content=PDF.ljust(MOST_BYTES, b" "))
    monkeypatch.setattr(services, "MOST_FILES", 2)
    attach(report, alice)
    with pytest.raises(Conflict, match="at most 2 files"):
        attach(report, officer, content=XLSX)


@pytest.mark.parametrize(("who", "may"), [("alice", True), ("bob", True), ("officer", True), ("carol", False),
                                          ("mallory", False), ("auditor", False), ("treasurer", False)])  # fmt: skip
def test_who_may_change_a_report_may_attach_and_take_back(report, alice, request, who, may):
    by, held = request.getfixturevalue(who), attach(report, alice)
    acts = (
        lambda: attach(report, by, content=XLSX),
        lambda: services.take_back(evidence=held, reason="wrong file", by=by),
    )
    for act in acts:
        if may:
            act()
        else:
            with pytest.raises(NotAllowed):
                act()


def test_once_it_is_verified_only_officers_attach(report, alice, officer):
    held = attach(report, alice)
    reports.verify_report(report=report, by=officer)
    with pytest.raises(NotAllowed):
        attach(report, alice, content=XLSX)
    with pytest.raises(NotAllowed):
        services.take_back(evidence=held, reason="a", by=alice)
    assert attach(report, officer, content=XLSX)
    reports.void_report(report=report, reason="wrong", by=officer)
    with pytest.raises(Conflict):
        attach(report, officer, content=archive("[Content_Types].xml", "word/document.xml"))


def test_a_reason_is_needed_to_take_a_file_back(report, alice):
    with pytest.raises(Incomplete):
        services.take_back(evidence=attach(report, alice), reason=" ", by=alice)


def test_a_file_is_downloaded_as_it_was_and_never_shown(report, alice, signed_in):
    held = attach(report, alice, name="审计.pdf")
    response = signed_in(alice).get(reverse("companies:evidence", args=[held.public_id]))
    assert (response.content, response["Content-Type"]) == (PDF, "application/pdf")
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert (response["X-Content-Type-Options"], response["Cache-Control"]) == ("nosniff", "private, no-store")
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"


@pytest.mark.parametrize(
    ("who", "before", "after"),
    [("alice", 200, 404), ("carol", 200, 404), ("mallory", 404, 404), ("auditor", 200, 200), ("officer", 200, 200)],
)
def test_who_sees_the_report_sees_its_files(report, alice, request, signed_in, who, before, after):
    client, held = signed_in(request.getfixturevalue(who)), attach(report, alice)
    url = reverse("companies:evidence", args=[held.public_id])
    assert client.get(url).status_code == before
    services.take_back(evidence=held, reason="wrong file", by=alice)
    assert client.get(url).status_code == after


def test_files_are_attached_and_taken_back_on_the_report_s_page(report, alice, officer, signed_in):
    client, page = signed_in(alice), reverse("companies:report", args=[report.pk])
    url = reverse("companies:report_attach", args=[report.pk])
    sent = client.post(url, {"file": SimpleUploadedFile("audit.pdf", PDF, "text/html")}, follow=True).content.decode()
    assert "The file was attached." in sent
    assert "audit.pdf" in sent
    refused = client.post(url, {"file": SimpleUploadedFile("a.pdf", b"<html>")}, follow=True).content.decode()
    assert "none of: PDF" in refused
    held = Evidence.objects.get()
    back = reverse("companies:evidence_take_back", args=[held.public_id])
    assert client.post(back, {"reason": "wrong file"}).status_code == 302
    assert client.get(back).status_code == 404
    history = signed_in(officer).get(page).context["history"]
    assert ("Declared void", "evidence audit.pdf · wrong file") in [(step.title, step.about) for step in history]


def test_what_is_too_large_is_refused_by_the_form(report, alice, signed_in):
    large = SimpleUploadedFile("a.pdf", PDF.ljust(MOST_BYTES + 1, b" "))
    url = reverse("companies:report_attach", args=[report.pk])
    assert "at most 10 MB" in signed_in(alice).post(url, {"file": large}, follow=True).content.decode()
    assert not Evidence.objects.exists()


def test_viewers_and_strangers_attach_nothing(report, carol, mallory, signed_in):
    url = reverse("companies:report_attach", args=[report.pk])
    sent = {"file": SimpleUploadedFile("a.pdf", PDF)}
    assert (signed_in(carol).post(url, sent).status_code, signed_in(mallory).post(url, sent).status_code) == (403, 404)
