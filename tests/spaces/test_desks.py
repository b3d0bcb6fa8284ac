"""Desk memberships: never more desks than the unit has, a named desk once, who may what, and what is told."""

import datetime as dt
from decimal import Decimal

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse

from core.errors import Conflict, Incomplete, NotAllowed
from core.models import OutboxEvent
from core.periods import last_day, period
from spaces import services
from spaces.models import DeskMembership
from spaces.path import path_on
from spaces.plans import units_on
from tests.factories import CompanyFactory, DeskMembershipFactory, LeaseFactory, UnitFactory

FIRST, LAST = dt.date(2026, 1, 1), dt.date(2026, 6, 30)
DAY = dt.timedelta(days=1)


@pytest.fixture
def unit(db):
    return UnitFactory(code="U1", desks=5, building__campus__code="sqw")


def sign(unit, by, **other) -> DeskMembership:
    terms = {"number": "D1", "price_per_desk_month": Decimal("600.00"), "first_day": FIRST, "last_day": LAST}
    return services.sign_membership(unit=unit, by=by, **(terms | other))


def held(unit, first=FIRST, last=LAST, **other) -> DeskMembership:
    return DeskMembershipFactory(unit=unit, term=period(first, last), **other)


def constraint_of(act) -> str:
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        act()
    return refused.value.__cause__.diag.constraint_name


# --- What may never be -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "last", "fits"),
    [
        (LAST, None, False),
        (LAST + DAY, None, True),
        (FIRST - 9 * DAY, FIRST, False),
        (FIRST - 9 * DAY, FIRST - DAY, True),
        (FIRST - 9 * DAY, None, False),
    ],
)
def test_on_no_day_more_desks_are_taken_than_the_unit_has(unit, first, last, fits):
    held(unit, desks=3)
    held(unit, desks=2, voided=True)
    held(UnitFactory(desks=5), desks=5)
    if fits:
        assert held(unit, first, last, desks=3).pk
    else:
        assert constraint_of(lambda: held(unit, first, last, desks=3)) == "spaces_deskmembership_within_desks"
        assert held(unit, first, last, desks=2).pk


def test_memberships_that_do_not_meet_do_not_add_up(unit):
    held(unit, FIRST, FIRST + 9 * DAY, desks=3)
    held(unit, FIRST + 10 * DAY, FIRST + 19 * DAY, desks=3)
    assert held(unit, FIRST, LAST, desks=2).pk


def test_a_change_or_a_row_of_many_is_refused_too(unit):
    later = held(unit, LAST + DAY, None, desks=4)
    held(unit, desks=4)
    moved = DeskMembership.objects.filter(pk=later.pk)
    assert constraint_of(lambda: moved.update(term=period(LAST, None))) == "spaces_deskmembership_within_desks"
    rows = [DeskMembershipFactory.build(unit=unit, company=later.company, number=f"X{n}") for n in range(2)]
    assert constraint_of(lambda: DeskMembership.objects.bulk_create(rows)) == "spaces_deskmembership_within_desks"


def test_a_unit_keeps_the_desks_that_are_taken(unit, officer):
    held(unit, desks=3), held(unit, LAST, None, desks=1)
    place = {"building": unit.building, "floor": "1", "area_m2": unit.area_m2}
    with pytest.raises(Conflict, match="more of them are taken"):
        services.change_unit(unit=unit, **place, desks=3, by=officer)
    assert services.change_unit(unit=unit, **place, desks=4, by=officer).desks == 4


@pytest.mark.parametrize(("last", "fits"), [(FIRST, False), (FIRST - DAY, True)])
def test_a_named_desk_is_one_holder_s_at_a_time(unit, last, fits):
    held(unit, desk="A1"), held(unit, desk="A2"), held(UnitFactory(desks=1), desk="A1")
    if fits:
        assert held(unit, FIRST - DAY, last, desk="A1").pk
    else:
        assert constraint_of(lambda: held(unit, last, last, desk="A1")) == "spaces_deskmembership_desk_free"


@pytest.mark.parametrize(
    ("wrong", "constraint"),
    [
        ({"company": None}, "holder"),
        ({"person": "Li Na"}, "holder"),
        ({"desk": "A1", "desks": 2}, "one_desk"),
        ({"desks": 0}, "desks"),
        ({"price_per_desk_month": Decimal("-0.01")}, "price"),
        ({"term": period(FIRST, None).__class__(empty=True)}, "first_day"),
    ],
)
def test_a_malformed_membership_is_refused(unit, wrong, constraint):
    assert constraint_of(lambda: DeskMembershipFactory(unit=unit, **wrong)) == f"spaces_deskmembership_{constraint}"


# --- Acts --------------------------------------------------------------------------------------------------------


def test_signing_tells_of_a_company_and_of_no_resident(unit, company, officer):
    sign(unit, officer, company=company)
    sign(unit, officer, number="D2", person=" Li Na ", email="li@example.org")
    told = OutboxEvent.objects.values_list("topic", "key", "payload")
    assert list(told) == [("desk.changed", "D1", {"company": "A-001"})]
    assert DeskMembership.objects.get(number="D2").holder == "Li Na"


