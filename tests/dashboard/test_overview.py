"""The dashboard's figures on a zone small enough to count by hand, and the rows behind each of them."""

import datetime as dt
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
import time_machine

from companies.choices import ApplicationStep, Stage
from companies.models import StageChange, TimelineEntry
from core.models import Run
from core.periods import period
from subsidies.choices import Outcome, Point
from subsidies.models import Decision, RentAdjustment
from tests.factories import (
    ApplicationFactory,
    CompanyFactory,
    DecisionFactory,
    DeskMembershipFactory,
    LeaseFactory,
    PolicyVersionFactory,
    RentStatementFactory,
    UnitFactory,
)
from zone_portal.dashboard.overview import premises, presence, relief, work
from zone_portal.dashboard.overview.overview import overview

pytestmark = pytest.mark.django_db

ON = dt.date(2026, 3, 15)
SHANGHAI = ZoneInfo("Asia/Shanghai")


def lease(company, first, last=None, **fields):
    return LeaseFactory(
        company=company, term=period(dt.date.fromisoformat(first), last and dt.date.fromisoformat(last)), **fields
    )


@pytest.fixture
def zone():
    """Old stays, gone left a year ago, new came this month, leaver went this month, later signs for April."""
    names = ("old", "gone", "new", "leaver", "later", "void")
    made = {name: CompanyFactory(code=name, name=name, stage=Stage.CHICK) for name in names}
    lease(made["old"], "2024-01-01", area_m2=Decimal("120.50"))
    lease(made["old"], "2025-06-01", "2026-03-15", area_m2=Decimal("30.00"))
    lease(made["gone"], "2024-01-01", "2025-02-28")
    lease(made["new"], "2026-03-01", "2026-06-13", area_m2=Decimal("50.25"))
    lease(made["leaver"], "2025-03-15", "2026-03-14")
    lease(made["later"], "2026-04-01")
    lease(made["void"], "2024-01-01", voided=True)
    return made


# --- Who is in the zone -------------------------------------------------------------------------------------------


def test_presence_counts_who_is_there_who_came_and_who_went(zone):
    assert presence.presence(ON) == presence.Presence(in_zone=2, moved_in=1, moved_out=1, came_long_ago=3, stayed=1)


def test_a_company_is_in_the_zone_from_the_first_to_the_last_day_of_its_lease(zone):
    assert "leaver" in presence.in_zone(dt.date(2026, 3, 14)).values_list("code", flat=True)
    assert "leaver" not in presence.in_zone(dt.date(2026, 3, 15)).values_list("code", flat=True)
    assert "new" not in presence.in_zone(dt.date(2026, 2, 28)).values_list("code", flat=True)
    assert "new" in presence.in_zone(dt.date(2026, 3, 1)).values_list("code", flat=True)


def test_who_came_twelve_months_ago_to_the_day_can_have_stayed(zone):
    assert presence.presence(dt.date(2026, 3, 14)).came_long_ago == 2
    assert presence.presence(dt.date(2026, 3, 15)).came_long_ago == 3


def test_a_desk_brings_a_company_into_the_zone_and_lets_no_area(zone):
    let = premises.course(ON).areas[-1]
    team = CompanyFactory(code="team", stage=Stage.NESTLING)
    desks = {"company": team, "term": period(dt.date(2024, 1, 1), ON)}
    DeskMembershipFactory(**desks)
    DeskMembershipFactory(**desks | {"company": zone["void"]}, voided=True)
    DeskMembershipFactory(**desks | {"company": None, "person": "Bo Lin"})
    assert presence.presence(ON) == presence.Presence(in_zone=3, moved_in=1, moved_out=1, came_long_ago=4, stayed=2)
    assert [rows(ON).filter(pk=team.pk).exists() for rows in (presence.in_zone, presence.stayed, presence.left)] == [
        True, True, False,
    ]  # fmt: skip
    assert not presence.in_zone(ON + dt.timedelta(days=1)).filter(pk=team.pk).exists()
    assert presence.with_premises(presence.in_zone(ON)).get(pk=team.pk).moved_in_on == dt.date(2024, 1, 1)
    assert premises.course(ON).areas[-1] == let


def test_the_share_of_those_who_stayed_is_unknown_while_nobody_came_long_ago(zone):
    assert presence.presence(ON).share_stayed == Decimal("0.333")
    assert presence.presence(dt.date(2024, 6, 1)).share_stayed is None


