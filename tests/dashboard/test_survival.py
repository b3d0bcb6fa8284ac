"""How long companies stayed, by the leases and desks on record, and the pages that show it."""

import datetime as dt
from decimal import Decimal

import polars as pl
import pytest
import time_machine
from django.urls import reverse

from accounts.models import StaffRole
from companies.choices import Stage
from companies.models import StageChange
from core.periods import period
from tests.conftest import staff_member
from tests.factories import CampusFactory, CompanyFactory, DeskMembershipFactory, ExitInterviewFactory, LeaseFactory
from zone_portal.dashboard.overview.tenancies import SCHEMA
from zone_portal.dashboard.survival.comparison import compare
from zone_portal.dashboard.survival.stays import TICKS, stays, ticks

ON = dt.date(2026, 3, 15)


def day(text):
    return dt.date.fromisoformat(text)


def held(*rows):
    return pl.DataFrame(
        [(company, 0, day(first), until and day(until)) for company, first, until in rows], schema=SCHEMA, orient="row"
    )


# --- Stays ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "end", "months", "days"),
    [
        ("2025-01-01", "2025-01-01", 0, 0),
        ("2025-01-01", "2026-01-01", 12, 0),
        ("2024-01-01", "2025-01-01", 12, 0),  # a leap year is a year
        ("2025-01-15", "2025-02-14", 0, 30),
        ("2025-01-15", "2025-02-15", 1, 0),
        ("2025-01-31", "2025-02-27", 0, 27),
        ("2025-01-31", "2025-02-28", 1, 0),  # the month is too short: its last day counts
        ("2025-01-31", "2025-03-30", 1, 30),
        ("2025-01-31", "2025-03-31", 2, 0),
        ("2024-02-29", "2025-02-28", 12, 0),
        ("2024-12-31", "2025-01-01", 0, 1),
    ],
)
def test_time_is_counted_in_calendar_months_and_days(first, end, months, days):
    frame = pl.DataFrame({"first": [day(first)], "end": [day(end)]})
    assert frame.select(ticks(pl.col("first"), pl.col("end"))).item() == months * TICKS + days


def test_time_never_runs_backward():
    days = pl.date_range(day("2023-12-01"), day("2028-03-31"), eager=True)
    for first in days.filter(days.dt.day() > 27)[:8]:
        ends = days.filter(days >= first)
        times = pl.DataFrame({"end": ends}).select(ticks(pl.lit(first), pl.col("end"))).to_series()
        assert (times.diff().drop_nulls() > 0).all()


def test_a_stay_runs_from_the_first_day_to_the_day_on_which_nothing_is_left():
    found = stays(held((1, "2025-01-01", "2025-07-01"), (1, "2025-06-01", "2026-01-01"), (2, "2025-01-01", None)), ON)
    assert found.rows() == [
        (1, day("2025-01-01"), day("2026-01-01"), 12 * TICKS, True),
        (2, day("2025-01-01"), None, 14 * TICKS + 14, False),
    ]


def test_who_goes_on_the_day_has_left_and_who_goes_on_the_next_has_not():
    found = stays(held((1, "2025-03-15", "2026-03-15"), (2, "2025-03-15", "2026-03-16")), ON)
    assert found["left"].to_list() == [True, False]
    assert found["time"].to_list() == [12 * TICKS, 12 * TICKS]


def test_who_comes_on_the_day_is_watched_for_no_time_and_who_comes_later_not_at_all():
    assert stays(held((1, "2026-03-15", None), (2, "2026-03-16", None)), ON).rows() == [(1, ON, None, 0, False)]


def test_a_gap_is_no_end_where_the_company_came_back():
    rows = held((1, "2024-01-01", "2024-07-01"), (1, "2025-01-01", "2026-01-01"))
    assert stays(rows, ON).rows() == [(1, day("2024-01-01"), day("2026-01-01"), 24 * TICKS, True)]
    # In the gap, too: it is known by now that it had not left for good.
    assert stays(rows, day("2024-10-01")).rows() == [(1, day("2024-01-01"), None, 9 * TICKS, False)]


def test_a_lease_without_an_end_is_not_overruled_by_one_that_ended():
    assert stays(held((1, "2025-01-01", None), (1, "2025-01-01", "2025-02-01")), ON)["left"].to_list() == [False]


# --- Groups --------------------------------------------------------------------------------------------------------


def lease(company, first, last=None, **more):
    return LeaseFactory(company=company, term=period(day(first), last and day(last)), **more)


@pytest.mark.django_db
def test_each_company_is_in_one_group_of_each_kind():
    early, late = CampusFactory(code="early", name="Early"), CampusFactory(code="late", name="Late")
    company = CompanyFactory(industry=" Audio ", stage=Stage.GROWING)
    StageChange.objects.create(company=company, stage=Stage.NESTLING, since=day("2023-01-01"))
    StageChange.objects.create(company=company, stage=Stage.GROWING, since=day("2025-01-01"))
    lease(company, "2024-05-01", unit__building__campus=late)
    DeskMembershipFactory(company=company, term=period(day("2024-02-01"), None), unit__building__campus=early)
    other = CompanyFactory()
    lease(other, "2025-05-01", unit__building__campus=late)
    names = {
        by: [group.name for group in compare(ON, by).groups] for by in ("", "cohort", "stage", "campus", "industry")
    }
    assert names == {
        "": ["All companies"],
        "cohort": ["2024", "2025"],
        "stage": ["Nestling", "No stage entered"],
        "campus": ["Early", "Late"],
        "industry": ["Audio", "Not known"],
    }


