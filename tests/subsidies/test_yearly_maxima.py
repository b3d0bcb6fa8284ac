"""What a yearly maximum leaves nothing for is not used up: it is free for the next year, and never twice."""

import datetime as dt
from decimal import Decimal

import pytest
import time_machine
from django.db.models import F, Sum
from django.urls import reverse

from accounts.models import StaffRole
from companies.models import Company
from core.errors import Conflict
from subsidies.choices import GrantState, Point
from subsidies.models import Grant, GrantItem
from subsidies.services import replays
from subsidies.services.expenses import void_expense
from subsidies.services.grants import approve_grant, propose_grants, propose_late, refuse_grant
from subsidies.services.recoveries import review_companies
from tests.factories import ReportFactory, TalentFactory
from tests.subsidies.conftest import ON
from tests.subsidies.grants import approved, corrected, decided, paid, person, proposed, spent, voucher

NEXT_YEAR, NEW_YEAR = dt.date(2027, 6, 15), dt.date(2027, 1, 1)
MOST = Decimal(2_000_000)


def codes(grant: Grant) -> list[str]:
    return sorted(str(item.thing) for item in grant.items.all())


def employ(company: Company, grades: str) -> None:
    for number, grade in enumerate(grades.upper(), start=1):
        TalentFactory(company=company, code=f"T-{number}", grade=grade)


def test_a_talent_beyond_the_maximum_is_awarded_in_the_next_year(tenant: Company):
    employ(tenant, "aaa")
    first = approved(tenant, Point.TALENT)
    assert (first.amount, codes(first)) == (MOST, ["T-1", "T-2"])
    left = decided(tenant, Point.TALENT)
    assert (left.outcome, left.amount) == ("eligible", 0)
    with pytest.raises(Conflict, match="the maximum of the year is used up"):
        propose_grants(decision=left, on=ON, by=person(StaffRole.OFFICER))
    second = paid(tenant, Point.TALENT, on=NEXT_YEAR)
    assert (second.amount, second.year, codes(second)) == (Decimal(1_000_000), 2027, ["T-3"])
    assert decided(tenant, Point.TALENT, on=NEXT_YEAR).outcome == "not_eligible"


def test_who_is_paid_in_part_is_awarded_for_good(tenant: Company):
    employ(tenant, "eaaa")
    first = approved(tenant, Point.TALENT)
    assert (first.amount, codes(first)) == (MOST, ["T-1", "T-2", "T-3"])
    assert codes(approved(tenant, Point.TALENT, on=NEXT_YEAR)) == ["T-4"]


@pytest.mark.parametrize("grades", ["aaaaa", "edcbaaaa", "bbbbbbbbb", "abcabcabc"])
def test_year_by_year_each_is_awarded_once_and_no_year_above_its_maximum(tenant: Company, grades: str):
    employ(tenant, grades)
    for year in range(2026, 2033):
        on = dt.date(year, 6, 15)
        if decided(tenant, Point.TALENT, on=on).outcome != "eligible":
            break
        approved(tenant, Point.TALENT, on=on)
    held = GrantItem.objects.filter(held=True).values_list("talent__code", flat=True)
    assert sorted(held) == [f"T-{number}" for number in range(1, len(grades) + 1)]
    sums = (
        Grant.objects.granted()
        .order_by()
        .values("year")
        .annotate(sum=Sum(F("committed")))
        .values_list("sum", flat=True)
    )
    assert all(0 < one <= MOST for one in sums)
    review_companies([tenant.pk])
    assert not Grant.objects.filter(state=GrantState.REVOKED).exists()
    assert not Grant.objects.filter(committed__lt=F("amount")).exists()


def test_a_cost_beyond_the_maximum_is_not_granted_in_its_year_nor_in_the_next(tenant: Company):
    first_cost = spent(tenant, "400000", number="E-1")
    spent(tenant, "100000", number="E-2")
    first = approved(tenant)
    assert (first.amount, codes(first)) == (Decimal(200_000), ["E-1"])
    officer = person(StaffRole.OFFICER)
    with pytest.raises(Conflict, match="the maximum of the year is used up"):
        propose_grants(decision=decided(tenant), on=ON, by=officer)
    with pytest.raises(Conflict, match="the maximum of the year is used up"):
        propose_late(company=tenant, point=Point.ACTIVITIES, on=NEW_YEAR, by=officer)
    assert decided(tenant, on=NEXT_YEAR).outcome == "not_eligible"
    # What is taken back of the year is left for it.
    corrected(first_cost, amount=Decimal(300_000))
    (second,) = propose_late(company=tenant, point=Point.ACTIVITIES, on=NEW_YEAR, by=officer)
    assert (second.amount, second.year, codes(second)) == (Decimal(50_000), 2026, ["E-2"])
    approve_grant(grant=second, on=NEW_YEAR, by=person(StaffRole.APPROVER))
    assert sum(one.gives for one in Grant.objects.granted()) == Decimal(200_000)


