"""Offers of leases: they keep a unit, are answered by owners, signed by officers, and lapse by themselves."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, InternalError, transaction
from django.urls import reverse

from accounts.models import Notice
from core import outbox
from core.errors import Conflict, Incomplete, NotAllowed
from core.periods import DAY, period
from spaces import services, tasks
from spaces.models import Lease, LeaseOffer, Succession
from tests.factories import LeaseFactory, LeaseOfferFactory, UnitFactory

ON, VALID_UNTIL = dt.date(2026, 6, 15), dt.date(2026, 7, 15)
FIRST, LAST = dt.date(2026, 9, 1), dt.date(2027, 8, 31)


@pytest.fixture
def unit(db):
    return UnitFactory(code="U1", area_m2=Decimal("120.00"))


def make(unit, company, by, **other: Any) -> LeaseOffer:
    offered = {
        "number": "O-1", "area_m2": Decimal(100), "price_per_m2_day": Decimal("3.5"), "term": period(FIRST, LAST),
        "deposit": Decimal(20000), "valid_until": VALID_UNTIL, "on": ON,
    }  # fmt: skip
    return services.make_offer(unit=unit, company=company, by=by, **(offered | other))


def sign(unit, company, by, term=None) -> Lease:
    return services.sign_lease(
        number="L-1", unit=unit, company=company, area_m2=Decimal(10), price_per_m2_day=Decimal(1),
        term=term or period(FIRST, None), by=by,
    )  # fmt: skip


def test_an_offer_keeps_its_unit_for_its_term(unit, company, other_company, officer):
    make(unit, company, officer)
    words = "Unit U1 is offered to Lingxi Audio until 2026-07-15 \\(offer O-1\\)"
    for attempt in (
        lambda: sign(unit, other_company, officer, period(LAST, None)),
        lambda: make(unit, other_company, officer, number="O-2", term=period(LAST, None)),
    ):
        with pytest.raises(Conflict, match=words) as refused:
            attempt()
        assert refused.value.code == "unit_offered"
    assert sign(unit, other_company, officer, period(LAST + DAY, None)).pk


def test_an_offer_of_a_unit_that_is_let_is_refused(unit, company, other_company, officer):
    sign(unit, other_company, officer)
    with pytest.raises(Conflict, match="Unit U1 is let to Other Company"):
        make(unit, company, officer)


@pytest.mark.parametrize(
    ("other", "error"),
    [
        ({"valid_until": ON - DAY}, Incomplete),
        ({"area_m2": Decimal("120.01")}, Conflict),
        ({"deposit": Decimal(-1)}, Incomplete),
        ({"term": None}, Incomplete),
    ],
)
def test_a_malformed_offer_is_refused(unit, company, officer, other, error):
    with pytest.raises(error):
        make(unit, company, officer, **other)
    assert not LeaseOffer.objects.exists()


def test_an_owner_accepts_and_an_officer_signs(unit, company, alice, officer):
    offer = make(unit, company, officer)
    services.accept_offer(offer=offer, on=VALID_UNTIL, by=alice)
    lease = services.sign_offer(offer=offer, number="L-1", by=officer)
    offer.refresh_from_db()
    assert (offer.state, offer.lease) == ("signed", lease)
    assert (lease.area_m2, lease.term) == (Decimal(100), period(FIRST, LAST))
    assert not Succession.objects.exists()


def test_an_offer_that_follows_the_company_s_lease_renews_it(unit, company, alice, officer):
    before = LeaseFactory(number="L-1", unit=unit, company=company, term=period(dt.date(2025, 9, 1), FIRST - DAY))
    offer = make(unit, company, officer)
    services.accept_offer(offer=offer, on=ON, by=alice)
    lease = services.sign_offer(offer=offer, number="L-1-2", by=officer)
    assert Succession.objects.values_list("before", "after", "act").get() == (before.pk, lease.pk, "renewed")


@pytest.mark.parametrize("actor", ["bob", "carol", "mallory", "officer"])
def test_nobody_but_an_owner_answers(unit, company, officer, request, actor):
    offer = make(unit, company, officer)
    by = request.getfixturevalue(actor)
    for act in (services.accept_offer, services.decline_offer):
        with pytest.raises(NotAllowed):
            act(offer=offer, on=ON, by=by)
    assert LeaseOffer.objects.get().state == "open"


def test_nobody_but_an_officer_makes_withdraws_and_signs(unit, company, alice, treasurer, officer):
    offer = make(unit, company, officer)
    for by in (alice, treasurer):
        for act in (
            lambda by=by: make(UnitFactory(), company, by, number="O-2"),
            lambda by=by: services.withdraw_offer(offer=offer, reason="x", by=by),
            lambda by=by: services.sign_offer(offer=offer, number="L-1", by=by),
        ):
            with pytest.raises(NotAllowed):
                act()
    assert LeaseOffer.objects.get().state == "open"


def test_an_offer_is_answered_once_and_in_time(unit, company, alice, officer):
    offer = make(unit, company, officer)
    with pytest.raises(Conflict, match="was valid until 2026-07-15"):
        services.accept_offer(offer=offer, on=VALID_UNTIL + DAY, by=alice)
    with pytest.raises(Conflict, match="is not open any more"):
        services.sign_offer(offer=offer, number="L-1", by=officer)
    services.decline_offer(offer=offer, on=ON, reason="too small", by=alice)
    with pytest.raises(Conflict, match="declined"):
        services.accept_offer(offer=offer, on=ON, by=alice)


def test_offers_lapse_after_their_last_day_and_free_the_unit(unit, company, other_company, officer, alice):
    make(unit, company, officer)
    accepted = make(UnitFactory(), company, officer, number="O-2")
    services.accept_offer(offer=accepted, on=ON, by=alice)
    assert services.lapse_offers(on=VALID_UNTIL) == 0
    with time_machine.travel(dt.datetime(2026, 7, 16, 4, tzinfo=dt.UTC), tick=False):
        assert [tasks.lapse_offers(), tasks.lapse_offers()] == [1, 0]
    assert set(LeaseOffer.objects.values_list("number", "state")) == {("O-1", "lapsed"), ("O-2", "accepted")}
    assert sign(unit, other_company, officer).pk


def test_both_sides_are_told_once(unit, company, alice, officer):
    offer = make(unit, company, officer)
    services.accept_offer(offer=offer, on=ON, by=alice)
    outbox.drain("offer-notices")
    outbox.drain("offer-notices")
    assert set(Notice.objects.values_list("user", "message")) == {
        (alice.pk, "offer_made"), (officer.pk, "offer_accepted_for_zone"),
    }  # fmt: skip


def test_the_database_refuses_what_the_services_would_have(unit, company, other_company, officer):
    offer = LeaseOfferFactory(unit=unit, company=company)
    let = UnitFactory()
    LeaseFactory(unit=let, term=period(FIRST, None))
    attempts = {
        "spaces_lease_not_over_offers": lambda: LeaseFactory(unit=unit, company=other_company, term=period(LAST, None)),
        "spaces_leaseoffer_no_overlap": lambda: LeaseOfferFactory(unit=unit),
        "spaces_leaseoffer_unit_is_free": lambda: LeaseOfferFactory(unit=let),
        "spaces_leaseoffer_within_unit": lambda: LeaseOfferFactory(area_m2=Decimal("500.01")),
        "spaces_leaseoffer_signed": lambda: LeaseOffer.objects.filter(pk=offer.pk).update(state="signed"),
    }
    for name, attempt in attempts.items():
        with pytest.raises(IntegrityError) as refused, transaction.atomic():
            attempt()
        assert refused.value.__cause__.diag.constraint_name == name
    for change in ({"area_m2": 90}, {"term": period(FIRST, None)}):
        with pytest.raises(InternalError, match="Cannot update"), transaction.atomic():
            LeaseOffer.objects.filter(pk=offer.pk).update(**change)


def test_a_file_of_leases_does_not_get_past_an_offer(unit, company, other_company, refusals):
    LeaseOfferFactory(number="O-1", unit=unit, company=company)
    header = "lease,company,unit,area_m2,price_per_m2_day,first_day,last_day\n"
    rows = "L1,B-001,U1,50,3,2026-08-01,2026-09-01\nL2,A-001,U1,50,3,2027-09-01,\n"
    assert refusals("leases", header + rows) == [(2, "unit", "U1", "is offered to A-001 (offer O-1)")]


def test_the_pages_lead_from_the_offer_to_the_lease(unit, company, officer, alice, carol, signed_in):
    desk, owner, viewer = (signed_in(user) for user in (officer, alice, carol))
    form = {
        "company": "A-001", "unit": "U1", "area_m2": "100", "price_per_m2_day": "3.5", "first_day": "2026-09-01",
        "last_day": "", "deposit": "5000", "valid_until": "2026-07-01", "number": "O/1",
    }  # fmt: skip
    page, acceptance = reverse("spaces:offer", args=["O/1"]), reverse("spaces:offer_accept", args=["O/1"])
    with time_machine.travel(dt.datetime(2026, 6, 15, 4, tzinfo=dt.UTC), tick=False):
        assert desk.post(reverse("spaces:offer_new"), form).url == page
        assert page in owner.get(reverse("spaces:company_leases", args=["A-001"])).content.decode()
        assert "accept-offer" not in viewer.get(page).content.decode()
        assert viewer.post(acceptance).status_code == 403
        assert "accept-offer" in owner.get(page).content.decode()
        owner.post(acceptance)
        assert "sign-offer" in desk.get(page).content.decode()
        desk.post(reverse("spaces:offer_sign", args=["O/1"]), {"sign-number": "L-1"})
        assert reverse("spaces:lease_detail", args=["L-1"]) in owner.get(page).content.decode()
        assert [row.record.number for row in owner.get(reverse("spaces:offers")).context["table"].rows] == ["O/1"]
