"""Certificates: who gets one, that page, JSON and PDF say what was decided, and that others can reckon the seal."""

import datetime as dt
import hashlib
import io
import json
import re
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import translation
from pypdf import PdfReader

from companies.models import Company
from subsidies.certificates import typesetting
from subsidies.certificates.document import certificate
from subsidies.gather.selection import chosen
from subsidies.models import Decision, PolicyVersion
from subsidies.services import assessments
from tests.factories import DecisionFactory
from tests.subsidies.conftest import ON, decision, let
from tests.subsidies.test_pages import ALL_STAFF, OWN, page, text_of
from tests.subsidies.test_replays import tamper

PRINTED = dt.datetime(2026, 6, 16, 9, tzinfo=dt.UTC)


@pytest.fixture
def entitled(policy: PolicyVersion, company: Company) -> Company:
    """Alice's company, decided, with 400 m² let."""
    let(company, number="L-1", area_m2=Decimal("400.00"))
    assessments.assess(chosen([company.pk]), on=ON)
    return company


def printed(found: Decision, *, language: str = "en") -> PdfReader:
    whole = Decision.objects.select_related("company", "version").get(pk=found.pk)
    with translation.override(language):
        return PdfReader(io.BytesIO(typesetting.pdf(certificate(whole), at=PRINTED)))


def words_of(paper: PdfReader) -> str:
    """The text of all pages, without the white space, which is the typesetter's."""
    return re.sub(r"\s", "", "".join(one.extract_text() for one in paper.pages))


def kept(client, found: Decision) -> dict:
    return json.loads(client.get(reverse("subsidies:certificate_json", args=[found.public_id])).content)


# --- Who may -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("route", ["certificate", "certificate_pdf", "certificate_json"])
def test_the_company_s_people_and_the_staff_open_a_certificate(entitled, request, signed_in, route):
    url = reverse(f"subsidies:{route}", args=[decision(entitled).public_id])
    expected = OWN | ALL_STAFF
    assert {name: signed_in(request.getfixturevalue(name)).get(url).status_code for name in expected} == expected


def test_each_account_links_to_its_certificate(entitled, alice, officer, signed_in):
    link = reverse("subsidies:certificate", args=[decision(entitled).public_id])
    for person, route in ((alice, "subsidies:entitlements"), (officer, "subsidies:company_decisions")):
        assert link in signed_in(person).get(reverse(route, args=[entitled.code])).content.decode()


# --- What it says ------------------------------------------------------------------------------------------------


def test_the_page_says_what_was_decided_and_on_what_it_rests(entitled, alice, signed_in):
    found = decision(entitled)
    text = page(signed_in(alice), "subsidies:certificate", found.public_id)
    for said in (
        "Lingxi Audio 灵犀音频 · A-001", "Outcome eligible Amount ¥9,000.00 for the month", "Decided for 2026-06-15",
        "Version of the policy shuqiwan 2025.1", "Standing in force", "Leases premises in the zone 400.00 m²",
        "36 months", "Rent relief of the month, as billed ¥9,000.00", "First settled day under the policy 2025-09-25",
        "Seal of the decision before none: this is the first", found.seal.hex(),
    ):  # fmt: skip
        assert said in text


def test_what_is_missing_is_named_with_who_can_tell(policy, company, alice, signed_in):
    let(company)
    Company.objects.filter(pk=company.pk).update(registration=None)
    assessments.assess(chosen([company.pk]), on=ON)
    text = page(signed_in(alice), "subsidies:certificate", decision(company).public_id)
    assert "What is missing, and who can tell Registered in the zone on (the company)" in text


def test_a_superseded_one_says_since_when_and_by_which(entitled, alice, signed_in):
    first = decision(entitled)
    entitled.leases.update(area_m2="200.00")
    assessments.assess(chosen([entitled.pk]), on=ON)
    second = decision(entitled)
    response = signed_in(alice).get(reverse("subsidies:certificate", args=[first.public_id]))
    assert "Standing superseded" in text_of(response)
    assert reverse("subsidies:certificate", args=[second.public_id]) in response.content.decode()
    standing = kept(signed_in(alice), first)["standing"]
    assert (standing["in_force"], standing["superseded_by"]) == (False, str(second.public_id))
    assert kept(signed_in(alice), second)["seal"]["previous"] == first.seal.hex()


def test_anybody_can_reckon_the_seal_from_the_json(entitled, alice, signed_in):
    seal = kept(signed_in(alice), decision(entitled))["seal"]
    previous = bytes.fromhex(seal["previous"] or "")
    assert hashlib.blake2b(previous + seal["content"].encode(), digest_size=32).hexdigest() == seal["value"]
    content = json.loads(seal["content"])
    assert (content["company"], content["amount"], content["facts"]["leased_area"]) == ("A-001", "9000.00", 400_00)


