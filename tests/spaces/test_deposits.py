"""Deposits of leases: a ledger that gives out no more than came in, by whomever it is written."""

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
import time_machine
from django.db import IntegrityError, InternalError, connection, transaction
from django.urls import reverse

from accounts.models import StaffRole
from core.errors import Conflict, DomainError, Incomplete, NotAllowed
from core.models import OutboxEvent
from core.periods import period
from spaces import services
from spaces.choices import DepositKind
from spaces.deposits import deposit_of, with_deposits
from spaces.lives.plans import Terms
from spaces.models import DepositMovement, Lease, LeaseOffer
from spaces.services import deposits
from tests.factories import LeaseFactory, LeaseOfferFactory, MembershipFactory, UnitFactory, UserFactory

ON = dt.date(2026, 6, 15)
FIRST, LAST = dt.date(2026, 1, 1), dt.date(2026, 12, 31)
FEN = Decimal("0.01")
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _june():
    with time_machine.travel(dt.datetime(2026, 6, 15, 4, tzinfo=dt.UTC), tick=False):
        yield


@pytest.fixture
def lease(company) -> Lease:
    unit = UnitFactory(code="U1", area_m2=Decimal("120.00"))
    return LeaseFactory(number="L-1", unit=unit, company=company, term=period(FIRST, LAST))


def receive(lease, amount, by, day=ON):
    return deposits.receive_deposit(lease=lease, amount=Decimal(amount), day=day, on=ON, by=by)


def give_back(lease, by, returned="0", withheld="0", reason="", day=ON):
    return deposits.return_deposit(
        lease=lease, returned=Decimal(returned), withheld=Decimal(withheld), reason=reason, day=day, on=ON, by=by
    )


def hand_over(lease, to, amount, by):
    return deposits.hand_over_deposit(lease=lease, to=to, amount=Decimal(amount), day=ON, on=ON, by=by)


def followed(lease, by, number="L-1-2", unit=None) -> Lease:
    terms = Terms(number, unit or lease.unit, Decimal(80), Decimal("3.5"), LAST)
    act = services.move_lease if unit else services.change_lease_from
    return act(lease=lease, day=dt.date(2026, 6, 1), terms=terms, by=by)


def test_a_deposit_is_agreed_received_and_returned_with_a_deduction(lease, officer, treasurer):
    deposits.agree_deposit(lease=lease, amount=Decimal(20000), day=FIRST, by=officer)
    receive(lease, "12000", treasurer, FIRST)
    found = deposit_of(lease)
    assert (found.agreed, found.held, found.outstanding) == (Decimal(20000), Decimal(12000), Decimal(8000))
    receive(lease, "8000", treasurer)
    give_back(lease, treasurer, "18499.99", "1500.01", "a broken door")
    found = deposit_of(lease)
    assert (found.returned, found.withheld, found.held) == (Decimal("18499.99"), Decimal("1500.01"), Decimal(0))
    assert [move.kind for move in found.movements] == ["agreed", "received", "received", "withheld", "returned"]
    told = OutboxEvent.objects.filter(topic="deposit.moved").order_by("pk").last()
    assert (told.key, told.payload) == ("L-1", {"company": "A-001", "what": "returned"})


@pytest.mark.parametrize(("returned", "withheld"), [("100.01", "0"), ("0", "100.01"), ("50.00", "50.01")])
def test_never_more_goes_out_than_came_in(lease, treasurer, returned, withheld):
    receive(lease, "100.00", treasurer)
    with pytest.raises(Conflict, match=r"the zone holds ¥(100\.00|49\.99)") as refused:
        give_back(lease, treasurer, returned, withheld, "a broken door")
    assert refused.value.code == "beyond_deposit"
    assert deposit_of(lease).held == Decimal(100)
    give_back(lease, treasurer, "100.00")
    assert deposit_of(lease).held == 0


