"""Checking a certificate in public: the truth for who holds the paper, nothing for who does not."""

import uuid

import pytest
from django.urls import reverse

from subsidies.certificates.codes import code_of
from subsidies.gather.selection import chosen
from subsidies.services import assessments
from tests.subsidies.conftest import ON, decision, let
from tests.subsidies.test_pages import text_of
from tests.subsidies.test_replays import tamper


@pytest.fixture
def entitled(policy, company):
    """Alice's company, decided, with 400 m² let."""
    let(company, number="L-1", area_m2="400.00")
    assessments.assess(chosen([company.pk]), on=ON)
    return company


def checked(client, code):
    return client.get(reverse("subsidies:check", args=[code]))


def code(found):
    return code_of(found.public_id, bytes(found.seal))


def test_who_holds_the_paper_sees_what_it_says_and_that_it_stands(entitled, anonymous):
    found = decision(entitled)
    response = checked(anonymous, code(found))
    assert response.status_code == 200
    text = text_of(response)
    for said in ("genuine and still stands", "Lingxi Audio 灵犀音频", "A-001", "eligible", "¥9,000.00", "2026-06-15",
                 "shuqiwan 2025.1", "in force", found.seal.hex()):  # fmt: skip
        assert said in text


def test_a_superseded_one_is_genuine_but_does_not_stand(entitled, anonymous):
    first = decision(entitled)
    entitled.leases.update(area_m2="200.00")
    assessments.assess(chosen([entitled.pk]), on=ON)
    text = text_of(checked(anonymous, code(first)))
    assert "genuine, but no longer stands" in text
    assert "¥9,000.00" in text
    assert "¥6,000.00" not in text
    assert str(decision(entitled).public_id) not in checked(anonymous, code(first)).content.decode()


def test_nothing_else_leaks(entitled, alice, anonymous):
    content = checked(anonymous, code(decision(entitled))).content.decode()
    for secret in (alice.email, alice.name, "L-1", "400.00", "Registered in the zone", "Leased area", "talent",
                   "/certificates/", str(decision(entitled).public_id), "statement"):  # fmt: skip
        assert secret not in content


def test_a_typing_error_is_told_apart_from_a_code_that_nobody_has(entitled, anonymous):
    right = code(decision(entitled))
    wrong = f"{'8' if right[0] != '8' else '9'}{right[1:]}"
    foreign = code_of(uuid.uuid4(), bytes(32))
    assert checked(anonymous, wrong).status_code == checked(anonymous, foreign).status_code == 404
    assert "typing error" in text_of(checked(anonymous, wrong))
    assert "knows no certificate" in text_of(checked(anonymous, foreign))


def test_a_paper_of_another_seal_shows_nothing(entitled, anonymous):
    forged = code_of(decision(entitled).public_id, bytes(32))
    response = checked(anonymous, forged)
    assert response.status_code == 404
    assert "do not belong together" in text_of(response)
    assert "Lingxi" not in response.content.decode()


def test_a_record_that_was_changed_behind_its_seal_is_not_called_genuine(entitled, anonymous):
    found = decision(entitled)
    tamper(found, "amount = 90000.00")
    text = text_of(checked(anonymous, code(found)))
    assert "does not match its seal" in text
    assert "genuine" not in text


def test_the_form_leads_to_the_address_of_the_check(entitled, anonymous):
    right = code(decision(entitled))
    form = reverse("subsidies:check_form")
    assert anonymous.get(form).status_code == 200
    response = anonymous.get(form, {"code": f" {right.lower().replace('-', ' ')} "})
    assert (response.status_code, response.url) == (302, reverse("subsidies:check", args=[right]))


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["", "7MRE-61BX", "7" * 80, "7MRE-61BX-4X3T-S30D-FVDH-4BDT", "\x00"])
def test_the_form_tells_a_typing_error_at_once(anonymous, typed):
    response = anonymous.get(reverse("subsidies:check_form"), {"code": typed})
    assert response.status_code == 200
    assert response.context["form"].errors["code"]


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["x", "%", "\x00", "编号", "7" * 3000, "../../etc"])
def test_any_address_below_is_answered(anonymous, typed):
    assert anonymous.get(f"/check/{typed}/").status_code == 404


def test_checks_are_kept_out_of_search_engines_and_caches(entitled, anonymous):
    for response in (anonymous.get(reverse("subsidies:check_form")), checked(anonymous, code(decision(entitled)))):
        assert response["X-Robots-Tag"] == "noindex, nofollow"
        assert response["Cache-Control"] == "private, no-store"
        assert '<meta name="robots" content="noindex, nofollow">' in response.content.decode()


def test_who_tries_codes_one_after_another_has_to_wait(entitled, anonymous, settings, clean_cache):
    settings.CHECK_RATE_LIMIT = "3/m/ip"
    found = [checked(anonymous, code_of(uuid.uuid4(), bytes(32))).status_code for _ in range(3)]
    assert found == [404, 404, 404]
    assert checked(anonymous, code(decision(entitled))).status_code == 429
    elsewhere = anonymous.get(reverse("subsidies:check", args=[code(decision(entitled))]), REMOTE_ADDR="192.0.2.7")
    assert elsewhere.status_code == 200
