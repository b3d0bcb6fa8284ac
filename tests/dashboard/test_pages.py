"""The dashboard and the rows behind its figures, as staff see them in a browser."""

import datetime as dt
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.urls import reverse

from accounts.models import StaffRole
from companies.choices import ApplicationStep, Stage
from companies.models import TimelineEntry
from core.models import Run
from core.periods import period
from subsidies.choices import Outcome
from tests.conftest import staff_member
from tests.factories import (
    ApplicationFactory,
    CompanyFactory,
    DecisionFactory,
    LeaseFactory,
    PolicyVersionFactory,
    RentStatementFactory,
)
from zone_portal.dashboard.figures import FIGURES

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 3, 15)
NOW = dt.datetime(2026, 3, 15, 12, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture(autouse=True)
def _on_a_day_in_march():
    with time_machine.travel(NOW, tick=True):
        yield


@pytest.fixture
def staff(officer, signed_in):
    return signed_in(officer)


@pytest.fixture
def zone():
    """One company that stayed, one that left in February, one with an unknown registration."""
    stayed = CompanyFactory(code="STAYED", name="Stayed Ltd.", name_zh="留下科技", stage=Stage.CHICK)
    LeaseFactory(number="L-1", company=stayed, term=period(dt.date(2024, 1, 1), dt.date(2026, 5, 31)))
    left = CompanyFactory(code="LEFT", name="Left Ltd.")
    LeaseFactory(company=left, term=period(dt.date(2024, 1, 1), dt.date(2026, 2, 28)))
    unknown = CompanyFactory(code="UNKNOWN", name="Unknown Ltd.")
    policy = PolicyVersionFactory(
        effective_from=dt.date(2023, 7, 1), parameters={"rent_waiver.months": "36"}, published=True
    )
    earlier = NOW - dt.timedelta(days=3)
    DecisionFactory(
        company=stayed,
        version=policy,
        facts={"first_settled_on": "2023-07-01"},
        decided_at=earlier,
        amount=Decimal("99.50"),
    )
    DecisionFactory(
        company=unknown, version=policy, outcome=Outcome.UNKNOWN, amount=None, missing="registered_on;setup_costs",
        decided_at=earlier,
    )  # fmt: skip
    RentStatementFactory(company=stayed, month=dt.date(2026, 2, 1), rent=Decimal(2000), waived=Decimal("1234.50"))
    with time_machine.travel(earlier):
        TimelineEntry.objects.create(application=ApplicationFactory(submitted=True), step=ApplicationStep.SUBMITTED)
        Run.objects.create(kind="bill", arguments={"month": "2026-02"})


def text_of(response):
    return " ".join(response.content.decode().split())


@pytest.mark.parametrize("role", list(StaffRole))
def test_staff_of_every_role_see_it(signed_in, role):
    assert signed_in(staff_member(role)).get(reverse("dashboard")).status_code == 200


def test_founders_and_strangers_do_not(signed_in, alice, client):
    for url in [reverse("dashboard"), reverse("dashboard_rows", args=["in-zone"])]:
        assert signed_in(alice).get(url).status_code == 404
        assert client.get(url).status_code == 302


def test_it_shows_the_figures_of_the_zone(staff, zone):
    shown = text_of(staff.get(reverse("dashboard")))
    assert "1 of 2 that came a year ago or earlier" in shown
    assert "Rent relief of 2026-02" in shown
    assert "¥1,234.50 in 2026 so far" in shown
    assert "100 of 1,000 m²" in shown
    assert "the oldest for 3 days" in shown
    assert "Registered in the zone on (1)" in shown
    assert "L-1" in shown
    assert "2026-06-30" in shown  # the last day of a window that opened on 2023-07-01


@pytest.mark.parametrize(("role", "linked"), [(StaffRole.TREASURER, True), (StaffRole.REVIEWER, False)])
def test_the_relief_leads_to_the_statements_for_those_who_may_see_them(signed_in, zone, role, linked):
    shown = text_of(signed_in(staff_member(role)).get(reverse("dashboard")))
    assert ("/statements/?month=2026-02" in shown) is linked


def test_an_empty_portal_says_what_will_be_there(staff):
    shown = text_of(staff.get(reverse("dashboard")))
    for words in [
        "No month is billed yet", "Nobody is in the zone on this day", "Nothing was decided by then",
        "No lease ends soon", "Nothing has changed yet", "Nothing has run yet", "All are answered",
    ]:  # fmt: skip
        assert words in shown


def test_a_past_day_is_shown_as_it_was_and_its_links_stay_on_it(staff, zone):
    response = staff.get(reverse("dashboard"), {"on": "2026-02-28"})
    shown = text_of(response)
    assert response.context["zone"].presence.in_zone == 2
    assert "You see the zone as it was at the end of" in shown
    assert "/dashboard/in-zone/?on=2026-02-28" in shown
    assert "/dashboard/in-zone/?on=" not in text_of(staff.get(reverse("dashboard")))


@pytest.mark.parametrize("on", ["2026-03-16", "1999-12-31", "yesterday", "2026-02-30"])
def test_a_day_that_cannot_be_shown_is_refused_in_words(staff, on):
    response = staff.get(reverse("dashboard"), {"on": on})
    assert response.status_code == 200
    assert response.context["form"].errors
    assert response.context["zone"].on == TODAY
    assert 'id="day-problem"' in text_of(response)


@pytest.mark.parametrize("slug", FIGURES)
def test_every_figure_has_rows_with_its_rule(staff, zone, slug):
    shown = text_of(staff.get(reverse("dashboard_rows", args=[slug])))
    assert str(FIGURES[slug].title) in shown
    assert str(FIGURES[slug].rule) in shown


@pytest.mark.parametrize(
    ("slug", "expected"),
    [
        ("in-zone", ["Stayed Ltd."]),
        ("moved-in", []),
        ("moved-out", ["Left Ltd."]),
        ("stayed", ["Stayed Ltd."]),
        ("left", ["Left Ltd."]),
        ("let", ["L-1"]),
        ("leases-ending", ["L-1"]),
        ("reliefs-ending", ["Stayed Ltd.", "¥99.50"]),
        ("unknown", ["Unknown Ltd.", "Registered in the zone on"]),
    ],
)
def test_the_rows_are_those_that_the_figure_counts(staff, zone, slug, expected):
    response = staff.get(reverse("dashboard_rows", args=[slug]))
    shown = text_of(response)
    assert len(response.context["table"].rows) == (1 if expected else 0)
    assert all(words in shown for words in expected)


def test_only_facts_that_can_be_entered_are_named(staff, zone):
    assert "Documented costs" not in text_of(staff.get(reverse("dashboard_rows", args=["unknown"])))


def test_rows_can_be_narrowed_to_a_stage_or_a_fact(staff, zone):
    stages = reverse("dashboard_rows", args=["stages"])
    assert len(staff.get(stages, {"stage": "chick"}).context["table"].rows) == 1
    assert len(staff.get(stages, {"stage": "unicorn"}).context["table"].rows) == 0
    unknown = reverse("dashboard_rows", args=["unknown"])
    assert len(staff.get(unknown, {"missing": "registered_on"}).context["table"].rows) == 1
    assert len(staff.get(unknown, {"missing": "operating_from"}).context["table"].rows) == 0


@pytest.mark.parametrize(
    ("slug", "query"), [("nothing", {}), ("stages", {"stage": "fledgling"}), ("unknown", {"missing": "no_such_fact"})]
)
def test_rows_that_nobody_counts_are_not_found(staff, slug, query):
    assert staff.get(reverse("dashboard_rows", args=[slug]), query).status_code == 404


def test_the_rows_of_a_past_day_sort_on_that_day(staff, zone):
    response = staff.get(reverse("dashboard_rows", args=["in-zone"]), {"on": "2026-02-28", "sort": "-name"})
    assert [row.record.code for row in response.context["table"].rows] == ["STAYED", "LEFT"]


@pytest.mark.parametrize("language", ["zh-hans", "de"])
def test_it_speaks_the_readers_language(staff, zone, officer, language):
    officer.language = language
    officer.save()
    response = staff.get(reverse("dashboard"), headers={"accept-language": language})
    assert response.status_code == 200
    assert f'lang="{"zh-Hans" if language == "zh-hans" else language}"' in response.content.decode()
