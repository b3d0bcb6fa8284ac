"""The pages of units and leases: what they show to whom, how they are narrowed down, and what forms answer."""

import datetime as dt
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse

from core.interchange import importing, kinds
from core.periods import last_day, period
from spaces.models import Lease
from tests.factories import BuildingFactory, CampusFactory, CompanyFactory, LeaseFactory, UnitFactory

START = dt.date(2026, 1, 1)
FRAGMENT = {"HX-Request": "true"}
END = {"last_day": "2026-07-31", "notice_by": "company", "reason": "it grew"}


@pytest.fixture(autouse=True)
def _june():
    with time_machine.travel(dt.datetime(2026, 6, 15, 4, tzinfo=dt.UTC), tick=False):
        yield


@pytest.fixture
def unit(db):
    campus = CampusFactory(code="sqw", name="Shuqiwan", name_zh="树栖湾")
    return UnitFactory(code="U1", area_m2=Decimal("200.00"), building=BuildingFactory(campus=campus, code="A"))


@pytest.fixture
def lease(unit, company):
    return LeaseFactory(number="HT/2026-1", unit=unit, company=company, term=period(START, dt.date(2026, 8, 31)))


@pytest.fixture
def desk(officer, signed_in):
    return signed_in(officer)


def shown(response) -> str:
    assert response.status_code == 200
    return response.content.decode()


# --- Units -------------------------------------------------------------------------------------------------------


def test_units_show_who_has_them_and_how_much_is_let(desk, lease):
    UnitFactory(code="U2", area_m2=Decimal("50.00"))
    page = shown(desk.get(reverse("spaces:units")))
    assert "Lingxi Audio" in page
    assert "2026-08-31" in page
    assert "40%" in page


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ({"state": "free"}, ["U2"]),
        ({"state": "let"}, ["U1"]),
        ({"state": "free", "on": "2026-08-31"}, ["U2"]),
        ({"state": "free", "on": "2026-09-01"}, ["U1", "U2"]),
        ({"campus": "sqw"}, ["U1"]),
        ({"building": "A"}, ["U1"]),
        ({"unit": "2"}, ["U2"]),
        ({"on": "nonsense"}, ["U1", "U2"]),
    ],
)
def test_units_are_narrowed_down_by_the_address(desk, lease, query, codes):
    UnitFactory(code="U2", area_m2=Decimal("50.00"))
    table = desk.get(reverse("spaces:units"), query).context["table"]
    assert [row.record.code for row in table.rows] == codes


# --- Leases ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ({}, ["HT/2026-1", "OLD", "LATER"]),
        ({"company": "灵犀"}, ["HT/2026-1"]),
        ({"company": "lingx"}, ["HT/2026-1"]),
        ({"company": "late"}, ["LATER"]),
        ({"campus": "sqw"}, ["HT/2026-1"]),
        ({"unit": "U1"}, ["HT/2026-1"]),
        ({"on": "2025-12-31"}, ["OLD"]),
        ({"on": "2026-01-01"}, ["HT/2026-1", "OLD"]),
        ({"ending": "3"}, ["HT/2026-1"]),
        ({"ending": "1"}, []),
        ({"state": "void"}, ["VOID"]),
    ],
)
def test_leases_are_narrowed_down_by_the_address(desk, lease, query, numbers):
    LeaseFactory(number="OLD", term=period(dt.date(2025, 1, 1), dt.date(2026, 3, 31)))
    LeaseFactory(number="LATER", term=period(dt.date(2027, 1, 1), None))
    LeaseFactory(number="VOID", voided=True)
    table = desk.get(reverse("spaces:leases"), query).context["table"]
    assert {row.record.number for row in table.rows} == set(numbers)


@pytest.mark.parametrize(("last", "within"), [("2026-06-15", True), ("2026-07-14", True), ("2026-07-15", False)])
def test_ending_within_a_month_begins_today_and_ends_the_day_before_the_same_day(desk, unit, last, within):
    LeaseFactory(unit=unit, term=period(START, dt.date.fromisoformat(last)))
    table = desk.get(reverse("spaces:leases"), {"ending": "1"}).context["table"]
    assert (len(table.rows) == 1) is within


def test_leases_sort_by_company_and_by_term(desk, lease):
    LeaseFactory(number="FIRST", company=CompanyFactory(name="Aardvark"), term=period(dt.date(2025, 1, 1), None))
    for order in ("company", "term"):
        table = desk.get(reverse("spaces:leases"), {"sort": order}).context["table"]
        assert [row.record.number for row in table.rows] == ["FIRST", "HT/2026-1"]