def test_an_end_frees_the_desk_from_the_next_day_on(unit, company, officer):
    first = sign(unit, officer, company=company, desk="A1")
    services.end_membership(membership=first, last_day=FIRST, by=officer)
    with pytest.raises(Conflict, match="somebody else's"):
        sign(unit, officer, number="D2", company=company, desk="A1")
    assert sign(unit, officer, number="D3", company=company, desk="A1", first_day=FIRST + DAY).pk


def test_what_is_refused_says_why(unit, company, officer):
    with pytest.raises(Conflict, match="too few of them are free"):
        sign(unit, officer, company=company, desks=6)
    with pytest.raises(Incomplete, match="name one of them"):
        sign(unit, officer)
    with pytest.raises(Incomplete, match="lies before the first day"):
        sign(unit, officer, company=company, last_day=FIRST - DAY)
    membership = sign(unit, officer, company=company)
    with pytest.raises(Conflict, match="a membership with this number"):
        sign(unit, officer, company=company)
    services.void_membership(membership=membership, reason="entered twice", by=officer)
    with pytest.raises(Conflict, match="was declared void"):
        services.end_membership(membership=membership, last_day=LAST, by=officer)


@pytest.mark.parametrize("actor", ["auditor", "alice"])
def test_nobody_but_officers_acts_on_desks(request, unit, company, officer, actor):
    membership, by = sign(unit, officer, company=company), request.getfixturevalue(actor)
    for act in (
        lambda: sign(unit, by, number="D2", company=company),
        lambda: services.end_membership(membership=membership, last_day=FIRST, by=by),
        lambda: services.void_membership(membership=membership, reason="x", by=by),
    ):
        with pytest.raises(NotAllowed):
            act()
    membership.refresh_from_db()
    assert (DeskMembership.objects.count(), membership.term) == (1, period(FIRST, LAST))


# --- Pages -------------------------------------------------------------------------------------------------------


@pytest.fixture
def _march():
    with time_machine.travel(dt.datetime(2026, 3, 2, 4, tzinfo=dt.UTC), tick=False):
        yield


@pytest.mark.usefixtures("_march")
def test_an_officer_signs_corrects_ends_and_voids_a_membership(unit, company, officer, signed_in):
    client = signed_in(officer)
    data = {
        "number": "D/1", "company": "A-001", "unit": "U1", "desk": "", "desks": "2", "price_per_desk_month": "550",
        "first_day": "2026-01-01", "last_day": "",
    }  # fmt: skip
    assert client.post(reverse("spaces:desk_new"), data).url == "/desks/D/1/"
    membership = DeskMembership.objects.get()
    change = reverse("spaces:desk_change", args=["D/1"])
    seen = client.get(change).context["form"].initial["seen"]
    client.post(change, data | {"seen": seen, "desks": "3", "last_day": "2026-12-31"})
    client.post(reverse("spaces:desk_end", args=["D/1"]), {"last_day": "2026-06-30"})
    membership.refresh_from_db()
    assert (membership.desks, last_day(membership.term)) == (3, LAST)
    page = client.get("/desks/D/1/").content.decode()
    assert "¥550.00" in page
    assert "number of desks: 2 → 3" in page
    client.post(reverse("spaces:desk_void", args=["D/1"]), {"reason": "entered twice"})
    assert "entered twice" in client.get("/desks/D/1/").content.decode()


@pytest.mark.usefixtures("_march")
def test_lists_tell_residents_to_staff_and_a_company_its_own(unit, company, officer, alice, mallory, signed_in):
    sign(unit, officer, company=company)
    sign(unit, officer, number="D2", person="Li Na")
    table = signed_in(officer).get(reverse("spaces:desks"), {"q": "Li Na"}).context["table"]
    assert [row.record.number for row in table.rows] == ["D2"]
    own = signed_in(alice).get(reverse("spaces:company_desks", args=["A-001"])).content.decode()
    assert "D1" in own
    assert "desk-new" not in own
    assert [signed_in(user).get("/desks/D2/").status_code for user in (officer, alice)] == [200, 404]
    assert signed_in(mallory).get("/desks/D1/").status_code == 404


def test_path_and_plan_tell_desks_and_a_company_counts_once(unit, company, officer, alice):
    held(unit, company=company, desks=2), held(unit, company=company), held(unit, company=None, person="Li Na")
    LeaseFactory(unit=UnitFactory(building=unit.building), company=company, term=period(FIRST, None))
    held(unit, company=CompanyFactory(), voided=True)
    found = path_on(LAST, officer)[0].campuses[0]
    assert (found.desks, found.desks_taken, found.companies) == (5, 4, 1)
    assert path_on(LAST + DAY, officer)[0].campuses[0].desks_taken == 0
    shared = next(row for row in units_on(unit.building, "1", FIRST, alice) if row.code == "U1")
    assert (shared.state.value, shared.desks_taken) == ("shared", 4)