@pytest.mark.django_db
def test_on_one_day_a_lease_comes_before_a_desk_and_a_void_one_never():
    company = CompanyFactory()
    DeskMembershipFactory(company=company, term=period(ON, None), unit__building__campus__name="Desk")
    lease(company, "2026-03-15", unit__building__campus__name="Lease")
    lease(
        company, "2020-01-01", unit__building__campus__name="Void",
        voided_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC), void_reason="entered in error",
    )  # fmt: skip
    assert [group.name for group in compare(ON, "campus").groups] == ["Lease"]


@pytest.fixture
def zone(db):
    """Twelve of 2024, of whom three left after exactly a year; four of 2025, who are too few."""
    campus = CampusFactory(code="camp", name="Camp")
    for number in range(12):
        company = CompanyFactory(code=f"OLD-{number:02}", industry="Audio")
        lease(company, "2024-01-01", "2024-12-31" if number < 3 else None, unit__building__campus=campus)
    for number in range(4):
        lease(CompanyFactory(code=f"NEW-{number}", industry="Games"), "2025-03-15", unit__building__campus=campus)


def test_shares_bounds_and_numbers_at_risk(zone):
    (old, new) = compare(ON, "cohort").groups
    first = old.months[0]
    assert (old.started, old.here, old.left, old.is_few, old.median) == (12, 9, 3, False, None)
    assert (first.month, first.at_risk, first.left, first.share) == (12, 12, 3, Decimal("0.750"))
    assert (first.lower, first.upper) == (Decimal("0.408"), Decimal("0.912"))
    assert [at.share for at in old.months] == [Decimal("0.750"), Decimal("0.750"), None]
    assert (new.started, new.is_few, [at.share for at in new.months]) == (4, True, [Decimal(1), None, None])


def test_where_all_stayed_or_all_left_there_are_no_bounds(zone):
    lease(CompanyFactory(), "2023-01-01", "2023-12-31")
    all_left, _some_left, all_stayed = (group.months[0] for group in compare(ON, "cohort").groups)
    assert (all_left.share, all_left.lower, all_left.upper) == (0, None, None)
    assert (all_stayed.share, all_stayed.lower, all_stayed.upper) == (1, None, None)


def test_half_that_left_gives_a_median_in_months(db):
    for last in ("2024-12-31", None):
        lease(CompanyFactory(), "2024-01-01", last)
    assert compare(ON).groups[0].median == Decimal("12.0")


@pytest.mark.parametrize("by", ["", "cohort", "stage", "campus", "industry"])
def test_every_number_counts_its_rows(zone, by):
    found = compare(ON, by)
    for group in found.groups:
        assert found.rows(group.key).height == group.started
        assert found.rows(group.key, "here").height == group.here
        assert found.rows(group.key, "left").height == group.left
        for at in group.months:
            assert found.rows(group.key, "watched", at.month).height == at.at_risk
            assert found.rows(group.key, "left", at.month).height == at.left


def test_a_past_day_does_not_know_who_left_later(zone):
    assert compare(day("2024-12-31")).groups[0].left == 0
    assert compare(day("2025-01-01")).groups[0].left == 3


@pytest.mark.parametrize(("by", "queries"), [("", 1), ("cohort", 1), ("stage", 3), ("campus", 3), ("industry", 2)])
def test_a_comparison_asks_a_fixed_number_of_questions(zone, by, queries, django_assert_num_queries):
    with django_assert_num_queries(queries):
        assert compare(ON, by).groups


@pytest.mark.django_db
def test_a_zone_without_companies_has_no_groups():
    assert list(compare(ON).groups) == list(compare(ON, "campus").groups) == []


# --- Pages ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def staff(officer, signed_in):
    with time_machine.travel(dt.datetime(2026, 3, 15, 4, tzinfo=dt.UTC), tick=True):
        yield signed_in(officer)


def text_of(response):
    return " ".join(response.content.decode().split())


@pytest.mark.parametrize("role", list(StaffRole))
@pytest.mark.django_db
def test_staff_of_every_role_see_it(signed_in, role):
    assert signed_in(staff_member(role)).get(reverse("who_stays")).status_code == 200


def test_the_page_shows_shares_with_bounds_and_marks_few(staff, zone):
    shown = text_of(staff.get(reverse("who_stays"), {"by": "cohort"}))
    assert "<strong>75%</strong>" in shown
    assert "(40.8% – 91.2%)" in shown
    assert shown.count("too few to compare") == 2  # at the group and below the table
    assert shown.count('class="zp-stairs zp-stairs-1"') == 1  # the few have no curve
    assert "not known yet" in shown
    assert '<strong>100%</strong> <span class="zp-nowrap">(no bounds)</span>' in shown
    assert "more than half stay" in shown