def test_the_filtered_leases_come_as_a_file_that_can_be_imported(desk, lease):
    LeaseFactory(number="OTHER")
    response = desk.get(reverse("spaces:leases"), {"unit": "U1", "format": "csv"})
    assert response["Content-Disposition"] == 'attachment; filename="leases-2026-06-15.csv"'
    assert response.content.decode() == (
        "lease,company,unit,area_m2,price_per_m2_day,first_day,last_day\n"
        "HT/2026-1,A-001,U1,100.00,3.5000,2026-01-01,2026-08-31\n"
    )
    workbook = desk.get(reverse("spaces:leases"), {"format": "xlsx"})
    assert workbook.content.startswith(b"PK")


def test_founders_see_the_leases_of_their_company_only(lease, alice, mallory, signed_in):
    LeaseFactory(number="OTHER")
    table = signed_in(alice).get(reverse("spaces:leases")).context["table"]
    assert [row.record.number for row in table.rows] == ["HT/2026-1"]
    assert b"HT/2026-1" not in signed_in(mallory).get(reverse("spaces:leases"), {"format": "csv"}).content


@pytest.mark.parametrize("route", ["spaces:leases", "spaces:units"])
def test_a_longer_list_takes_no_more_queries(
    desk, lease, route, django_assert_num_queries, django_assert_max_num_queries
):
    desk.get(reverse(route))
    with django_assert_max_num_queries(20) as few:
        desk.get(reverse(route))
    for number in range(10):
        LeaseFactory(number=f"M{number}")
    with django_assert_num_queries(len(few)):
        desk.get(reverse(route))


# --- One lease ---------------------------------------------------------------------------------------------------


def test_a_lease_shows_its_facts_and_to_staff_its_history(desk, lease, alice, signed_in):
    url = reverse("spaces:lease_detail", args=[lease.number])
    desk.post(reverse("spaces:lease_act", args=["end", lease.number]), END)
    page = shown(desk.get(url))
    assert "200.00 m²" in page
    assert "<del>" in page
    assert "2026-07-31" in page
    assert "Officer" in page
    assert "History" not in shown(signed_in(alice).get(url))


def test_an_officer_declares_a_lease_void_with_a_reason(desk, lease):
    url = reverse("spaces:lease_void", args=[lease.number])
    desk.post(url, {"void-reason": ""})
    lease.refresh_from_db()
    assert lease.voided_at is None
    desk.post(url, {"void-reason": "entered twice"})
    assert "entered twice" in shown(desk.get(reverse("spaces:lease_detail", args=[lease.number])))


@pytest.mark.parametrize("actor", ["auditor", "treasurer"])
def test_other_staff_read_a_lease_and_change_nothing(request, actor, lease, signed_in):
    client = signed_in(request.getfixturevalue(actor))
    assert "lease-acts" not in shown(client.get(reverse("spaces:lease_detail", args=[lease.number])))
    for url, data in (
        (reverse("spaces:lease_act", args=["end", lease.number]), END),
        (reverse("spaces:lease_void", args=[lease.number]), {"void-reason": "x"}),
    ):
        assert client.post(url, data).status_code == 403
    lease.refresh_from_db()
    assert (lease.voided_at, last_day(lease.term)) == (None, dt.date(2026, 8, 31))


# --- The form ----------------------------------------------------------------------------------------------------

TERMS = {
    "company": "A-001",
    "unit": "U1",
    "area_m2": "150.00",
    "price_per_m2_day": "3.5",
    "first_day": "2026-09-01",
    "last_day": "",
    "number": "HT/2026-2",
}


