"""Day passes: counted together with memberships, by whomever and however many at once; they settle nobody."""

import datetime as dt
from decimal import Decimal

import pytest
import time_machine
from django.db import IntegrityError, InternalError, transaction
from django.urls import reverse

from accounts.models import StaffRole
from core.errors import Conflict, Incomplete, NotAllowed
from core.models import OutboxEvent
from core.periods import period
from spaces import services as spaces
from spaces.models import DayPass, DeskMembership, Unit
from spaces.path import path_on
from spaces.services import day_passes as services
from subsidies.gather.records import records
from subsidies.gather.selection import chosen
from tests.factories import TODAY, CompanyFactory, DayPassFactory, DeskMembershipFactory, UnitFactory, UserFactory
from tests.spaces.test_races import at_once

DAY = dt.timedelta(days=1)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _june():
    with time_machine.travel(dt.datetime(2026, 6, 15, 4, tzinfo=dt.UTC), tick=False):
        yield


@pytest.fixture
def unit():
    return UnitFactory(code="U1", desks=5, building__campus__code="sqw")


def give(unit, by, **other) -> DayPass:
    return services.give_day_pass(unit=unit, by=by, **({"day": TODAY, "price_per_desk": Decimal("60.00")} | other))


def constraint_of(act) -> str:
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        act()
    return refused.value.__cause__.diag.constraint_name


# --- What may never be -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("day", "fits"), [(-1, True), (0, False), (30, False), (31, True)])
def test_passes_and_memberships_share_the_desks_of_a_day(unit, company, day, fits):
    DeskMembershipFactory(unit=unit, desks=3, term=period(TODAY, TODAY + 30 * DAY))
    DeskMembershipFactory(unit=unit, desks=2, voided=True)
    DayPassFactory(unit=unit, desks=2, voided=True)
    DayPassFactory(unit=UnitFactory(desks=5), desks=5)
    pass_of_two = DayPassFactory(unit=unit, desks=2, company=company, day=TODAY + day * DAY)
    more = lambda: DayPassFactory(unit=unit, desks=1, day=pass_of_two.day)  # noqa: E731
    if fits:
        assert more().pk
    else:
        assert constraint_of(more) == "spaces_daypass_within_desks"


@pytest.mark.parametrize(("first", "last", "fits"), [(-9, -1, True), (-9, 0, False), (0, 0, False), (1, None, True)])
def test_a_membership_leaves_the_desks_of_passes_alone(unit, first, last, fits):
    DayPassFactory(unit=unit, desks=3)
    term = period(TODAY + first * DAY, None if last is None else TODAY + last * DAY)
    act = lambda: DeskMembershipFactory(unit=unit, desks=3, term=term)  # noqa: E731
    if fits:
        assert act().pk
    else:
        assert constraint_of(act) == "spaces_deskmembership_within_desks"


def test_a_pass_that_moves_or_grows_is_counted_anew(unit):
    DayPassFactory(unit=unit, desks=5)
    other = DayPassFactory(unit=unit, desks=1, day=TODAY + DAY)
    for change in ({"day": TODAY}, {"desks": 6}):
        with pytest.raises(IntegrityError, match="6 desks of unit U1 are taken, and it has 5"), transaction.atomic():
            DayPass.objects.filter(pk=other.pk).update(**change)


def test_a_unit_keeps_the_desks_that_passes_take(unit):
    DayPassFactory(unit=unit, desks=2)
    DeskMembershipFactory(unit=unit, desks=2, term=period(TODAY - DAY, TODAY))
    shrink = lambda desks: Unit.objects.filter(pk=unit.pk).update(desks=desks)  # noqa: E731
    assert constraint_of(lambda: shrink(3)) == "spaces_unit_desks_cover_memberships"
    assert shrink(4) == 1


@pytest.mark.parametrize(
    ("row", "constraint"),
    [
        ({"desks": 0}, "desks"),
        ({"price_per_desk": Decimal("-0.01")}, "price"),
        ({"price_per_desk": Decimal("10000.01")}, "price"),
        ({"person": "Lin"}, "holder"),
        ({"company": None}, "holder"),
    ],
)
def test_the_database_keeps_a_pass_whole(unit, row, constraint):
    assert constraint_of(lambda: DayPassFactory(unit=unit, **row)) == f"spaces_daypass_{constraint}"


def test_a_pass_is_never_deleted(unit):
    DayPassFactory(unit=unit)
    with pytest.raises(InternalError), transaction.atomic():
        DayPass.objects.all().delete()


# --- What people do ----------------------------------------------------------------------------------------------


def test_a_pass_is_given_corrected_and_declared_void(unit, company, officer):
    made = give(unit, officer, company=company, desks=2)
    assert (made.price, made.holder, len(made.code)) == (Decimal("120.00"), company, 7)
    changed = services.change_day_pass(
        day_pass=made, unit=unit, day=TODAY + DAY, desks=1, price_per_desk=Decimal(50), by=officer
    )
    assert (changed.day, changed.price) == (TODAY + DAY, Decimal(50))
    gone = services.void_day_pass(day_pass=changed, reason="gave it back", by=officer)
    with pytest.raises(Conflict, match="declared void"):
        services.void_day_pass(day_pass=gone, reason="again", by=officer)
    assert OutboxEvent.objects.filter(topic="day_pass.changed", payload__company="A-001").count() == 3