@pytest.mark.parametrize(
    "on", [ON, dt.date(2026, 3, 14), dt.date(2025, 1, 1), dt.date(2023, 1, 1), dt.date(2026, 4, 1)]
)
def test_every_count_equals_its_rows(zone, on):
    counts = presence.presence(on)
    assert counts.in_zone == presence.in_zone(on).count()
    assert counts.moved_in == presence.moved_in(on).count()
    assert counts.moved_out == presence.moved_out(on).count()
    assert counts.stayed == presence.stayed(on).count()
    assert counts.left == presence.left(on).count()
    for row in presence.stages(on):
        assert row.count == presence.in_stage(on, row.stage).count()


def test_stages_count_the_stage_of_the_day(zone):
    StageChange.objects.create(company=zone["old"], stage=Stage.NESTLING, since=dt.date(2025, 1, 1))
    StageChange.objects.create(company=zone["old"], stage=Stage.GROWING, since=ON)

    def counted(on):
        return {row.stage: row.count for row in presence.stages(on)}

    assert counted(ON) == {"nestling": 0, "chick": 1, "growing": 1, "unicorn": 0}
    assert counted(dt.date(2026, 3, 14)) == {"nestling": 1, "chick": 2, "growing": 0, "unicorn": 0}
    assert counted(dt.date(2024, 6, 1)) == {"nestling": 1, "chick": 1, "growing": 0, "unicorn": 0}


def test_a_stage_that_is_no_longer_known_is_none(zone):
    StageChange.objects.create(company=zone["old"], stage=Stage.NESTLING, since=dt.date(2025, 1, 1))
    StageChange.objects.create(company=zone["old"], stage="", since=dt.date(2026, 3, 1))
    counted = {row.stage: row.count for row in presence.stages(ON)}
    assert counted[""] == presence.in_stage(ON, "").count() == 1


def test_a_company_without_a_stage_is_counted_as_such():
    lease(CompanyFactory(stage=""), "2026-01-01")
    assert [(row.stage, row.count, row.share) for row in presence.stages(ON)][-1] == ("", 1, 100)


# --- Space --------------------------------------------------------------------------------------------------------


def test_the_course_holds_the_ends_of_twelve_months_and_the_day(zone):
    course = premises.course(ON)
    assert course.days[0] == dt.date(2025, 3, 31)
    assert course.days[-2:] == [dt.date(2026, 2, 28), ON]
    assert len(course.days) == len(course.companies) == len(course.areas) == 13
    assert course.companies[0] == course.companies[-2] == course.companies[-1] == 2
    assert course.areas[-1] == Decimal("200.75")
    assert course.areas[0] == Decimal("220.50")


def test_occupancy_is_the_area_in_force_among_all_units(zone):
    UnitFactory(area_m2=Decimal("500.00"))
    found = premises.occupancy(Decimal("200.75"))
    assert found.total == Decimal("4000.00")
    assert found.share == Decimal("0.050")
    assert premises.Occupancy(Decimal(0), Decimal(0)).share is None


def test_leases_end_soon_up_to_ninety_days_ahead(zone):
    assert [(row.company.code, row.term.upper) for row in premises.ending(ON)] == [
        ("old", dt.date(2026, 3, 16)),
        ("new", dt.date(2026, 6, 14)),  # the last day is 2026-06-13: ninety days after the fifteenth of March
    ]
    assert [row.company.code for row in premises.ending(dt.date(2026, 3, 14))] == ["leaver", "old"]


# --- Relief -------------------------------------------------------------------------------------------------------


def statement(month, waived):
    return RentStatementFactory(
        month=dt.date.fromisoformat(f"{month}-01"), rent=Decimal("9000.00"), waived=Decimal(waived)
    )


def test_relief_is_summed_by_month_without_gaps_and_by_year():
    statement("2025-11", "1000.10")
    statement("2025-11", "0.02")
    statement("2026-01", "500.00")
    statement("2026-03", "700.00")  # the month is not over
    found = relief.relief(ON)
    assert [(f"{row.month:%Y-%m}", row.relief) for row in found.months] == [
        ("2025-11", Decimal("1000.12")),
        ("2025-12", Decimal(0)),
        ("2026-01", Decimal("500.00")),
    ]
    assert found.year_to_date == Decimal("500.00")
    assert found.last == relief.ReliefOfMonth(dt.date(2026, 1, 1), Decimal("500.00"))