@pytest.mark.parametrize("called", ["A-001", "灵犀", "lingxi aud"])
def test_an_officer_lets_a_unit_to_a_company_called_by_code_or_name(desk, unit, company, called):
    response = desk.post(reverse("spaces:lease_create"), TERMS | {"company": called})
    assert response.url == reverse("spaces:lease_detail", args=["HT/2026-2"])
    lease = Lease.objects.get()
    assert (lease.company, lease.unit, lease.area_m2, lease.term.lower) == (
        company, unit, Decimal("150.00"), dt.date(2026, 9, 1),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("company", "nobody", "No company is called that."),
        ("company", "audio", "Several companies fit: Lingxi Audio (A-001), Other Audio (A-002)"),
        ("unit", "U9", "No unit is called that."),
        ("area_m2", "200.01", "more than unit U1 has (200.00 m²)"),
        ("area_m2", "0", "more than 0"),
        ("price_per_m2_day", "3.00001", "4 decimal places"),
        ("first_day", "2026-08-31", "Unit U1 is let to Lingxi Audio from 2026-01-01 to 2026-08-31 (lease HT/2026-1)."),
        ("last_day", "2026-08-31", "lies before the first day"),
        ("number", "HT/2026-1", "There is a lease with this number already."),
    ],
)
def test_what_cannot_be_signed_is_told_on_the_form(desk, lease, field, value, told):
    CompanyFactory(code="A-002", name="Other Audio")
    page = shown(desk.post(reverse("spaces:lease_create"), TERMS | {field: value}))
    assert told in page.replace("&#x27;", "'")
    assert Lease.objects.count() == 1


def test_an_officer_corrects_a_lease(desk, lease):
    url = reverse("spaces:lease_change", args=[lease.number])
    assert 'value="2026-08-31"' in shown(desk.get(url))
    terms = {name: TERMS[name] for name in ("unit", "area_m2", "price_per_m2_day", "first_day", "last_day")}
    assert desk.post(url, terms).status_code == 302
    lease.refresh_from_db()
    assert (lease.area_m2, lease.term.lower, lease.term.upper) == (Decimal("150.00"), dt.date(2026, 9, 1), None)


def test_a_void_lease_is_not_corrected(desk, company):
    lease = LeaseFactory(voided=True)
    assert desk.get(reverse("spaces:lease_change", args=[lease.number])).status_code == 404


def test_companies_are_offered_in_both_scripts(desk, company, other_company):
    for words in ("灵犀", "Lingx", "A-0"):
        page = shown(desk.get(reverse("companies:offer"), {"company": words}))
        assert 'value="A-001"' in page
        assert "B-001" not in page
    assert "option" not in shown(desk.get(reverse("companies:offer")))


def test_free_units_are_offered_first_with_who_has_the_others_until_when(desk, lease):
    UnitFactory(code="U2", area_m2=Decimal("50.00"))
    page = shown(desk.get(reverse("spaces:offer_units"), {"unit": "U", "first_day": "2026-07-01"}))
    assert page.index("U2") < page.index("U1")
    assert "free" in page
    assert "Lingxi Audio until 2026-08-31" in page


def test_the_preview_tells_the_rent_and_what_stands_in_the_way(desk, lease):
    page = shown(desk.get(reverse("spaces:preview"), TERMS))
    assert "¥525.00" in page  # 150 m² × ¥3.5
    assert "¥15,750.00" in page
    assert "cannot be signed" not in page
    page = shown(desk.get(reverse("spaces:preview"), TERMS | {"first_day": "2026-08-31"}))
    assert "Unit U1 is let to Lingxi Audio" in page
    page = shown(desk.get(reverse("spaces:preview"), TERMS | {"first_day": "2026-08-01", "lease": "HT/2026-1"}))
    assert "cannot be signed" not in page
    assert "Choose a company" in shown(desk.get(reverse("spaces:preview")))


# --- A company's leases ------------------------------------------------------------------------------------------


def test_a_companys_leases_are_a_part_of_its_page(lease, alice, mallory, signed_in):
    url = reverse("spaces:company_leases", args=["A-001"])
    part = shown(signed_in(alice).get(url, headers=FRAGMENT))
    assert "HT/2026-1" in part
    assert "<html" not in part
    assert "<html" in shown(signed_in(alice).get(url))
    assert signed_in(mallory).get(url).status_code == 404


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_the_units_of_the_filter_go_home_as_a_file_that_comes_in_again(officer, signed_in, tmp_path, suffix):
    for number, area in ((1, "120.05"), (2, "30.00"), (11, "9.99")):
        UnitFactory(code=f"U {number}", area_m2=Decimal(area))
    answer = signed_in(officer).get(reverse("spaces:units"), {"unit": "U 1", "format": suffix})
    assert answer["Content-Disposition"].endswith(f'.{suffix}"')
    path = tmp_path / f"units.{suffix}"
    path.write_bytes(answer.content)
    done = importing.import_file(kinds.import_kind("units"), path, on=dt.date(2026, 6, 15))
    assert (done.rows, done.stored.unchanged) == (2, 2)