def test_a_refusal_tells_how_many_desks_are_taken(unit, officer):
    DeskMembershipFactory(unit=unit, desks=3)
    DayPassFactory(unit=unit, desks=1)
    with pytest.raises(Conflict, match="Unit U1 has 5 desks, and 4 of them are taken on 2026-06-15") as refused:
        give(unit, officer, person="Lin Xia", desks=2)
    assert (refused.value.code, list(refused.value.fields)) == ("too_few_desks", ["desks"])


@pytest.mark.parametrize("holder", [{}, {"person": " "}])
def test_a_pass_is_somebody_s(unit, officer, company, holder):
    with pytest.raises(Incomplete, match="name one of them"):
        give(unit, officer, **holder)
    with pytest.raises(Incomplete, match="name one of them"):
        give(unit, officer, company=company, person="Lin Xia")


@pytest.mark.parametrize("role", [role for role in StaffRole if role != StaffRole.OFFICER])
def test_only_officers_give_out_passes(unit, company, role):
    by, made = UserFactory(roles=[role]), DayPassFactory(unit=unit)
    for act in (
        lambda: give(unit, by, company=company),
        lambda: services.change_day_pass(
            day_pass=made, unit=unit, day=TODAY, desks=1, price_per_desk=Decimal(1), by=by
        ),
        lambda: services.void_day_pass(day_pass=made, reason="x", by=by),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_a_pass_settles_nobody(unit, company, officer):
    give(unit, officer, company=company)
    known = records(chosen([company.pk]))
    assert (known.leases.height, known.desks.height, known.premises.height) == (0, 0, 0)


def test_the_desks_taken_of_a_day_hold_the_passes(unit, officer):
    DeskMembershipFactory(unit=unit, desks=2)
    DayPassFactory(unit=unit, desks=1)
    DayPassFactory(unit=unit, desks=1, day=TODAY + DAY)
    for day, taken in ((TODAY - DAY, 2), (TODAY, 3), (TODAY + DAY, 3)):
        assert Unit.objects.with_desks_taken_on(day).get(pk=unit.pk).desks_taken == taken
        campuses = [campus for step in path_on(day, officer) for campus in step.campuses]
        assert [campus.desks_taken for campus in campuses if campus.campus.code == "sqw"] == [taken]


# --- Pages and the API -------------------------------------------------------------------------------------------


def test_an_officer_gives_out_a_pass_and_the_company_reads_it(unit, company, officer, alice, mallory, signed_in):
    desk = signed_in(officer)
    typed = {"company": "A-001", "unit": "U1", "day": "2026-06-16", "desks": "2", "price_per_desk": "60"}
    refused = desk.post(reverse("spaces:day_pass_new"), typed | {"desks": "6"})
    assert "Unit U1 has 5 desks, and 0 of them are taken on 2026-06-16" in refused.content.decode()
    made = desk.post(reverse("spaces:day_pass_new"), typed)
    found = DayPass.objects.get()
    assert made.url == reverse("spaces:day_pass", args=[found.code])
    part = reverse("spaces:company_day_passes", args=["A-001"])
    assert found.code in signed_in(alice).get(part).content.decode()
    assert "¥120.00" in signed_in(alice).get(made.url).content.decode()
    assert signed_in(mallory).get(made.url).status_code == 404
    assert "Day passes" in signed_in(alice).get(reverse("workspace:home", args=["A-001"])).content.decode()
    desk.post(reverse("spaces:day_pass_void", args=[found.code]), {"reason": "gave it back"})
    assert found.code not in signed_in(alice).get(part).content.decode()


def test_the_list_is_narrowed_down_by_day_and_holder(unit, company, officer, signed_in):
    one = DayPassFactory(unit=unit, company=company)
    two = DayPassFactory(unit=unit, company=None, person="Lin Xia", day=TODAY + DAY)
    desk, url = signed_in(officer), reverse("spaces:day_passes")

    def listed(**query):
        page = desk.get(url, query).content.decode()
        return [found for found in (one, two) if found.code in page]

    assert listed() == [one, two]
    assert listed(day="2026-06-15") == [one]
    assert listed(q="Lin Xia") == [two]


# --- Two at the same moment --------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("other", ["pass", "membership"])
def test_the_last_desks_of_a_day_are_given_out_once(other):
    officer, company = UserFactory(roles=[StaffRole.OFFICER]), CompanyFactory()
    unit = UnitFactory(code="U1", desks=3)

    def give_pass():
        return give(unit, officer, company=company, desks=2)

    def sign():
        return spaces.sign_membership(
            number="D1",
            unit=unit,
            company=company,
            desks=2,
            price_per_desk_month=Decimal(1),
            first_day=TODAY,
            by=officer,
        )

    done = at_once(give_pass, give_pass if other == "pass" else sign)
    assert [error.code for error in done if isinstance(error, Conflict)] == ["too_few_desks"]
    assert DayPass.objects.count() + DeskMembership.objects.count() == 1