def test_a_correction_counts_for_the_month_that_it_corrects():
    statement("2025-12", "800.00")
    posted_in = statement("2026-02", "700.00")
    RentAdjustment.objects.create(
        statement=posted_in,
        lease=LeaseFactory(company=posted_in.company),
        month=dt.date(2025, 12, 1),
        rent=0,
        waived=Decimal("-300.00"),
        payable=Decimal("300.00"),
        reason="registered later",
    )
    sums = {f"{row.month:%Y-%m}": row.relief for row in relief.relief(ON).months}
    assert sums == {"2025-12": Decimal("500.00"), "2026-01": Decimal(0), "2026-02": Decimal("700.00")}
    before = {f"{row.month:%Y-%m}": row.relief for row in relief.relief(dt.date(2026, 2, 28)).months}
    assert before == {"2025-12": Decimal("800.00")}


def test_no_more_than_two_years_are_shown():
    statement("2024-02", "1.00")
    statement("2024-03", "2.00")
    statement("2026-02", "3.00")
    months = relief.relief(ON).months
    assert len(months) == 24
    assert months[0].month == dt.date(2024, 3, 1)


def test_without_a_bill_there_is_no_relief_to_show():
    found = relief.relief(ON)
    assert (found.months, found.last, found.year_to_date) == ([], None, Decimal(0))


@pytest.fixture
def policy():
    return PolicyVersionFactory(
        effective_from=dt.date(2023, 7, 1), parameters={"rent_waiver.months": "36"}, published=True
    )


def decided(policy, settled, at="2026-03-01", **fields):
    moment = dt.datetime.fromisoformat(at).replace(tzinfo=SHANGHAI)
    fields = {"facts": {"first_settled_on": settled}, "decided_at": moment, "version": policy, **fields}
    return DecisionFactory(**fields)


def test_reliefs_end_soon_up_to_six_months_ahead(policy):
    last_day_today = decided(policy, "2023-03-16")
    six_months_ahead = decided(policy, "2023-09-16")
    decided(policy, "2023-09-17")
    decided(policy, "2023-03-15")  # ended yesterday
    decided(policy, "2023-06-01", outcome=Outcome.NOT_ELIGIBLE, amount=None)
    decided(policy, "2023-06-01", point=Point.SETTLEMENT)
    assert [(row.company, row.last_day, row.amount) for row in relief.ending(ON)] == [
        (last_day_today.company, ON, Decimal("1000.00")),
        (six_months_ahead.company, dt.date(2026, 9, 15), Decimal("1000.00")),
    ]


def test_a_window_that_opened_at_a_months_end_is_measured_by_the_calendar(policy):
    decided(policy, "2024-02-29")
    assert [row.last_day for row in relief.ending(dt.date(2026, 8, 28))] == [dt.date(2027, 2, 27)]
    assert relief.ending(dt.date(2026, 8, 26)) == []


def test_the_day_sees_the_decisions_of_the_day(policy):
    decided(policy, "2023-06-01", at="2026-03-16")
    assert relief.ending(ON) == []
    assert len(relief.ending(dt.date(2026, 3, 16))) == 1


def test_without_a_policy_no_relief_ends():
    assert relief.ending(ON) == []


# --- Work ---------------------------------------------------------------------------------------------------------


def step(application, what, at):
    with time_machine.travel(dt.datetime.fromisoformat(at).replace(tzinfo=SHANGHAI), tick=False):
        TimelineEntry.objects.create(application=application, step=what)


def test_an_application_waits_from_its_arrival_to_the_answer():
    application = ApplicationFactory()
    step(application, ApplicationStep.STARTED, "2026-03-01T09:00")
    step(application, ApplicationStep.SUBMITTED, "2026-03-10T09:00")
    step(application, ApplicationStep.CHANGES_REQUESTED, "2026-03-12T09:00")
    step(application, ApplicationStep.RESUBMITTED, "2026-03-14T23:59")
    waits = {day: work.waiting(dt.date(2026, 3, day)).count for day in (9, 10, 11, 12, 13, 14, 15)}
    assert waits == {9: 0, 10: 1, 11: 1, 12: 0, 13: 0, 14: 1, 15: 1}


