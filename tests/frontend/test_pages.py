"""The public page, the parts on one page, and the pages of errors."""

import itertools
import re

import pytest
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.urls import reverse

from accounts.models import User
from subsidies.choices import Point
from subsidies.models import PolicyVersion
from tests.conftest import SignedIn
from tests.factories import PolicyVersionFactory
from zone_portal.dashboard.landing import OFFERS

pytestmark = pytest.mark.django_db


@pytest.fixture
def version() -> PolicyVersion:
    return PolicyVersionFactory(
        version="2025.1",
        texts={"points": {"rent_waiver": {"name": {"en": "Rent waiver", "zh-hans": "房租减免"}}}},
        parameters={"rent_waiver.area_m2": "300", "rent_waiver.months": "36"},
        published=True,
    )


def landing(client: Client, language: str = "en") -> str:
    response = client.get(reverse("landing"), headers={"Accept-Language": language})
    assert response.status_code == 200
    return str(response.content.decode())


def test_the_public_page_offers_all_eight_points() -> None:
    assert {offer.point for offer in OFFERS} == set(Point)


def test_figures_are_those_of_the_policy_in_force_with_their_provenance(anonymous: Client, version) -> None:
    page = landing(anonymous)
    assert "300" in page
    assert "for 36 months" in page
    assert "zp-source-published" in page
    assert "Version 2025.1" in page


def test_a_figure_that_the_version_does_not_hold_is_left_out(anonymous: Client, version) -> None:
    assert "¥2,000,000" not in landing(anonymous)


def test_before_a_policy_is_in_force_no_amount_is_shown(anonymous: Client) -> None:
    page = landing(anonymous)
    assert "No policy is in force today" in page
    assert "¥" not in page
    assert "zp-source-published" not in page


def test_points_bear_the_names_of_the_policy_in_the_readers_language(anonymous: Client, version) -> None:
    page = landing(anonymous, "zh-hans")
    assert '<html lang="zh-Hans">' in page
    assert "房租减免" in page


def test_headings_go_down_one_level_at_a_time(anonymous: Client, version) -> None:
    levels = [int(level) for level in re.findall(r"<h([1-6])", landing(anonymous))]
    assert levels.count(1) == 1
    assert all(deeper - level <= 1 for level, deeper in itertools.pairwise(levels))


def test_the_style_guide_shows_every_part(officer: User, signed_in: SignedIn) -> None:
    page = signed_in(officer).get(reverse("styleguide"))
    assert page.status_code == 200
    for part in (
        "zp-kpi",
        "zp-timeline",
        "zp-checks",
        "zp-explain",
        "zp-errors",
        "zp-wizard",
        "zp-funnel",
        "<progress",
    ):
        assert part in page.content.decode()


def test_the_style_guide_is_for_staff(alice: User, signed_in: SignedIn) -> None:
    assert signed_in(alice).get(reverse("styleguide")).status_code == 404


@pytest.mark.parametrize("template", ["400.html", "403.html", "403_csrf.html", "404.html", "429.html", "500.html"])
def test_an_error_page_renders_without_any_context_and_says_what_to_do(template: str) -> None:
    page = render_to_string(template)
    assert page.count("<h1") == 1
    assert 'class="btn btn-primary"' in page


def test_a_page_that_is_not_there_keeps_the_frame(anonymous: Client) -> None:
    response = anonymous.get("/no-such-page/")
    assert response.status_code == 404
    assert "There is no such page" in response.content.decode()


def test_the_error_of_the_server_needs_no_request() -> None:
    assert "The fault is ours" in render_to_string("500.html", request=RequestFactory().get("/"))