def test_kinds_of_voucher_keep_what_their_own_maximum_leaves_nothing_for(tenant: Company):
    ReportFactory(company=tenant, verified=True, employees=5000, revenue=Decimal(10**10))
    for number in (1, 2, 3):
        voucher(tenant, "500000", number=f"M-{number}")
        voucher(tenant, "100000", "compute", number=f"C-{number}")
    made = propose_grants(decision=decided(tenant, Point.AI_VOUCHERS), on=ON, by=person(StaffRole.OFFICER))
    assert [(grant.part, grant.amount, codes(grant)) for grant in made] == [
        ("model", Decimal(200_000), ["M-1", "M-2"]), ("compute", Decimal(90_000), ["C-1", "C-2", "C-3"]),
    ]  # fmt: skip
    for grant in made:
        approve_grant(grant=grant, on=ON, by=person(StaffRole.APPROVER))
    assert not review_companies([tenant.pk])


def test_all_costs_of_starting_up_are_held_for_they_are_granted_once(tenant: Company):
    spent(tenant, "300000", number="E-1", point=Point.SETTLEMENT)
    backing = spent(tenant, "300000", number="E-2", point=Point.SETTLEMENT)
    grant = approved(tenant, Point.SETTLEMENT)
    assert (grant.amount, codes(grant)) == (Decimal(100_000), ["E-1", "E-2"])
    corrected(grant.items.get(expense__number="E-1").expense, amount=Decimal(1))
    grant.refresh_from_db()
    assert (grant.committed, backing.grant_items.get().held) == (Decimal(100_000), True)


def test_what_is_free_is_proposed_when_the_first_is_refused(tenant: Company):
    employ(tenant, "aaa")
    grant = proposed(tenant, Point.TALENT)
    with pytest.raises(Conflict, match="is proposed already"):
        proposed(tenant, Point.TALENT)
    refuse_grant(grant=grant, reason="read it again", by=person(StaffRole.APPROVER))
    assert codes(proposed(tenant, Point.TALENT)) == ["T-1", "T-2"]


def test_what_is_proposed_must_come_to_its_amount_by_itself(tenant: Company):
    """The second cost fills up the maximum in the decision, but the grant does not hold it."""
    first_cost = spent(tenant, "400000", number="E-1")
    spent(tenant, "400000", number="E-2")
    grant = proposed(tenant)
    assert codes(grant) == ["E-1"]
    void_expense(expense=first_cost, reason="another company's", by=person(StaffRole.OFFICER))
    assert decided(tenant).amount == Decimal(200_000)
    with pytest.raises(Conflict, match="The facts changed"):
        approve_grant(grant=grant, on=ON, by=person(StaffRole.APPROVER))


def test_decisions_replay_beside_what_is_free(tenant: Company):
    employ(tenant, "aaa")
    approved(tenant, Point.TALENT)
    decided(tenant, Point.TALENT)
    decided(tenant, Point.TALENT, on=NEXT_YEAR)
    replayed = list(replays.replay(replays.choose()))
    assert [wrong for _decisions, wrong in replayed] == [[]]


def test_the_pages_say_what_a_grant_does_not_hold(tenant: Company, signed_in, officer):
    employ(tenant, "aaa")
    made = decided(tenant, Point.TALENT)
    page = signed_in(officer).get(reverse("subsidies:proposal", args=[made.public_id])).content.decode()
    assert [text in page for text in ("leaves nothing for these", "T-3")] == [True, True]


def test_costs_that_the_maximum_leaves_nothing_for_are_on_no_list(tenant: Company, signed_in, officer):
    spent(tenant, "400000", number="E-1")
    spent(tenant, "100000", number="E-2")
    approved(tenant)
    with time_machine.travel(dt.datetime(2027, 2, 1, 9, tzinfo=dt.UTC), tick=True):
        client, url = signed_in(officer), reverse("subsidies:late")
        assert "Tenant" not in client.get(url).content.decode()
        corrected(Grant.objects.get().items.get().expense, amount=Decimal(300_000))
        assert "Tenant" in client.get(url).content.decode()