def test_an_agreement_replaces_the_one_before_and_moves_nothing(lease, officer):
    for amount in ("20000", "15000.50", "0"):
        deposits.agree_deposit(lease=lease, amount=Decimal(amount), day=FIRST, by=officer)
        assert deposit_of(lease).agreed == Decimal(amount)
    assert deposit_of(lease).held == 0


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        ({}, "returned"),
        ({"withheld": "1"}, "reason"),
        ({"withheld": "1", "reason": "  "}, "reason"),
        ({"returned": "1", "day": ON + dt.timedelta(days=1)}, "day"),
    ],
)
def test_what_a_return_is_refused_for(lease, treasurer, arguments, field):
    receive(lease, "100", treasurer)
    with pytest.raises(Incomplete) as refused:
        give_back(lease, treasurer, **arguments)
    assert list(refused.value.fields) == [field]


@pytest.mark.parametrize("amount", ["0", "-0.01", "0.001", "10000000000.01"])
def test_an_amount_is_above_0_and_whole_fen(lease, treasurer, amount):
    with pytest.raises(Incomplete):
        receive(lease, amount, treasurer)
    assert not DepositMovement.objects.exists()


def test_the_smallest_and_the_largest_amount_are_taken(lease, treasurer):
    receive(lease, "0.01", treasurer)
    receive(lease, "10000000000", treasurer)
    assert deposit_of(lease).held == Decimal("10000000000.01")


# --- The lease that follows --------------------------------------------------------------------------------------


def test_a_deposit_is_handed_over_whole_or_in_parts_to_what_follows(lease, officer, treasurer):
    receive(lease, "1000", treasurer)
    parts = services.split_lease(
        lease=lease, day=dt.date(2026, 6, 1), by=officer,
        parts=[Terms("L-1-2", lease.unit, Decimal(60), Decimal(3), None),
               Terms("L-1-3", UnitFactory(code="U2"), Decimal(40), Decimal(3), None)],
    )  # fmt: skip
    hand_over(lease, parts[0], "600", treasurer)
    with pytest.raises(Conflict, match=r"the zone holds ¥400\.00"):
        hand_over(lease, parts[1], "400.01", treasurer)
    hand_over(lease, parts[1], "400", treasurer)
    assert [deposit_of(one).held for one in (lease, *parts)] == [0, 600, 400]
    give_back(parts[1], treasurer, "400")
    with pytest.raises(Conflict):
        give_back(parts[1], treasurer, "0.01")


def test_a_merged_lease_takes_the_deposits_of_all(lease, company, officer, treasurer):
    other = LeaseFactory(number="L-9", company=company, term=period(FIRST, LAST), unit=UnitFactory(code="U9"))
    for one, amount in ((lease, "100"), (other, "50")):
        receive(one, amount, treasurer)
    terms = Terms("L-10", UnitFactory(code="U10", area_m2=Decimal(300)), Decimal(200), Decimal(3), None)
    merged = services.merge_leases(leases=[lease, other], day=dt.date(2026, 6, 1), terms=terms, by=officer)
    for one, amount in ((lease, "100"), (other, "50")):
        hand_over(one, merged, amount, treasurer)
    assert deposit_of(merged).held == Decimal(150)


def test_only_what_follows_takes_a_deposit_over(lease, company, officer, treasurer):
    receive(lease, "100", treasurer)
    stranger = LeaseFactory(number="L-9", company=company, unit=UnitFactory(code="U9"))
    with pytest.raises(Conflict, match="to a lease that follows"):
        hand_over(lease, stranger, "100", treasurer)
    after = followed(lease, officer)
    services.void_lease(lease=after, reason="entered twice", by=officer)
    with pytest.raises(Conflict, match="to a lease that follows"):
        hand_over(lease, after, "100", treasurer)


# --- What was entered in error -----------------------------------------------------------------------------------


def take_back(movement, by, reason="typed twice"):
    return deposits.take_back_movement(movement=movement, reason=reason, day=ON, by=by)


def test_what_was_entered_in_error_is_taken_back_once(lease, treasurer):
    wrong = receive(lease, "2000", treasurer)
    take_back(wrong, treasurer)
    assert (deposit_of(lease).held, deposit_of(lease).received) == (0, 0)
    with pytest.raises(Conflict, match="taken back already"):
        take_back(wrong, treasurer)
    with pytest.raises(Conflict, match="is not taken back"):
        take_back(DepositMovement.objects.get(kind="reversed"), treasurer)
    with pytest.raises(Incomplete):
        take_back(receive(lease, "1", treasurer), treasurer, " ")