def test_few_alone_have_a_curve_and_their_mark(staff):
    lease(CompanyFactory(), "2025-01-01")
    response = staff.get(reverse("who_stays"))
    assert len(response.context["curves"]) == 1
    assert "too few to compare" in text_of(response)


def test_only_the_largest_groups_are_drawn_and_the_page_says_so(staff):
    for number in range(6):
        for _company in range(10 + (number != 2)):
            lease(CompanyFactory(industry=f"Industry {number}"), "2025-01-01")
    response = staff.get(reverse("who_stays"), {"by": "industry"})
    assert [name for name, _steps in response.context["curves"]] == [f"Industry {n}" for n in (0, 1, 3, 4, 5)]
    assert "The largest 5 groups are drawn." in text_of(response)


def test_an_empty_zone_says_so(staff):
    assert "Nobody had come to the zone by this day" in text_of(staff.get(reverse("who_stays")))


@pytest.mark.parametrize("query", [{"on": "2026-03-16"}, {"on": "yesterday"}, {"by": "size"}])
def test_what_cannot_be_shown_is_refused_in_words(staff, zone, query):
    response = staff.get(reverse("who_stays"), query)
    assert response.status_code == 200
    assert response.context["form"].errors
    assert response.context["form"].day == ON


def test_every_number_leads_to_its_companies_on_the_same_day(staff, zone):
    rows = reverse("who_stays_rows")
    shown = text_of(staff.get(reverse("who_stays"), {"by": "cohort", "on": "2026-01-31"}))
    address = f"{rows}?on=2026-01-31&amp;by=cohort&amp;group=2024&amp;who=left&amp;month=12"
    assert f'"{address}"' in shown
    response = staff.get(address.replace("&amp;", "&"))
    assert {row.record.code for row in response.context["table"].rows} == {"OLD-00", "OLD-01", "OLD-02"}
    assert "<h1" in text_of(response)
    assert "2024" in text_of(response)


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({}, 16),
        ({"who": "here"}, 13),
        ({"who": "watched", "month": "24"}, 9),
        ({"by": "industry", "group": "Games"}, 4),
        ({"by": "industry", "group": "Games", "who": "left"}, 0),
    ],
)
def test_the_rows_are_those_that_are_counted(staff, zone, query, count):
    response = staff.get(reverse("who_stays_rows"), query)
    assert len(response.context["table"].rows) == count


@pytest.mark.parametrize(
    "query", [{"by": "cohort", "group": "1999"}, {"by": "size"}, {"who": "ghosts"}, {"who": "watched"}, {"month": "13"}]
)
def test_rows_that_nobody_counts_are_not_found(staff, zone, query):
    assert staff.get(reverse("who_stays_rows"), query).status_code == 404


def test_shares_and_rows_as_files(staff, zone):
    shares = staff.get(reverse("who_stays"), {"by": "cohort", "format": "csv"})
    assert shares.content.decode().splitlines()[:2] == [
        "group,companies,median_months,month,at_risk,left,share,lower,upper",
        "2024,12,,12,12,3,0.750,0.408,0.912",
    ]
    rows = staff.get(reverse("who_stays_rows"), {"by": "cohort", "group": "2024", "who": "left", "format": "csv"})
    assert rows.content.decode().splitlines()[:2] == [
        "company,group,came_on,left_on,months", "OLD-00,2024,2024-01-01,2025-01-01,12.0",
    ]  # fmt: skip
    for route in ("who_stays", "who_stays_rows"):
        assert staff.get(reverse(route), {"format": "xlsx"}).content[:2] == b"PK"


def test_reasons_are_counted_up_to_the_day(staff, zone):
    for number, (reason, on) in enumerate([("rent", "2026-01-05"), ("rent", "2026-02-05"), ("merged", "2026-03-01")]):
        ExitInterviewFactory(company__code=f"GONE-{number}", reason=reason, held_on=day(on))
    shown = staff.get(reverse("who_stays"))
    assert [(code, count) for code, _name, count in shown.context["reasons"]] == [("rent", 2), ("merged", 1)]
    earlier = staff.get(reverse("who_stays"), {"on": "2026-01-31"})
    assert [(code, count) for code, _name, count in earlier.context["reasons"]] == [("rent", 1)]
    listed = staff.get(reverse("spaces:exit_interviews"), {"reason": "rent", "until": "2026-01-31"})
    assert [row.record.company.code for row in listed.context["table"].rows] == ["GONE-0"]


@pytest.mark.parametrize("language", ["zh-hans", "de"])
def test_it_speaks_the_readers_language(staff, zone, officer, language):
    officer.language = language
    officer.save()
    response = staff.get(reverse("who_stays"), {"by": "stage"}, headers={"accept-language": language})
    assert response.status_code == 200
    assert "Who stays" not in text_of(response)
