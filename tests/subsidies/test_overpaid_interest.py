"""An interest statement that is issued below 0 is asked back: how much, by whom, once, and whatever comes later."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

import pytest
from django.db import IntegrityError, InternalError, connection, transaction
from django.db.models import Sum
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import StaffRole, User
from companies.models import Company
from core.errors import Conflict, NotAllowed
from core.models import OutboxEvent
from subsidies import permissions
from subsidies.choices import RecoveryState
from subsidies.models import InterestStatement, LedgerEntry, Recovery
from subsidies.services import ledger
from subsidies.services import overpaid as services
from subsidies.services.recoveries import confirm_recovery, drop_recovery, settle_recovery
from subsidies.services.statements import issue_statements
from tests.factories import GrantFactory, InterestStatementFactory, MembershipFactory, UserFactory
from tests.subsidies.conftest import APRIL, JULY, JUNE, MAY
from tests.subsidies.overpaying import LATER, SEPTEMBER_1, another, billed, correct, issued, lend, overpaid, put_out

BELOW = Decimal("373.50")


def below(amount: str, month: dt.date = MAY, **more: object) -> InterestStatement:
    """An open statement that is `amount` below 0."""
    less = -Decimal(amount)
    return InterestStatementFactory(month=month, supported=Decimal(0), adjustment=less, payable=less, **more)


def test_what_is_issued_below_0_is_asked_back_to_the_fen(tenant: Company, treasurer: User):
    recovery = overpaid(tenant, treasurer)
    statement = InterestStatement.objects.get(month=JUNE)
    assert (str(statement.supported), str(statement.adjustment)) == ("45.00", "-418.50")
    assert (recovery.statement, recovery.company, recovery.grant) == (statement, tenant, None)
    assert (recovery.state, recovery.amount, recovery.opened_by) == (RecoveryState.OPEN, BELOW, treasurer)
    assert [(one.month, one.reasons) for one in recovery.statement.adjustments.all()] == [
        (MAY, ["what is owed on the loan was corrected"])
    ]
    event = OutboxEvent.objects.get(topic="recovery.opened")
    assert (event.key, event.payload) == ("2026-06", {"recoveries": 1})


@pytest.mark.parametrize("amount", [Decimal(0), Decimal("0.01")])
def test_a_statement_that_is_not_below_0_asks_nothing_back(policy, treasurer: User, amount: Decimal):
    InterestStatementFactory(supported=amount, payable=amount)
    issue_statements(month=MAY, on=SEPTEMBER_1, by=treasurer)
    assert not Recovery.objects.exists()
    assert not OutboxEvent.objects.filter(topic="recovery.opened").exists()


def test_a_statement_that_is_still_open_asks_nothing_back(tenant: Company, treasurer: User):
    lend(tenant)
    issued(tenant, MAY, treasurer)
    correct(tenant, principal=Decimal("36000.00"))
    assert billed(tenant, JUNE).payable == -BELOW
    assert not Recovery.objects.exists()


def test_to_issue_twice_asks_back_once(tenant: Company, treasurer: User):
    overpaid(tenant, treasurer)
    with pytest.raises(Conflict, match="no open statements"):
        issue_statements(month=JUNE, on=SEPTEMBER_1, by=treasurer)
    assert services.open_recoveries(month=JUNE, by=treasurer) == 0
    assert Recovery.objects.get().amount == BELOW
    assert OutboxEvent.objects.filter(topic="recovery.opened").count() == 1


def test_many_statements_are_asked_back_by_no_more_queries(policy, treasurer: User):
    counts = []
    assert permissions.can_issue(treasurer)  # asked once for each person
    ledger.keep_budgets(on=APRIL)  # written once a year
    for month, amounts in ((APRIL, ["0.01"]), (MAY, ["0.01", "20.00", "300.10"])):
        for amount in amounts:
            below(amount, month)
        with CaptureQueriesContext(connection) as asked:
            issue_statements(month=month, on=SEPTEMBER_1, by=treasurer)
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert sorted(Recovery.objects.filter(statement__month=MAY).values_list("amount", flat=True)) == [
        Decimal("0.01"), Decimal("20.00"), Decimal("300.10"),
    ]  # fmt: skip


DAYS = {APRIL: 30, MAY: 31, JUNE: 30, JULY: 31}


@pytest.mark.parametrize(
    "a_day",
    [
        ("15", "1.5", "15", "3"),  # too much, then none of it
        ("15", "1.5", "1.5", "1.5"),
        ("30", "15", "1.5", "0.75"),  # ever less
        ("0.75", "30", "1.5", "30"),
        ("1.5", "15", "30", "0.75"),
    ],
)
def test_nothing_is_claimed_twice_and_nothing_lost_whatever_comes_in_which_order(
    tenant: Company, treasurer: User, approver: User, a_day: Sequence[str]
):
    """Before each month the loan turns out to be another one, for all months. What was paid out less what was asked
    back is then what the loan gives."""
    lend(tenant)
    days = 0
    for (month, more), support in zip(DAYS.items(), a_day, strict=True):
        days += more
        correct(tenant, principal=Decimal(support) * 24_000)
        issued(tenant, month, treasurer)
        for recovery in Recovery.objects.filter(state=RecoveryState.OPEN, statement__month=MAY):
            confirm_recovery(recovery=recovery, by=approver)
        paid_out = InterestStatement.objects.filter(payable__gt=0).aggregate(sum=Sum("payable"))["sum"]
        asked_back = Recovery.objects.aggregate(sum=Sum("amount"))["sum"] or 0
        assert paid_out - asked_back == Decimal(support) * days
    assert Recovery.objects.exists()


# Two people, and nobody for his own company.


def test_it_is_confirmed_by_an_approver_and_settled_by_the_treasurer(tenant: Company, treasurer: User, approver: User):
    recovery = overpaid(tenant, treasurer)
    confirmed = confirm_recovery(recovery=recovery, by=approver)
    assert (confirmed.state, confirmed.confirmed_by, confirmed.amount) == (RecoveryState.CONFIRMED, approver, BELOW)
    settle_recovery(recovery=recovery, on=LATER, by=treasurer)
    recovery.refresh_from_db()
    assert (recovery.state, recovery.settled_by, recovery.settled_on) == (RecoveryState.SETTLED, treasurer, LATER)
    assert not LedgerEntry.objects.exists()


def test_who_issued_the_statement_does_not_confirm_what_it_asks_back(tenant: Company):
    both = UserFactory(roles=[StaffRole.TREASURER, StaffRole.APPROVER])
    recovery = overpaid(tenant, both)
    with pytest.raises(NotAllowed, match="You issued this statement"):
        confirm_recovery(recovery=recovery, by=both)
    with pytest.raises(IntegrityError, match="four_eyes"), transaction.atomic():
        Recovery.objects.update(state="confirmed", confirmed_by=both, confirmed_at=timezone.now())
    assert confirm_recovery(recovery=recovery, by=another(StaffRole.APPROVER)).state == RecoveryState.CONFIRMED


@pytest.mark.parametrize("role", list(StaffRole))
def test_each_act_is_for_its_role_alone(tenant: Company, treasurer: User, approver: User, role: StaffRole):
    recovery, person = overpaid(tenant, treasurer), another(role)
    if role != StaffRole.APPROVER:
        with pytest.raises(NotAllowed, match="Approvers confirm"):
            confirm_recovery(recovery=recovery, by=person)
    confirm_recovery(recovery=recovery, by=approver)
    if role != StaffRole.TREASURER:
        with pytest.raises(NotAllowed, match="treasurer records"):
            settle_recovery(recovery=recovery, on=LATER, by=person)


def test_nobody_acts_for_his_own_company(tenant: Company, treasurer: User, approver: User):
    recovery = overpaid(tenant, treasurer)
    own = {role: another(role) for role in (StaffRole.APPROVER, StaffRole.TREASURER)}
    for person in own.values():
        MembershipFactory(company=tenant, user=person, role="viewer")
    with pytest.raises(NotAllowed, match="nobody for his own company"):
        confirm_recovery(recovery=recovery, by=own[StaffRole.APPROVER])
    confirm_recovery(recovery=recovery, by=approver)
    with pytest.raises(NotAllowed, match="not to his own company"):
        settle_recovery(recovery=recovery, on=LATER, by=own[StaffRole.TREASURER])


def test_an_act_comes_once_and_in_its_turn(tenant: Company, treasurer: User, approver: User):
    recovery = overpaid(tenant, treasurer)
    with pytest.raises(Conflict, match="interest statement 2026-06 is in the state “to be confirmed” already"):
        settle_recovery(recovery=recovery, on=LATER, by=treasurer)
    confirm_recovery(recovery=recovery, by=approver)
    with pytest.raises(Conflict, match="“confirmed” already"):
        confirm_recovery(recovery=recovery, by=approver)


# What comes later.


@pytest.mark.parametrize("is_confirmed", [False, True])
def test_an_overpayment_that_was_none_is_paid_out_by_itself(
    tenant: Company, treasurer: User, approver: User, is_confirmed: bool
):
    recovery = overpaid(tenant, treasurer)
    if is_confirmed:
        recovery = confirm_recovery(recovery=recovery, by=approver)
    before = recovery.state
    correct(tenant, principal=Decimal("360000.00"))
    july = issued(tenant, JULY, treasurer)
    # What May lost, what June lacks at ¥15 a day, and July itself.
    assert (str(july.adjustment), str(july.payable)) == ("823.50", "1288.50")
    recovery.refresh_from_db()
    assert (recovery.state, recovery.amount) == (before, BELOW)
    assert Recovery.objects.count() == 1


def test_nobody_drops_it(tenant: Company, treasurer: User, approver: User):
    with pytest.raises(Conflict, match="a later one pays it out") as refused:
        drop_recovery(recovery=overpaid(tenant, treasurer), by=approver)
    assert refused.value.code == "facts_ask"
    with pytest.raises(IntegrityError, match="interest_stays"), transaction.atomic():
        Recovery.objects.update(state="dropped")


# What the database keeps, whoever writes.


def issued_below(amount: str, month: dt.date = MAY) -> InterestStatement:
    return put_out(below(amount, month))


@pytest.mark.parametrize(
    ("why", "make"),
    [
        ("about_one", lambda: {"amount": 1, "reason": "r"}),
        ("about_one", lambda: {"amount": 7, "statement": issued_below("7"), "grant": GrantFactory()}),
        ("_reason", lambda: {"amount": 7, "statement": issued_below("7"), "reason": "r"}),
        ("_reason", lambda: {"amount": 7, "statement": issued_below("7"), "arithmetic": {"was": "7"}}),
        ("_reason", lambda: {"amount": 7, "grant": GrantFactory()}),
        ("below 0", lambda: {"amount": Decimal("7.01"), "statement": issued_below("7")}),
        ("below 0", lambda: {"amount": 7, "statement": below("7")}),
        ("below 0", lambda: {"amount": 7, "statement": issued_below("-7")}),
    ],
)
def test_a_recovery_that_says_something_else_is_refused_by_the_database(policy, why: str, make):
    fields = make()
    with pytest.raises(IntegrityError, match=why), transaction.atomic():
        Recovery.objects.create(**fields)


def test_a_statement_has_one_recovery(policy):
    statement = issued_below("7")
    Recovery.objects.create(statement=statement, amount=7)
    with pytest.raises(IntegrityError, match="statement_id"), transaction.atomic():
        Recovery.objects.create(statement=statement, amount=7)


def test_what_is_asked_back_is_never_changed_even_while_it_is_open(policy, approver: User):
    recovery = Recovery.objects.create(statement=issued_below("7"), amount=7)
    other, found = issued_below("7", JUNE), Recovery.objects.filter(pk=recovery.pk)
    attempts = [
        lambda: found.update(amount=6),
        lambda: found.update(statement=other),
        lambda: found.update(statement=None, grant=GrantFactory(), reason="r"),
        lambda: found.update(state="settled", settled_by=approver, settled_on=LATER),
        lambda: found.update(state="confirmed"),
        lambda: found._raw_delete("default"),
    ]
    for attempt in attempts:
        with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
            attempt()
    assert found.values_list("state", "amount", "statement").get() == ("open", 7, recovery.statement_id)


def test_founders_see_the_recoveries_of_their_own_company_alone(tenant: Company, treasurer: User, mallory: User):
    recovery = overpaid(tenant, treasurer)
    founder = MembershipFactory(company=tenant).user
    seen = [list(Recovery.objects.visible_to(one)) for one in (founder, mallory, treasurer)]
    assert seen == [[recovery], [], [recovery]]