def test_what_has_gone_out_again_is_not_taken_back(lease, officer, treasurer):
    came = receive(lease, "100", treasurer)
    went = give_back(lease, treasurer, "60")[0]
    with pytest.raises(Conflict, match="gone out again"):
        take_back(came, treasurer)
    take_back(went, treasurer)
    after = followed(lease, officer)
    over = hand_over(lease, after, "100", treasurer)
    give_back(after, treasurer, "0.01")
    with pytest.raises(Conflict, match="gone out again"):
        take_back(over, treasurer)
    take_back(DepositMovement.objects.get(kind="returned", lease=after), treasurer)
    take_back(over, treasurer)
    assert (deposit_of(lease).held, deposit_of(after).held) == (100, 0)


def test_an_agreement_is_replaced_and_not_taken_back(lease, officer, treasurer):
    agreed = deposits.agree_deposit(lease=lease, amount=Decimal(100), day=FIRST, by=officer)
    with pytest.raises(Conflict, match="agree on another amount"):
        take_back(agreed, treasurer)
    with pytest.raises(NotAllowed):
        take_back(receive(lease, "1", treasurer), officer)


# --- Whoever writes ----------------------------------------------------------------------------------------------


def test_nothing_in_the_ledger_is_changed_or_deleted(lease, treasurer):
    receive(lease, "100", treasurer)
    for sql in ("UPDATE spaces_depositmovement SET amount = 1", "DELETE FROM spaces_depositmovement"):
        with pytest.raises(InternalError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)


@pytest.mark.parametrize(
    ("row", "constraint"),
    [
        ({"kind": "returned", "amount": 101}, "held"),
        ({"kind": "withheld", "amount": 1}, "reason"),
        ({"kind": "received", "amount": 0}, "amount"),
        ({"kind": "received", "amount": -1}, "amount"),
        ({"kind": "gift", "amount": 1}, "kind_known"),
        ({"kind": "handed_over", "amount": 1}, "handed_over"),
        ({"kind": "reversed", "amount": 1, "reason": "x"}, "reversed"),
    ],
)
def test_the_database_keeps_the_ledger_true(lease, treasurer, row, constraint):
    receive(lease, "100", treasurer)
    with (
        pytest.raises(IntegrityError, match=f"spaces_depositmovement_{constraint}|goes out of lease"),
        transaction.atomic(),
    ):
        DepositMovement.objects.create(lease=lease, day=ON, by=treasurer, **row)


def test_a_reversal_takes_back_the_whole_of_a_movement_of_its_lease(lease, treasurer):
    came = receive(lease, "100", treasurer)
    other = LeaseFactory(number="L-9", unit=UnitFactory(code="U9"))
    for wrong in ({"amount": 99}, {"lease": other}):
        row = {"lease": lease, "amount": 100, "kind": "reversed", "reverses": came, "reason": "x", "day": ON} | wrong
        with pytest.raises(IntegrityError, match="a reversal takes back"), transaction.atomic():
            DepositMovement.objects.create(by=treasurer, **row)


ACTS = {
    "agree": lambda lease, by: deposits.agree_deposit(lease=lease, amount=Decimal(1), day=ON, by=by),
    "receive": lambda lease, by: receive(lease, "1", by),
    "return": lambda lease, by: give_back(lease, by, "1"),
    "hand over": lambda lease, by: hand_over(lease, lease, "1", by),
}


@pytest.mark.parametrize("role", list(StaffRole))
@pytest.mark.parametrize("act", ACTS)
def test_an_officer_agrees_and_the_treasurer_keeps_the_money(lease, treasurer, role, act):
    receive(lease, "100", treasurer)
    may = StaffRole.OFFICER if act == "agree" else StaffRole.TREASURER
    by = UserFactory(roles=[role])
    if role == may:
        with pytest.raises(DomainError) if act == "hand over" else transaction.atomic():
            ACTS[act](lease, by)
    else:
        with pytest.raises(NotAllowed):
            ACTS[act](lease, by)