def test_the_json_has_values_for_machines(entitled, alice, signed_in):
    found = kept(signed_in(alice), decision(entitled))
    assert (found["format"], found["outcome"], found["amount"], found["per"]) == (1, "eligible", "9000.00", "month")
    (area,) = [one for one in found["criteria"] if one["key"] == "area_leased"]
    assert (area["value"], area["op"], area["threshold"], area["unit"], area["result"]) == (
        "400.00", ">", "0.00", "m2", True,
    )  # fmt: skip
    facts = {fact["name"]: fact["value"] for fact in found["facts"]}
    assert (facts["leased_area"], facts["first_settled_on"], facts["settled"]) == ("400.00", "2025-09-25", "true")
    assert [step["value"] for step in found["steps"]] == ["9000.00"]
    assert found["clauses"][0]["text"]


@pytest.mark.parametrize("assignment", ["amount = 1.00", "criteria = '0'", "seal = decode(repeat('00', 32), 'hex')"])
def test_a_record_that_was_changed_says_so(entitled, alice, signed_in, assignment):
    found = decision(entitled)
    tamper(found, assignment)
    assert "does not match its seal" in page(signed_in(alice), "subsidies:certificate", found.public_id)
    assert kept(signed_in(alice), found)["matches"] is False


@pytest.mark.parametrize("facts", ['{"leased_area": "much"}', '{"leased_area": -1}', '{"registered_on": "soon"}'])
def test_facts_that_no_rule_can_take_are_shown_as_they_are(entitled, alice, signed_in, facts):
    tamper(decision(entitled), "facts = facts || %s", facts)
    text = page(signed_in(alice), "subsidies:certificate", decision(entitled).public_id)
    assert "does not match its seal" in text
    assert words_of(printed(decision(entitled)))


def test_a_decision_whose_version_lacks_a_number_still_has_a_certificate(alice, company, signed_in):
    assert "¥1,000.00" in page(signed_in(alice), "subsidies:certificate", DecisionFactory(company=company).public_id)


# --- On paper ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ["Certificateofadecision", "¥9,000.00", "Nothingismissing."]),
        ("zh-hans", ["认定结果证明", "¥9,000.00", "符合", "房租减免"]),
        ("de", ["BescheinigungeinerEntscheidung", "9.000,00¥", "berechtigt", "Mieterlass"]),
    ],
)
def test_the_paper_is_in_the_reader_s_language(entitled, language, said):
    found = decision(entitled)
    whole = certificate(Decision.objects.select_related("company", "version").get(pk=found.pk))
    text = words_of(printed(found, language=language))
    for words in [*said, "LingxiAudio", "灵犀音频", "A-001", "2025-09-25", found.seal.hex(), whole.check_code]:
        assert words in text


def test_the_download_is_the_paper_of_the_person_s_language(entitled, alice, signed_in):
    alice.language = "de"
    alice.save(update_fields=["language"])
    response = signed_in(alice).get(reverse("subsidies:certificate_pdf", args=[decision(entitled).public_id]))
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == 'attachment; filename="a-001-rent_waiver-2026-06-15.pdf"'
    assert "BescheinigungeinerEntscheidung" in words_of(PdfReader(io.BytesIO(response.content)))


def test_every_page_has_its_number_the_code_and_the_public_address(entitled):
    paper = printed(decision(entitled, "ai_vouchers"))
    code = kept_code(decision(entitled, "ai_vouchers"))
    assert len(paper.pages) > 1
    for number, one in enumerate(paper.pages, start=1):
        text = re.sub(r"\s", "", one.extract_text())
        assert f"Page{number}/{len(paper.pages)}" in text
        assert code in text
        assert "http://localhost:8000/check/" in text


def kept_code(found: Decision) -> str:
    return certificate(Decision.objects.select_related("company", "version").get(pk=found.pk)).check_code


def test_the_paper_claims_the_archive_s_standard_and_that_of_screen_readers(entitled):
    paper = printed(decision(entitled))
    root = paper.trailer["/Root"]
    claimed = root["/Metadata"].get_data().decode()
    for claim in ("pdfaid:part>2<", "pdfaid:conformance>A<", "pdfuaid:part>1<"):
        assert claim in claimed
    assert (root["/MarkInfo"]["/Marked"], root["/Lang"]) == (True, "en")
    assert root["/OutputIntents"]
    assert not paper.is_encrypted


def test_every_typeface_of_the_paper_is_in_it(entitled):
    for one in printed(decision(entitled), language="zh-hans").pages:
        for font in one["/Resources"]["/Font"].values():
            descriptor = font["/DescendantFonts"][0]["/FontDescriptor"]
            assert {"/FontFile2", "/FontFile3"} & set(descriptor)


def test_the_same_moment_gives_the_same_paper(entitled):
    whole = certificate(Decision.objects.select_related("company", "version").get(pk=decision(entitled).pk))
    assert typesetting.pdf(whole, at=PRINTED) == typesetting.pdf(whole, at=PRINTED)


def test_a_name_is_text_whatever_it_looks_like(entitled):
    name = '#read("certificate.typ") *strong* $x$ </script> "quoted" \\ #panic()'
    Company.objects.filter(pk=entitled.pk).update(name=name)
    assert re.sub(r"\s", "", name) in words_of(printed(decision(entitled)))
