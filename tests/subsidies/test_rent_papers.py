"""The rent statement as PDF: who gets it, and that it says what the page says, in three languages."""

import datetime as dt
import io
import re
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import translation
from pypdf import PdfReader

from companies.models import Company
from subsidies.balance import balance_of
from subsidies.models import PolicyVersion, RentStatement
from subsidies.papers import rent_statement
from subsidies.services import statements
from subsidies.statement_numbers import written
from tests.subsidies.conftest import JUNE, MAY, billed, let
from tests.subsidies.test_pages import MONEY, OWN

PRINTED = dt.datetime(2026, 6, 16, 9, tzinfo=dt.UTC)


@pytest.fixture
def statement(policy: PolicyVersion, company: Company, treasurer) -> RentStatement:
    """Of May, issued, with 400 m²."""
    let(company, number="L-1", area_m2=Decimal("400.00"))
    billed(company, MAY)
    statements.issue_statements(month=MAY, on=JUNE, by=treasurer)
    return RentStatement.objects.get()


def printed(found: RentStatement, language: str = "en") -> str:
    """The words of all pages, without the white space, which is the typesetter's."""
    with translation.override(language):
        balance = balance_of(found.company, on=dt.date(2026, 5, 31))
        paper = PdfReader(io.BytesIO(rent_statement.pdf(found, balance, at=PRINTED)))
    return re.sub(r"\s", "", "".join(one.extract_text() for one in paper.pages))


def test_the_company_s_people_and_the_staff_with_money_take_it(statement, request, signed_in):
    url = reverse("subsidies:statement_pdf", args=[statement.public_id])
    for name, status in (OWN | MONEY).items():
        answer = signed_in(request.getfixturevalue(name)).get(url)
        assert answer.status_code == status, name
        if answer.status_code == 200:
            assert answer.content.startswith(b"%PDF-")
            assert answer["Content-Disposition"] == 'attachment; filename="a-001-rent-2026-05.pdf"'


def test_a_stranger_finds_none(statement, mallory, signed_in, anonymous):
    url = reverse("subsidies:statement_pdf", args=[statement.public_id])
    assert signed_in(mallory).get(url).status_code == 404
    assert anonymous.get(url).status_code == 302


def test_it_says_what_the_page_says(statement):
    words = printed(statement)
    for said in (
        "Rent statement 2026-05", "Lingxi Audio", "灵犀音频", "¥3,100.00", written(statement.number), "Lease L-1",
        "¥12,400.00 − ¥9,300.00 = ¥3,100.00", "400.00", "300.00", "1.0000", "waived up to the largest area",
        "8 of 36 months of the relief are used, 28 are left: the last day is 2028-09-24.", f"by {statement.due_on}",
    ):  # fmt: skip
        assert said.replace(" ", "") in words, said


@pytest.mark.parametrize(
    ("language", "title"), [("en", "Rentstatement2026-05"), ("zh-hans", "租金账单"), ("de", "Mietabrechnung2026-05")]
)
def test_it_is_written_in_each_language(statement, language: str, title: str):
    assert title in printed(statement, language)


def test_it_comes_in_the_company_s_language_whoever_reads_it(statement, alice, treasurer, signed_in):
    url = reverse("subsidies:statement_pdf", args=[statement.public_id])
    alice.language = "zh-hans"
    alice.save()
    for client in (signed_in(alice), signed_in(treasurer)):
        assert client.get(url)["Content-Language"] == "zh-hans"
        assert client.get(url, {"language": "de"})["Content-Language"] == "de"
        assert client.get(url, {"language": "fr"}).status_code == 404


def test_the_same_moment_gives_the_same_bytes(statement):
    twice = [rent_statement.pdf(statement, None, at=PRINTED) for _ in range(2)]
    assert twice[0] == twice[1]


def test_corrections_and_a_statement_that_is_open(statement, company):
    company.leases.update(area_m2=Decimal("200.00"))
    words = printed(billed(company, JUNE))
    assert "theleasedareawascorrected" in words
    assert "Thisstatementisopen" in words


def test_the_page_leads_to_it(statement, alice, signed_in):
    page = signed_in(alice).get(reverse("subsidies:statement", args=[statement.public_id])).content.decode()
    assert reverse("subsidies:statement_pdf", args=[statement.public_id]) in page
