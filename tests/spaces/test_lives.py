"""The life of a lease: what each act ends and begins, at its boundaries, and what is refused with which words."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, InternalError, transaction

from core.errors import Conflict, DomainError, Incomplete, NotAllowed
from core.models import OutboxEvent
from core.periods import DAY, period
from spaces import services
from spaces.choices import LeaseAct, LeaseState
from spaces.lives import acts, lineage, plans, previews
from spaces.lives.plans import Terms
from spaces.models import Ending, Lease, Succession
from tests.factories import LeaseFactory, UnitFactory

FIRST, LAST = dt.date(2026, 1, 1), dt.date(2026, 12, 31)
JULY = dt.date(2026, 7, 1)


@pytest.fixture
def unit(db):
    return UnitFactory(code="U1", area_m2=Decimal("120.00"))


@pytest.fixture
def lease(unit, company) -> Lease:
    """100 m² at ¥3.50 for the year 2026."""
    return LeaseFactory(number="L-1", unit=unit, company=company, term=period(FIRST, LAST))


def terms(lease: Lease, number: str = "L-1-2", **other: Any) -> Terms:
    kept = {
        "number": number, "unit": lease.unit, "area_m2": lease.area_m2, "price_per_m2_day": lease.price_per_m2_day,
        "last_day": dt.date(2027, 12, 31),
    }  # fmt: skip
    return Terms(**(kept | other))


def agreed(number: str) -> tuple[Any, ...]:
    lease = Lease.objects.select_related("unit").get(number=number)
    return lease.unit.code, lease.area_m2, lease.first_day, lease.last_day


# --- What each act does ------------------------------------------------------------------------------------------


def test_a_renewal_begins_on_the_day_after_and_leaves_the_old_term(lease, officer):
    services.renew_lease(lease=lease, day=LAST + DAY, terms=terms(lease, price_per_m2_day=Decimal(4)), by=officer)
    assert agreed("L-1") == ("U1", 100, FIRST, LAST)
    assert agreed("L-1-2") == ("U1", 100, LAST + DAY, dt.date(2027, 12, 31))
    assert Succession.objects.values_list("before__number", "after__number", "act", "day", "by").get() == (
        "L-1", "L-1-2", "renewed", LAST + DAY, officer.pk,
    )  # fmt: skip
    assert OutboxEvent.objects.filter(topic="lease.changed", key="L-1-2").count() == 1


def test_a_change_ends_the_lease_on_the_day_before(lease, officer):
    changed = terms(lease, area_m2=Decimal(80), last_day=LAST)
    services.change_lease_from(lease=lease, day=JULY, terms=changed, reason="a wall was moved", by=officer)
    assert agreed("L-1") == ("U1", 100, FIRST, JULY - DAY)
    assert agreed("L-1-2") == ("U1", 80, JULY, LAST)


def test_a_move_and_a_split_and_a_merger_keep_the_line(lease, officer):
    second, third = UnitFactory(code="U2"), UnitFactory(code="U3")
    moved = services.move_lease(lease=lease, day=JULY, terms=terms(lease, unit=second), by=officer)
    parts = [terms(moved, "L-1-3", area_m2=Decimal(40)), terms(moved, "L-1-4", unit=third, area_m2=Decimal(60))]
    split = services.split_lease(lease=moved, day=JULY + 30 * DAY, parts=parts, by=officer)
    merged = services.merge_leases(leases=split, day=JULY + 60 * DAY, terms=terms(lease, "L-1-5"), by=officer)
    life = lineage.life(lineage.family(lease), JULY)
    assert [(moment.title, len(moment.leases), len(moment.others)) for moment in life] == [
        ("Ends", 1, 0), ("merged", 2, 1), ("split", 1, 2), ("moved to another unit", 1, 1), ("Begins", 1, 0),
    ]  # fmt: skip
    assert [moment.is_to_come for moment in life] == [True, True, True, False, False]
    assert {other.pk for other in lineage.family(merged)} == {other.pk for other in lineage.family(lease)}


def test_an_early_end_says_who_gave_notice_and_why(lease, officer):
    services.end_lease(lease=lease, last_day=JULY, notice_by="company", reason="it grew", by=officer)
    assert agreed("L-1") == ("U1", 100, FIRST, JULY)
    told = Ending.objects.get()
    assert (told.last_day, told.agreed_last_day, told.notice_by, told.reason) == (JULY, LAST, "company", "it grew")


# --- States ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "state"),
    [(FIRST - DAY, "signed"), (FIRST, "in_force"), (JULY, "in_force"), (JULY + DAY, "ended_early")],
)
def test_a_lease_has_a_state_on_each_day(lease, officer, day, state):
    services.end_lease(lease=lease, last_day=JULY, notice_by="zone", reason="rebuilding", by=officer)
    LeaseFactory(voided=True)
    assert Lease.objects.get(pk=lease.pk).state_on(day) == state
    for found in Lease.objects.with_state_on(day):
        assert found.state == found.state_on(day)


def test_an_open_lease_and_one_that_ran_out_do_not_end_early(lease, officer):
    open_one = LeaseFactory(term=period(FIRST, None))
    services.end_lease(lease=open_one, last_day=JULY, notice_by="both", reason="agreed", by=officer)
    for one in (open_one, lease):
        assert Lease.objects.get(pk=one.pk).state_on(LAST + DAY) == LeaseState.ENDED
    assert set(Lease.objects.with_state_on(LAST + DAY).values_list("state", flat=True)) == {"ended"}


# --- Boundaries --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("act", "day", "code"),
    [
        (LeaseAct.RENEWED, LAST, "terms_do_not_meet"),
        (LeaseAct.RENEWED, LAST + 2 * DAY, "terms_do_not_meet"),
        (LeaseAct.RENEWED, LAST + DAY, ""),
        (LeaseAct.CHANGED, FIRST, "incomplete"),
        (LeaseAct.CHANGED, FIRST + DAY, ""),
        (LeaseAct.CHANGED, LAST, ""),
        (LeaseAct.CHANGED, LAST + DAY, "renew_instead"),
        (LeaseAct.MOVED, FIRST, "incomplete"),
        (LeaseAct.MOVED, LAST + DAY, ""),
        (LeaseAct.MOVED, LAST + 2 * DAY, "terms_do_not_meet"),
    ],
)
def test_terms_meet_without_gap_or_overlap(lease, act, day, code):
    unit = UnitFactory() if act == LeaseAct.MOVED else lease.unit
    wanted = [terms(lease, unit=unit, area_m2=Decimal(90), last_day=None)]
    if code:
        with pytest.raises(DomainError) as refused:
            plans.succession(act, [lease], wanted, day)
        assert refused.value.code == code
    else:
        assert plans.succession(act, [lease], wanted, day).day == day


@pytest.mark.parametrize(
    ("act", "change", "words"),
    [
        (LeaseAct.CHANGED, {}, "both are as they were"),
        (LeaseAct.CHANGED, {"area_m2": Decimal("120.01")}, "more than unit U1 has"),
        (LeaseAct.CHANGED, {"area_m2": Decimal(90), "number": "L-1"}, "the number L-1 already"),
        (LeaseAct.CHANGED, {"area_m2": Decimal(90), "last_day": JULY - DAY}, "lies before the first day"),
        (LeaseAct.MOVED, {}, "has this unit already"),
        (LeaseAct.MERGED, {}, "at least one other lease"),
        (LeaseAct.SPLIT, {}, "two at least"),
    ],
)
def test_what_an_act_is_not_is_refused(lease, officer, act, change, words):
    given = change | {"number": change.get("number", "L-1-2")}
    with pytest.raises((Incomplete, Conflict), match=words), transaction.atomic():
        services.lives._succeed(act, [lease], [terms(lease, **given)], JULY, "", officer)
    assert agreed("L-1") == ("U1", 100, FIRST, LAST)
    assert not Succession.objects.exists()


def test_an_open_lease_is_not_renewed_but_changed(unit, company):
    lease = LeaseFactory(unit=unit, company=company, term=period(FIRST, None))
    with pytest.raises(Conflict, match="nothing to renew"):
        plans.succession(LeaseAct.RENEWED, [lease], [terms(lease)], JULY)


def test_leases_of_two_companies_are_not_merged(lease, officer):
    with pytest.raises(Incomplete, match="one company"):
        services.merge_leases(leases=[lease, LeaseFactory()], day=JULY, terms=terms(lease), by=officer)


def test_a_unit_that_somebody_has_is_named_and_nothing_is_done(lease, officer, other_company):
    taken = LeaseFactory(number="L-9", company=other_company, unit=UnitFactory(code="U9"), term=period(FIRST, None))
    with pytest.raises(Conflict, match="Unit U9 is let to Other Company"):
        services.move_lease(lease=lease, day=JULY, terms=terms(lease, unit=taken.unit), by=officer)
    assert agreed("L-1") == ("U1", 100, FIRST, LAST)


def test_what_is_agreed_for_later_does_not_hang_in_the_air(lease, officer):
    after = services.renew_lease(lease=lease, day=LAST + DAY, terms=terms(lease), by=officer)
    attempts = [
        lambda: services.end_lease(lease=lease, last_day=JULY, notice_by="company", reason="leaves", by=officer),
        lambda: services.move_lease(lease=lease, day=JULY, terms=terms(lease, "L-7", unit=UnitFactory()), by=officer),
    ]
    for attempt in attempts:
        with pytest.raises(Conflict, match="is followed by lease L-1-2 from 2027-01-01 on"):
            attempt()
    services.void_lease(lease=after, reason="not agreed after all", by=officer)
    attempts[0]()
    assert agreed("L-1") == ("U1", 100, FIRST, JULY)


@pytest.mark.parametrize(
    ("last", "words"), [(FIRST - DAY, "cannot end before"), (LAST, "ends on 2026-12-31 already"), (FIRST, "")]
)
def test_an_early_end_lies_in_the_term(lease, officer, last, words):
    if not words:
        assert services.end_lease(lease=lease, last_day=last, notice_by="zone", reason="x", by=officer).last_day == last
        return
    with pytest.raises(Incomplete, match=words):
        services.end_lease(lease=lease, last_day=last, notice_by="zone", reason="x", by=officer)


@pytest.mark.parametrize("actor", ["approver", "treasurer", "auditor", "alice"])
def test_nobody_but_an_officer_acts(lease, request, actor):
    by = request.getfixturevalue(actor)
    for act in (
        lambda: services.renew_lease(lease=lease, day=LAST + DAY, terms=terms(lease), by=by),
        lambda: services.end_lease(lease=lease, last_day=JULY, notice_by="zone", reason="x", by=by),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert agreed("L-1") == ("U1", 100, FIRST, LAST)


# --- The database ------------------------------------------------------------------------------------------------


def test_the_database_refuses_a_line_whose_terms_do_not_meet(lease, officer, other_company):
    stranger = LeaseFactory(company=other_company, term=period(LAST + DAY, None))
    late = LeaseFactory(company=lease.company, term=period(LAST + 2 * DAY, None))
    fitting = LeaseFactory(company=lease.company, term=period(LAST + DAY, None))
    another = LeaseFactory(company=lease.company, term=period(LAST + DAY, None))

    def line(after: Lease) -> None:
        with transaction.atomic():
            Succession.objects.create(before=lease, after=after, act="renewed", day=LAST + DAY, by=officer)

    for after in (stranger, late):
        with pytest.raises(IntegrityError, match="ends on the day before"):
            line(after)
    line(fitting)
    with pytest.raises(IntegrityError, match="followed once"):
        line(another)
    for attempt in (
        lambda: Succession.objects.update(reason="other"),
        lambda: Succession.objects.all()._raw_delete("default"),
    ):
        with pytest.raises(InternalError, match="Cannot"), transaction.atomic():
            attempt()


# --- What is shown before ----------------------------------------------------------------------------------------


def test_the_rent_of_the_month_of_an_act_is_that_of_both_leases(lease):
    day = dt.date(2026, 7, 17)
    wanted = terms(lease, area_m2=Decimal("80.50"), price_per_m2_day=Decimal("3.3333"))
    plan = plans.succession(LeaseAct.CHANGED, [lease], [wanted], day)
    july, august = previews.rents(plan)
    assert (july.before, august.before) == (Decimal("10850.00"), Decimal("10850.00"))
    # 16 days × 100 × 3.5, and 15 days × 80.5 × 3.3333 = 4024.959…, each rounded for itself
    assert july.after == Decimal("5600.00") + Decimal("4024.96")
    assert august.after == Decimal("8318.25")


def test_numbers_of_successors_count_from_the_first_of_the_line(lease, officer):
    assert lineage.suggested_numbers(lease, 2) == ["L-1-2", "L-1-3"]
    after = services.renew_lease(lease=lease, day=LAST + DAY, terms=terms(lease), by=officer)
    assert lineage.suggested_numbers(after, 2) == ["L-1-3", "L-1-4"]


def test_a_page_offers_what_can_be_done(lease, officer):
    assert [act.code for act in acts.offered(lease, JULY)] == ["renew", "change", "move", "split", "merge", "end"]
    assert [act.code for act in acts.offered(lease, LAST + DAY)] == ["renew"]
    services.renew_lease(lease=lease, day=LAST + DAY, terms=terms(lease), by=officer)
    assert acts.offered(lease, JULY) == []