def test_the_treasurer_does_not_keep_the_deposit_of_his_own_company(lease, company, treasurer, signed_in):
    received = receive(lease, "100", treasurer)
    MembershipFactory(company=company, user=treasurer)
    acts = [*(act for name, act in ACTS.items() if name != "agree"), lambda _lease, by: take_back(received, by)]
    for act in acts:
        with pytest.raises(NotAllowed, match="own company"):
            act(lease, treasurer)
    page = signed_in(treasurer).get(reverse("spaces:lease_detail", args=[lease.number])).content.decode()
    assert "100.00" in page
    assert "Deposit received" not in page


def test_no_officer_agrees_on_the_deposit_of_his_own_company(lease, company, officer, signed_in):
    url = reverse("spaces:lease_detail", args=[lease.number])
    agree = reverse("spaces:deposit_agree", args=[lease.number])
    assert agree in signed_in(officer).get(url).content.decode()
    MembershipFactory(company=company, user=officer)
    with pytest.raises(NotAllowed, match="own company"):
        ACTS["agree"](lease, officer)
    assert agree not in signed_in(officer).get(url).content.decode()


def test_nothing_comes_in_for_a_void_lease_but_what_is_there_goes_out(lease, officer, treasurer):
    receive(lease, "100", treasurer)
    services.void_lease(lease=lease, reason="entered twice", by=officer)
    for act in (lambda: receive(lease, "1", treasurer), lambda: ACTS["agree"](lease, officer)):
        with pytest.raises(Conflict, match="was declared void"):
            act()
    give_back(lease, treasurer, "100")
    assert deposit_of(lease).held == 0


def test_signing_an_offer_agrees_on_its_deposit(company, officer):
    offer = LeaseOfferFactory(company=company, state="accepted", deposit=Decimal("12345.67"), made_by=officer)
    free = LeaseOfferFactory(company=company, state="accepted", deposit=Decimal(0), made_by=officer)
    signed = services.sign_offer(offer=LeaseOffer.objects.get(pk=offer.pk), number="L-7", by=officer)
    found = deposit_of(signed)
    assert (found.agreed, found.outstanding, found.movements[0].day) == (
        Decimal("12345.67"), Decimal("12345.67"), dt.date(2026, 9, 1)
    )  # fmt: skip
    assert not deposit_of(services.sign_offer(offer=free, number="L-8", by=officer)).is_there


def test_the_list_sums_as_the_page_of_each_lease_does(lease, company, officer, treasurer):
    deposits.agree_deposit(lease=lease, amount=Decimal(500), day=FIRST, by=officer)
    receive(lease, "300", treasurer)
    take_back(receive(lease, "7", treasurer), treasurer)
    after = followed(lease, officer)
    hand_over(lease, after, "120.50", treasurer)
    LeaseFactory(number="none", unit=UnitFactory(code="U9"))
    rows = list(with_deposits(Lease.objects.order_by("number")))
    assert [row.number for row in rows] == ["L-1", "L-1-2"]
    for row in rows:
        assert (row.agreed, row.held) == (deposit_of(row).agreed, deposit_of(row).held)


# --- Pages -------------------------------------------------------------------------------------------------------


