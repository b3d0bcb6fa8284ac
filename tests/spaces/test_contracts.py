"""The contract of a lease as PDF: what it says, in whose language, and who may have it."""

import datetime as dt
import io
import re
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import translation
from pypdf import PdfReader

from companies.languages import language_of
from core.periods import period
from spaces import services
from spaces.contracts.document import contract
from spaces.lives.plans import Terms
from spaces.models import Lease
from tests.factories import DepositMovementFactory, LeaseFactory, UnitFactory

PRINTED = dt.datetime(2026, 6, 16, 9, tzinfo=dt.UTC)
FIRST, LAST = dt.date(2026, 1, 1), dt.date(2026, 12, 31)
pytestmark = pytest.mark.django_db


@pytest.fixture
def lease(company) -> Lease:
    unit = UnitFactory(code="U1", area_m2=Decimal("120.00"), floor="3")
    return LeaseFactory(
        number="HT/2026-1", unit=unit, company=company, price_per_m2_day=Decimal("3.0417"), term=period(FIRST, LAST)
    )


def words_of(content: bytes) -> str:
    """The text of all pages, without the white space, which is the typesetter's."""
    return re.sub(r"\s", "", "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages))


def printed(lease: Lease, language: str = "en") -> str:
    with translation.override(language):
        return words_of(contract(Lease.objects.with_places().get(pk=lease.pk), at=PRINTED))


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def test_it_says_who_what_how_long_and_for_how_much(lease, treasurer):
    DepositMovementFactory(lease=lease, kind="agreed", amount=Decimal("20000.00"), by=treasurer)
    told = printed(lease)
    for said in (
        "HT/2026-1", "Lingxi Audio", "灵犀音频", "A-001", "U1", "100.00 m²", "2026-01-01", "2026-12-31",
        "100.00 m² × 3.0417 yuan × 30 days = ¥9,125.10", "¥20,000.00", "As on record on 2026-06-16 17:00",
    ):  # fmt: skip
        assert squeezed(said) in told, said


@pytest.mark.parametrize(
    ("language", "title"), [("en", "Lease contract"), ("zh-hans", "租赁合同"), ("de", "Mietvertrag")]
)
def test_it_is_written_in_each_language(lease, language, title):
    assert squeezed(title) in printed(lease, language)


def test_it_is_an_archived_paper_that_is_the_same_each_time(lease):
    whole = Lease.objects.with_places().get(pk=lease.pk)
    paper = contract(whole, at=PRINTED)
    assert paper == contract(whole, at=PRINTED)
    assert PdfReader(io.BytesIO(paper)).trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert b"pdfaid" in paper


def test_an_open_end_a_void_lease_and_one_that_follows_say_so(lease, company, officer):
    open_end = LeaseFactory(number="L-2", company=company, unit=UnitFactory(code="U2"))
    assert squeezed("until either side gives notice") in printed(open_end)
    assert squeezed("What it follows") not in printed(lease)
    terms = Terms("HT/2026-1-2", lease.unit, Decimal(80), Decimal(3), LAST)
    after = services.change_lease_from(lease=lease, day=dt.date(2026, 7, 1), terms=terms, by=officer)
    assert squeezed("Lease HT/2026-1 of unit U1, changed from 2026-07-01 on") in printed(after)
    services.void_lease(lease=open_end, reason="entered twice", by=officer)
    assert squeezed("This lease was declared void: entered twice") in printed(open_end)


def test_data_is_set_as_text_and_never_evaluated(lease, company):
    company.name = '#panic("no") $x$ *strong* \\ @ref'
    company.save()
    assert squeezed('#panic("no") $x$ *strong* \\ @ref') in printed(lease)


def test_papers_are_in_the_language_of_the_first_owner_who_chose_one(company, alice, bob):
    assert language_of(company) == "en"
    bob.language = "de"  # an editor, and no owner
    bob.save()
    assert language_of(company) == "en"
    alice.language = "zh-hans"
    alice.save()
    assert language_of(company) == "zh-hans"


def test_the_company_s_people_and_the_staff_have_it_as_a_file(lease, alice, carol, auditor, mallory, signed_in):
    url = reverse("spaces:lease_contract", args=[lease.number])
    alice.language = "de"
    alice.save()
    for reader in (alice, carol, auditor):
        answer = signed_in(reader).get(url)
        assert (answer["Content-Type"], answer["Content-Language"]) == ("application/pdf", "de")
        assert answer["Content-Disposition"] == 'attachment; filename="contract-ht2026-1.pdf"'
        assert "Mietvertrag" in words_of(answer.content)
    assert signed_in(alice).get(url, {"language": "en"})["Content-Language"] == "en"
    assert signed_in(alice).get(url, {"language": "tlh"}).status_code == 404
    assert signed_in(mallory).get(url).status_code == 404
    assert url in signed_in(carol).get(reverse("spaces:lease_detail", args=[lease.number])).content.decode()