def test_the_oldest_of_those_that_wait_is_told_in_days():
    for at in ("2026-03-05T08:00", "2026-03-14T08:00"):
        step(ApplicationFactory(), ApplicationStep.SUBMITTED, at)
    found = work.waiting(ON)
    assert (found.count, found.days(ON)) == (2, 10)
    assert work.Waiting(0, None).days(ON) is None
    assert [row.arrived.day for row in work.lying(ON)] == [5, 14]


def test_unknown_decisions_are_counted_by_the_facts_that_somebody_can_enter(policy):
    unknown = {"outcome": Outcome.UNKNOWN, "amount": None}
    decided(policy, None, missing="registered_on", **unknown)
    decided(policy, None, missing="operating_from;registered_on", **unknown)
    decided(policy, None, missing="setup_costs", point=Point.SETTLEMENT, **unknown)
    decided(policy, "2023-06-01")
    found = work.unknown(ON)
    assert (found.decided, found.count, found.answerable) == (4, 3, 3)
    assert [(fact.fact, fact.count) for fact in found.facts] == [
        ("registered_on", 2), ("operating_from", 1), ("setup_costs", 1),
    ]  # fmt: skip
    assert work.lacking(ON).count() == found.answerable
    assert work.lacking(ON, "operating_from").count() == 1


def replaced(policy, company, before, after, point=Point.RENT_WAIVER):
    """A decision that took the place of another on the tenth of March at nine."""
    old = decided(policy, None, company=company, point=point, outcome=before, amount=None)
    Decision.objects.filter(pk=old.pk).update(superseded_at=dt.datetime(2026, 3, 10, 9, tzinfo=SHANGHAI))
    new = decided(policy, None, company=company, point=point, outcome=after, amount=None, at="2026-03-10T09:00")
    return old, new


def test_a_change_shows_what_was_decided_before(policy):
    old, new = replaced(policy, CompanyFactory(), Outcome.UNKNOWN, Outcome.ELIGIBLE)
    assert work.latest_changes(ON) == [work.Change(old, new)]
    assert work.latest_changes(dt.date(2026, 3, 9)) == []


def test_changes_of_one_company_are_told_together_and_the_rent_relief_first(policy):
    company = CompanyFactory()
    replaced(policy, company, Outcome.UNKNOWN, Outcome.NOT_ELIGIBLE, Point.SETTLEMENT)
    old, new = replaced(policy, company, Outcome.ELIGIBLE, Outcome.NOT_ELIGIBLE)
    replaced(policy, company, Outcome.UNKNOWN, Outcome.NOT_ELIGIBLE, Point.TALENT)
    assert work.latest_changes(ON) == [work.Change(old, new, others=2)]


def test_another_amount_with_the_same_outcome_is_no_change(policy):
    replaced(policy, CompanyFactory(), Outcome.ELIGIBLE, Outcome.ELIGIBLE)
    assert work.latest_changes(ON) == []


def test_runs_of_later_days_are_not_shown():
    with time_machine.travel(dt.datetime(2026, 3, 15, 23, 30, tzinfo=SHANGHAI)):
        run = Run.objects.create(kind="assess")
    assert list(work.latest_runs(ON)) == [run]
    assert list(work.latest_runs(dt.date(2026, 3, 14))) == []


# --- All of it ----------------------------------------------------------------------------------------------------


def test_the_overview_asks_a_fixed_number_of_questions(zone, policy, django_assert_num_queries):
    before = decided(policy, None, company=zone["old"], outcome=Outcome.UNKNOWN, amount=None)
    Decision.objects.filter(pk=before.pk).update(superseded_at=dt.datetime(2026, 3, 10, 9, tzinfo=SHANGHAI))
    decided(policy, "2023-06-01", company=zone["old"], at="2026-03-10T09:00")
    with django_assert_num_queries(15):
        overview(ON)
    for number in range(20):
        lease(CompanyFactory(), "2025-01-01", "2026-04-01")
        decided(policy, f"2023-05-{number + 1:02d}", company=CompanyFactory())
    with django_assert_num_queries(15):
        found = overview(ON)
    assert (len(found.leases_ending), found.leases_ending_total) == (8, 22)
    assert (len(found.reliefs_ending), found.reliefs_ending_total) == (8, 21)


def test_an_empty_zone_has_an_overview_too():
    found = overview(ON)
    assert found.presence == presence.Presence(0, 0, 0, 0, 0)
    assert found.occupancy.share is None
    assert found.oldest_waiting_days is None
    assert [row.count for row in found.stages] == [0, 0, 0, 0]
