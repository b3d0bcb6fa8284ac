"""A report beside the one before it: what jumps asks for a reason, and what was reported last is shown in the form."""

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse

from companies.models import JumpLimits, Report
from companies.records.forms import stamp
from companies.reporting.jumps import answers_of, jumps
from companies.services import questions, reports
from core.errors import Incomplete, NotAllowed
from tests.factories import ReportDutyFactory, ReportFactory

Q1, Q2 = dt.date(2026, 3, 31), dt.date(2026, 6, 30)
TEXTS = {"text_en": "How many?", "text_zh": "多少？", "text_de": "Wie viele?"}
LIMITS = {"percent": 50, "yuan": Decimal("1000.00"), "count": 2}


@pytest.fixture
def limits(officer) -> None:
    questions.set_limits(**LIMITS, by=officer)


@pytest.fixture
def last(company, limits) -> Report:
    """Of a year: ¥40,000.00 of revenue, 10 people."""
    return ReportFactory(company=company, revenue=Decimal("40000.00"), employees=10, product_in_use=True)


def enter(company, by, **figures) -> Report:
    return reports.enter_report(company=company, period_end=Q1, by=by, **{"months": 3, **figures})


@pytest.mark.parametrize(
    ("now", "before", "percent", "least", "is_jump"),
    [
        (150, 100, 50, 10, False), (151, 100, 50, 10, True), (50, 100, 50, 10, False), (49, 100, 50, 10, True),
        (11, 1, 50, 10, False), (12, 1, 50, 10, True), (10, 0, 50, 10, False), (11, 0, 50, 10, True),
        (-11, 0, 50, 10, True), (-100, 100, 150, 10, True), (Decimal("150.01"), 100, 50, 10, True), (0, 0, 1, 0, False),
    ],
)  # fmt: skip
def test_a_jump_is_more_than_the_share_and_more_than_the_least(now, before, percent, least, is_jump):
    assert jumps(now, before, percent, least) is is_jump


@pytest.mark.parametrize(
    ("figures", "jumps_"),
    [
        ({"revenue": Decimal("15000.00")}, False),  # 150 % of a quarter of the year
        ({"revenue": Decimal("15000.01")}, True),
        ({"revenue": Decimal("5000.00")}, False),
        ({"revenue": Decimal("4999.99")}, True),
        ({"employees": 15}, False),  # on the last day: not brought to a quarter
        ({"employees": 16}, True),
        ({"product_in_use": False}, True),
        ({"product_in_use": None}, False),
        ({"profit": Decimal(900_000)}, False),  # nothing was known before
    ],
)
def test_what_comes_together_is_compared_by_the_length_of_the_period(company, alice, last, figures, jumps_):
    if not jumps_:
        assert enter(company, alice, **figures)
        return
    with pytest.raises(Incomplete, match="Say why it differs so much from the report up to 2025-12-31") as refused:
        enter(company, alice, **figures)
    assert list(refused.value.fields) == ["jump_reason"]
    assert Report.objects.count() == 1
    assert enter(company, alice, **figures, jump_reason=" a large order ").jump_reason == "a large order"


def test_a_jump_is_told_with_both_figures(company, alice, last):
    with pytest.raises(Incomplete, match=r"Revenue: ¥90,000.00 after ¥10,000.00; Employees: 1 after 10\."):
        enter(company, alice, revenue=Decimal(90_000), employees=1)


def test_small_differences_are_never_asked_about(company, alice, limits):
    ReportFactory(company=company, months=3, period_end=dt.date(2025, 12, 31), revenue=Decimal(500), employees=1)
    enter(company, alice, revenue=Decimal(1500), employees=3)
    with pytest.raises(Incomplete):
        reports.enter_report(company=company, period_end=Q2, months=3, revenue=Decimal("2500.01"), by=alice)


def test_the_first_report_and_one_after_a_void_one_are_not_compared(company, alice, last, officer):
    reports.void_report(report=last, reason="wrong company", by=officer)
    assert enter(company, alice, revenue=Decimal(9_000_000))


def test_a_correction_wants_a_reason_for_what_it_changes_alone(company, alice, officer, last):
    report = enter(company, alice, revenue=Decimal(90_000), jump_reason="a large order")
    Report.objects.filter(pk=report.pk).update(jump_reason="")  # as a file brings it
    assert reports.change_report(report=report, figures={"employees": 11}, by=officer).employees == 11
    with pytest.raises(Incomplete):
        reports.change_report(report=report, figures={"revenue": Decimal(80_000)}, by=officer)
    with pytest.raises(Incomplete):
        reports.change_report(report=report, figures={"months": 12, "revenue": Decimal(95_000)}, by=officer)
    report.refresh_from_db()
    assert (report.revenue, report.months) == (Decimal(90_000), 3)