def test_the_treasurer_works_on_the_page_of_the_lease(lease, officer, treasurer, alice, signed_in):
    page = reverse("spaces:lease_detail", args=["L-1"])
    desk, till = signed_in(officer), signed_in(treasurer)
    agreed = desk.post(reverse("spaces:deposit_agree", args=["L-1"]), {"amount": "20000", "day": "2026-01-01"})
    assert agreed.url == f"{page}#deposit"
    form = till.get(reverse("spaces:deposit_act", args=["receive", "L-1"])).content.decode()
    assert 'value="20000.00"' in form  # what is still to be paid
    till.post(reverse("spaces:deposit_act", args=["receive", "L-1"]), {"amount": "20000", "day": "2026-06-15"})
    back = reverse("spaces:deposit_act", args=["return", "L-1"])
    refused = till.post(back, {"returned": "1", "withheld": "20000", "day": "2026-06-15", "reason": "door"})
    assert "the zone holds ¥0.00, not more" in refused.content.decode()
    till.post(back, {"returned": "18000", "withheld": "2000", "day": "2026-06-15", "reason": "a broken door"})
    assert deposit_of(lease).held == 0
    for reader in (desk, till, signed_in(alice)):
        shown = reader.get(page).content.decode()
        assert "a broken door" in shown
        assert "¥18,000.00" in shown
    assert "Officer" not in signed_in(alice).get(page).content.decode()
    assert "Return the deposit" not in signed_in(alice).get(page).content.decode()


def test_the_page_says_what_was_left_behind(lease, officer, treasurer, signed_in):
    receive(lease, "100", treasurer)
    after = followed(lease, officer)
    till, page = signed_in(treasurer), reverse("spaces:lease_detail", args=["L-1"])
    assert "¥100.00 are still held for this lease" in till.get(page).content.decode()
    url = reverse("spaces:deposit_act", args=["hand-over", "L-1"])
    assert "L-1-2 · U1" in till.get(url).content.decode()
    till.post(url, {"to": "L-1-2", "amount": "100", "day": "2026-06-15"})
    assert "are still held" not in till.get(page).content.decode()
    assert "taken over from lease L-1" in till.get(reverse("spaces:lease_detail", args=["L-1-2"])).content.decode()
    assert deposit_of(after).held == Decimal(100)


def test_a_movement_is_taken_back_from_the_page_by_who_may(lease, officer, treasurer, signed_in):
    url = reverse("spaces:deposit_take_back", args=[receive(lease, "100", treasurer).pk])
    assert signed_in(officer).get(url).status_code == 403
    assert signed_in(treasurer).post(url, {"reason": "typed twice"}).status_code == 302
    assert deposit_of(lease).held == 0
    assert signed_in(treasurer).get(url).status_code == 403


def test_the_list_is_narrowed_down_and_taken_home(lease, company, officer, treasurer, signed_in):
    over = LeaseFactory(number="L-0", company=company, unit=UnitFactory(code="U0"), term=period(FIRST, ON))
    ended = LeaseFactory(
        number="L-E", company=company, unit=UnitFactory(code="UE"), term=period(FIRST, ON - dt.timedelta(days=1))
    )
    deposits.agree_deposit(lease=lease, amount=Decimal(500), day=FIRST, by=officer)
    for one in (over, ended):
        receive(one, "10", treasurer)
    till, url = signed_in(treasurer), reverse("spaces:deposits")

    def listed(**query):
        page = till.get(url, query).content.decode()
        return [number for number in ("L-0", "L-1", "L-E") if f">{number}<" in page]

    assert listed() == ["L-0", "L-1", "L-E"]
    assert listed(state="held") == ["L-0", "L-E"]
    assert listed(state="outstanding") == ["L-1"]
    assert listed(state="to_return") == ["L-E"]  # on its last day a lease is not over
    assert listed(q="L-1") == ["L-1"]
    lines = till.get(url, {"format": "csv"}).content.decode("utf-8-sig").splitlines()
    assert lines[0] == "lease,company,day,kind,amount,to_lease,taken_back,reason"
    assert lines[1] == "L-1,A-001,2026-01-01,agreed,500.00,,,"
    assert len(lines) == 4


# --- Two at the same moment --------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_of_two_who_return_the_whole_at_once_one_does():
    people = [UserFactory(roles=[StaffRole.TREASURER]) for _ in range(2)]
    lease = LeaseFactory(number="L-1")
    receive(lease, "100", people[0])
    start = threading.Barrier(2)

    def run(by):
        try:
            start.wait(timeout=10)
            return give_back(lease, by, "100")[0].kind
        except Conflict as error:
            return error.code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(run, people)) == ["beyond_deposit", DepositKind.RETURNED]
    assert deposit_of(lease).held == 0
