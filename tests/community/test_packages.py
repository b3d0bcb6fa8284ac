"""Support packages: dated, by stage and campus, never changed for the past; room credits feed the rooms."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, InternalError, transaction
from django.utils import translation

from community import support
from community.choices import PolicyPoint, SupportKind
from community.models import SupportItem, SupportPackage
from community.services import packages as services
from community.wording import in_reader_s_language
from companies.models import StageChange
from core.errors import Conflict, Incomplete, NotAllowed
from core.periods import DAY, period
from spaces.credits import balance_of
from spaces.models import Allowance
from spaces.services import allowances
from subsidies.choices import Point
from tests.factories import (
    TODAY,
    BookingFactory,
    CampusFactory,
    CompanyFactory,
    DeskMembershipFactory,
    LeaseFactory,
    RoomFactory,
    SupportPackageFactory,
)

pytestmark = pytest.mark.django_db
JULY, AUGUST = dt.date(2026, 7, 1), dt.date(2026, 8, 1)

MENTORING = {"code": "mentoring", "kind": "mentoring", "amount": Decimal(20), "unit": "hours", "name": "Mentoring"}
CREDITS = {
    "code": "rooms", "kind": "room_credits", "amount": Decimal(24), "unit": "credits", "per": "month", "name": "Rooms",
}  # fmt: skip
POINT = {"code": "waiver", "kind": "point", "amount": None, "unit": "", "point": "rent_waiver", "name": "Rent waiver"}


def bring(by, *items, **other) -> SupportPackage:
    said = {"audience": "companies", "stage": "chick", "campus": None, "since": TODAY, "by": by, "on": TODAY}
    return services.bring_package(items=items or [MENTORING], **{**said, **other})


@pytest.fixture
def chick():
    return CompanyFactory(stage="chick")


def test_points_are_called_as_in_the_policy():
    assert PolicyPoint.choices == Point.choices


def test_a_version_follows_another_from_a_day_on(officer, chick):
    first = bring(officer)
    second = bring(officer, {**MENTORING, "amount": Decimal(30)}, since=TODAY + 10 * DAY)
    first.refresh_from_db()
    assert (first.until, second.until) == (TODAY + 9 * DAY, None)
    found = [support.package_of(chick, day) for day in (TODAY - DAY, TODAY, TODAY + 9 * DAY, TODAY + 10 * DAY)]
    assert found == [None, first, first, second]


@pytest.mark.parametrize(
    ("since", "field"), [(TODAY - DAY, "since"), (TODAY, "since")], ids=["the past", "the day that runs"]
)
def test_what_is_in_force_is_not_changed_for_days_that_began(officer, since, field):
    SupportPackageFactory()
    with pytest.raises(Incomplete, match="never changed for the past") as refused:
        bring(officer, since=since)
    assert field in refused.value.fields
    assert bring(officer, since=TODAY + DAY).since == TODAY + DAY


def test_a_first_version_begins_today_and_not_before(officer):
    with pytest.raises(Incomplete, match="never entered for the past"):
        bring(officer, since=TODAY - DAY)
    assert bring(officer).since == TODAY


def test_a_planned_version_is_withdrawn_before_another_is_planned(officer):
    before = bring(officer)
    planned = bring(officer, since=TODAY + 10 * DAY)
    with pytest.raises(Conflict, match="withdraw it first"):
        bring(officer, since=TODAY + 5 * DAY)
    services.withdraw_package(package=planned, reason="not decided yet", by=officer, on=TODAY)
    before.refresh_from_db()
    assert before.until is None
    assert bring(officer, since=TODAY + 5 * DAY).since == TODAY + 5 * DAY


def test_the_version_before_goes_on_whenever_the_withdrawn_one_would_have_ended(officer):
    before = bring(officer)
    planned = bring(officer, since=TODAY + 10 * DAY, until=TODAY + 30 * DAY)
    services.withdraw_package(package=planned, reason="not decided yet", by=officer, on=TODAY)
    before.refresh_from_db()
    assert before.until is None


def test_what_began_is_not_withdrawn_but_ended(officer, chick):
    made = bring(officer)
    with pytest.raises(Conflict, match="stays on record"):
        services.withdraw_package(package=made, reason="no", by=officer, on=TODAY)
    with pytest.raises(Incomplete, match="stays"):
        services.end_package(package=made, last=TODAY - DAY, by=officer, on=TODAY + DAY)
    services.end_package(package=made, last=TODAY + DAY, by=officer, on=TODAY)
    assert support.package_of(chick, TODAY + DAY) == made
    assert support.package_of(chick, TODAY + 2 * DAY) is None
    with pytest.raises(Conflict, match="already"):
        services.end_package(package=made, last=TODAY + 2 * DAY, by=officer, on=TODAY)


def test_only_officers_say_what_the_zone_gives(approver):
    with pytest.raises(NotAllowed):
        bring(approver)


@pytest.mark.parametrize(
    "items",
    [
        [{**MENTORING, "unit": "days"}],
        [{**CREDITS, "per": "year"}],
        [{**CREDITS, "amount": None}],
        [{**POINT, "amount": Decimal(1)}],
        [{**POINT, "point": ""}],
        [{**MENTORING, "amount": Decimal(0)}],
        [{**MENTORING, "code": "Mentoring"}],
        [],
    ],
)  # fmt: skip
def test_items_are_what_they_can_be(officer, items):
    with pytest.raises(Incomplete):
        services.bring_package(
            audience="companies", stage="chick", campus=None, since=JULY, items=items, by=officer, on=TODAY
        )
    assert not SupportPackage.objects.exists()


@pytest.mark.parametrize(
    "items", [[MENTORING, MENTORING], [CREDITS, {**CREDITS, "code": "more"}], [POINT, {**POINT, "code": "again"}]]
)
def test_items_are_said_once(officer, items):
    with pytest.raises(Conflict):
        bring(officer, *items, since=JULY)


def test_a_code_is_one_thing_in_all_packages(officer):
    bring(officer)
    with pytest.raises(Conflict, match="take another code"):
        bring(officer, {**MENTORING, "kind": "service", "unit": "days"}, stage="nestling")


def test_the_database_keeps_what_was_said(officer):
    made = bring(officer)
    item = made.items.get()
    for act in (
        lambda: SupportItem.objects.filter(pk=item.pk).update(amount=99),
        item.delete,
        made.delete,
        lambda: SupportPackage.objects.filter(pk=made.pk).update(stage="growing"),
        lambda: SupportPackage.objects.filter(pk=made.pk).update(valid=period(TODAY - DAY, None)),
        lambda: SupportPackage.objects.filter(pk=made.pk).update(is_sealed=False),
    ):
        with pytest.raises((InternalError, IntegrityError)), transaction.atomic():
            act()
    with pytest.raises(IntegrityError, match="sealed"), transaction.atomic():
        SupportItem.objects.create(package=made, **{**MENTORING, "code": "more"})
    with pytest.raises(IntegrityError, match="one_a_day"), transaction.atomic():
        SupportPackage.objects.create(stage="chick", valid=period(TODAY + DAY, None), created_by=officer)


# --- Which list a company has ---------------------------------------------------------------------------------------


def test_a_company_has_the_list_of_its_stage_on_the_day(officer):
    chicks, growing = SupportPackageFactory(), SupportPackageFactory(stage="growing")
    company = CompanyFactory(stage="growing")
    for stage, since in (("chick", dt.date(2026, 1, 1)), ("growing", TODAY)):
        StageChange.objects.create(company=company, stage=stage, since=since)
    assert [support.package_of(company, day) for day in (TODAY - DAY, TODAY)] == [chicks, growing]


def test_nobody_knows_the_list_of_a_company_without_a_stage():
    SupportPackageFactory()
    assert support.package_of(CompanyFactory(), TODAY) is None


def test_a_team_has_a_list_of_its_own():
    companies, teams = (
        SupportPackageFactory(stage="nestling"),
        SupportPackageFactory(stage="nestling", audience="teams"),
    )
    assert support.package_of(CompanyFactory(stage="nestling"), TODAY) == companies
    assert support.package_of(CompanyFactory(stage="nestling", kind="team"), TODAY) == teams
    teams_alone = CompanyFactory(stage="chick", kind="team")
    SupportPackageFactory(stage="chick")
    assert support.package_of(teams_alone, TODAY) is None


def test_the_package_of_a_campus_stands_in_place_of_the_general_one():
    general = SupportPackageFactory()
    lease = LeaseFactory(company__stage="chick", term=period(TODAY, TODAY + 10 * DAY))
    own = SupportPackageFactory(campus=lease.unit.building.campus)
    SupportPackageFactory(campus=CampusFactory())
    days = (TODAY - DAY, TODAY, TODAY + 10 * DAY, TODAY + 11 * DAY)
    assert [support.package_of(lease.company, day) for day in days] == [general, own, own, general]


def test_of_two_campuses_that_of_the_first_premises_counts():
    desk = DeskMembershipFactory(company__stage="chick", term=period(TODAY - 10 * DAY, None))
    LeaseFactory(company=desk.company, term=period(TODAY - 5 * DAY, None))
    own = SupportPackageFactory(campus=desk.unit.building.campus)
    assert support.package_of(desk.company, TODAY) == own


def test_the_next_stage_follows_the_path():
    stages = ["", "nestling", "chick", "growing", "unicorn"]
    assert [support.next_stage(stage) for stage in stages] == ["nestling", "chick", "growing", "unicorn", ""]


# --- Room credits ---------------------------------------------------------------------------------------------------


def test_room_credits_are_those_of_the_rooms(officer, chick):
    Allowance.objects.create(since=dt.date(2026, 1, 1), stage="chick", credits=4)
    package = bring(officer, MENTORING, CREDITS, since=JULY)
    room = RoomFactory(credits_per_hour=Decimal(2))
    BookingFactory(room=room, company=chick, day=JULY + DAY, credits=Decimal(6), month=JULY)
    assert (balance_of(chick, dt.date(2026, 6, 1)).granted, balance_of(chick, JULY).granted) == (4, 24)
    (line,) = [one for one in support.lines_of(chick, package, JULY) if one.item.kind == SupportKind.ROOM_CREDITS]
    assert (line.granted, line.used, line.left) == (24, 6, 18)


def test_a_booking_beyond_the_credits_of_the_package_is_refused_by_the_database(officer, chick):
    bring(officer, CREDITS, since=JULY)
    BookingFactory(company=chick, day=JULY + DAY, credits=Decimal(24), month=JULY)
    with pytest.raises(IntegrityError, match="within_allowance"), transaction.atomic():
        BookingFactory(company=chick, day=JULY + 2 * DAY, credits=Decimal("0.25"), month=JULY)


def test_credits_of_a_package_begin_with_a_month(officer):
    with pytest.raises(Incomplete, match="whole months"):
        bring(officer, CREDITS, since=JULY + DAY)
    assert not Allowance.objects.exists()


def test_a_version_without_credits_ends_those_of_the_one_before(officer, chick):
    Allowance.objects.create(since=dt.date(2026, 1, 1), stage="chick", credits=4)
    bring(officer, CREDITS, since=JULY)
    with pytest.raises(Incomplete, match="whole months"):
        bring(officer, since=AUGUST + DAY)
    planned = bring(officer, since=AUGUST)
    assert [balance_of(chick, month).granted for month in (JULY, AUGUST)] == [24, 4]
    services.withdraw_package(package=planned, reason="after all", by=officer, on=TODAY)
    assert [balance_of(chick, month).granted for month in (JULY, AUGUST)] == [24, 24]


def test_a_withdrawn_package_gives_no_credits(officer, chick):
    planned = bring(officer, CREDITS, since=JULY)
    services.withdraw_package(package=planned, reason="not yet", by=officer, on=TODAY)
    assert balance_of(chick, JULY).granted == 0
    bring(officer, CREDITS, since=JULY)
    assert balance_of(chick, JULY).granted == 24


def test_credits_of_a_campus_and_of_teams_stand_in_place_of_the_general_ones(officer):
    lease = LeaseFactory(company__stage="chick")
    elsewhere, team = CompanyFactory(stage="chick"), CompanyFactory(stage="chick", kind="team")
    bring(officer, CREDITS, since=JULY)
    bring(officer, {**CREDITS, "amount": Decimal(40)}, since=JULY, campus=lease.unit.building.campus)
    bring(officer, {**CREDITS, "amount": Decimal(10)}, since=JULY, audience="teams")
    assert [balance_of(one, JULY).granted for one in (lease.company, elsewhere, team)] == [40, 24, 10]
    for one, granted in ((lease.company, 40), (elsewhere, 24), (team, 10)):
        BookingFactory(company=one, day=JULY + DAY, credits=Decimal(granted), month=JULY)
        with pytest.raises(IntegrityError, match="within_allowance"), transaction.atomic():
            BookingFactory(company=one, day=JULY + 2 * DAY, credits=Decimal("0.25"), month=JULY)


def test_what_a_package_says_is_changed_there_alone(officer, chick):
    bring(officer, CREDITS, since=JULY)
    with pytest.raises(Conflict, match="part of a support package"):
        allowances.withdraw_allowance(allowance=Allowance.objects.get(), by=officer)
    with pytest.raises(Conflict, match="support package of this stage"):
        allowances.grant_credits(since=AUGUST, stage="chick", amount=Decimal(99), by=officer)
    allowances.grant_credits(since=AUGUST, company=chick, amount=Decimal(99), by=officer)
    assert [balance_of(chick, month).granted for month in (JULY, AUGUST)] == [24, 99]


# --- Texts ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("language", "told"), [("en", "Mentoring"), ("zh-hans", "导师辅导"), ("de", "Mentoring")])
def test_texts_are_told_in_the_language_of_the_reader(language, told):
    item = SupportItem(name="Mentoring", name_zh="导师辅导")
    with translation.override(language):
        assert in_reader_s_language(item) == str(item) == told


def test_what_another_stage_gives_in_place_is_told_by_code(officer):
    before = bring(officer, MENTORING, CREDITS, POINT, since=JULY)
    after = bring(
        officer, {**MENTORING, "amount": None}, POINT, {**CREDITS, "code": "space"}, since=JULY, stage="growing"
    )
    found = support.difference(before, after)
    assert [item.code for item in found.begins] == ["space"]
    assert [item.code for item in found.ends] == ["rooms"]
    assert [(was.amount, now.amount) for was, now in found.changes] == [(20, None)]
    assert not support.difference(before, before)
    assert [item.code for item in support.difference(None, before).begins] == ["mentoring", "rooms", "waiver"]