def test_the_limits_are_the_zone_s(company, alice, officer, last):
    questions.set_limits(percent=1000, yuan=Decimal(0), count=0, by=officer)
    assert enter(company, alice, revenue=Decimal(90_000))
    with pytest.raises(NotAllowed):
        questions.set_limits(percent=1, yuan=Decimal(0), count=0, by=alice)
    for wrong in ({"percent": 0}, {"percent": 1001}, {"yuan": Decimal(-1)}, {"count": -1}):
        with pytest.raises(Incomplete):
            questions.set_limits(**{**LIMITS, **wrong}, by=officer)
    assert JumpLimits.current().percent == 1000


def test_limits_have_defaults_as_long_as_nobody_set_any(db):
    limits = JumpLimits.current()
    assert (limits.percent, limits.yuan, limits.count) == (50, Decimal(100_000), 10)


# --- The form


def test_the_form_begins_with_what_is_owed_and_shows_what_was_reported_last(company, alice, last, signed_in):
    ReportDutyFactory(company=company, period_end=Q1, months=3)
    page = signed_in(alice).get(reverse("companies:company_report_new", args=["A-001"]))
    form, text = page.context["form"], page.content.decode()
    assert (form["period_end"].value(), form["months"].value(), form["product_in_use"].value()) == (Q1, 3, True)
    assert (form["revenue"].value(), form["employees"].value()) == (None, None)
    assert "Last: ¥40,000.00 (year up to 2025-12-31), alike now: ¥10,000.00" in text
    assert "Last: 10 (year up to 2025-12-31)" in text
    assert "Last: –" not in text


def test_the_address_may_name_the_period(company, alice, last, signed_in):
    ReportDutyFactory(company=company, period_end=Q1, months=3)
    url = reverse("companies:company_report_new", args=["A-001"])
    asked = {"period_end": "2024-12-31", "months": "12"}
    page = signed_in(alice).get(url, asked)
    assert (page.context["form"]["period_end"].value(), "Last:" in page.content.decode()) == (
        dt.date(2024, 12, 31),
        False,
    )
    for wrong in ({"period_end": "never", "months": "12"}, {"period_end": "2024-12-31", "months": "6"}):
        assert signed_in(alice).get(url, wrong).context["form"]["period_end"].value() == Q1


def test_a_jump_is_asked_about_beside_its_field_and_what_was_typed_stays(company, alice, last, signed_in):
    client, url = signed_in(alice), reverse("companies:company_report_new", args=["A-001"])
    typed = {"period_end": "2026-03-31", "months": "3", "revenue": "90000", "product_in_use": "true"}
    page = client.post(url, typed).content.decode()
    assert 'href="#id_jump_reason"' in page
    assert 'value="90000"' in page
    assert client.post(url, {**typed, "jump_reason": "a large order"}).status_code == 302


def test_who_verifies_sees_both_reports_the_jump_and_the_reason(company, alice, officer, last, signed_in):
    report = enter(company, alice, revenue=Decimal(90_000), jump_reason="A large order.")
    page = signed_in(officer).get(reverse("companies:report", args=[report.pk])).content.decode()
    for told in ("Beside the report before", "¥40,000.00", "¥10,000.00", "¥90,000.00", "jumps", "A large order."):
        assert told in page
    Report.objects.filter(pk=report.pk).update(jump_reason="")
    assert "nobody said why" in signed_in(officer).get(reverse("companies:report", args=[report.pk])).content.decode()


def test_the_reason_is_in_the_history(company, alice, officer, last, signed_in):
    report = enter(company, alice, revenue=Decimal(90_000), jump_reason="A large order.")
    url = reverse("companies:report_change", args=[report.pk])
    typed = {"months": "3", "revenue": "80000", "product_in_use": "true", "jump_reason": "Two orders."}
    assert signed_in(officer).post(url, {**typed, "seen": stamp(report)}).status_code == 302
    page = signed_in(officer).get(reverse("companies:report", args=[report.pk])).content.decode()
    assert "A large order." in page
    assert "Two orders." in page


def test_an_officer_changes_the_limits_on_a_page(officer, signed_in):
    client, url = signed_in(officer), reverse("companies:reporting_limits")
    assert 'value="50"' in client.get(url).content.decode()
    assert client.post(url, {"percent": "30", "yuan": "5000", "count": "3"}).status_code == 302
    assert "more than 30 percent" in client.get(reverse("companies:reporting")).content.decode()


def test_a_reason_that_was_given_is_not_taken_away_again(company, alice, last):
    report = enter(company, alice, employees=16, jump_reason="three teams joined")
    with pytest.raises(Incomplete, match="Say why it differs"):
        reports.change_report(report=report, figures={"jump_reason": ""}, by=alice)
    report.refresh_from_db()
    assert report.jump_reason == "three teams joined"
    changed = reports.change_report(report=report, figures={"jump_reason": "two teams joined"}, by=alice)
    assert changed.jump_reason == "two teams joined"


def test_the_answers_of_a_report_are_one_query(company, officer, django_assert_num_queries):
    for place, code in enumerate(("works", "patents", "products"), 1):
        questions.add_question(code=code, kind="count", measure="period", place=place, texts=TEXTS, by=officer)
    report = enter(company, officer, answers={"works": 1, "patents": 2, "products": 3})
    with django_assert_num_queries(1):
        assert answers_of(report) == {"works": 1, "patents": 2, "products": 3}
