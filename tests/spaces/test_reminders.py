"""Reminders of leases that end: to both sides, in time, each once, and none once it is settled what follows."""

import datetime as dt
from decimal import Decimal

import pytest
import time_machine
from django.core import mail

from accounts import notices
from accounts.models import Notice
from core.periods import DAY, period
from spaces import services, tasks
from spaces.lives.plans import Terms
from spaces.models import Lease
from spaces.services.reminders import tell_of_ends
from tests.factories import LeaseFactory, LeaseOfferFactory

LAST = dt.date(2026, 12, 31)


@pytest.fixture
def lease(company) -> Lease:
    return LeaseFactory(number="L-1", company=company, term=period(dt.date(2026, 1, 1), LAST))


@pytest.mark.parametrize(
    ("before", "step"),
    [
        (91, None),
        (90, 90),
        (83, 90),
        (82, None),
        (31, None),
        (30, 30),
        (23, 30),
        (22, None),
        (1, None),
        (0, 0),
        (-1, None),
    ],
)
def test_both_sides_are_told_90_and_30_days_before_and_on_the_last_day(lease, alice, carol, officer, before, step):
    LeaseFactory(number="OPEN", company=lease.company)
    LeaseFactory(number="VOID", company=lease.company, term=lease.term, voided=True)
    on = LAST - before * DAY
    assert tell_of_ends(on=on) == (0 if step is None else 3)
    told = Notice.objects.values_list("user", "message", "context__step")
    everybody = {(person.pk, "lease_ends", step) for person in (alice, carol)}
    everybody.add((officer.pk, "lease_ends_for_zone", step))
    assert set(told) == (set() if step is None else everybody)


def test_each_is_told_once_for_each_step(lease, alice, officer):
    days = [LAST - days * DAY for days in range(100, -3, -1)]
    for day in days:
        with time_machine.travel(dt.datetime.combine(day, dt.time(4), dt.UTC), tick=False):
            tasks.tell_of_ends()
            tasks.tell_of_ends()
    assert Notice.objects.filter(user=alice).count() == Notice.objects.filter(user=officer).count() == 3


def test_what_is_renewed_or_offered_is_let_alone(lease, alice, officer, django_assert_max_num_queries):
    on = LAST - 90 * DAY
    offer = LeaseOfferFactory(company=lease.company, unit=lease.unit, term=period(LAST + DAY, None))
    assert tell_of_ends(on=on) == 0
    services.withdraw_offer(offer=offer, reason="a mistake", by=officer)
    assert tell_of_ends(on=on) == 2
    terms = Terms("L-1-2", lease.unit, Decimal(100), Decimal(3), None)
    after = services.renew_lease(lease=lease, day=LAST + DAY, terms=terms, by=officer)
    assert tell_of_ends(on=LAST - 30 * DAY) == 0
    services.void_lease(lease=after, reason="not agreed", by=officer)
    LeaseFactory.create_batch(5, term=lease.term)
    with django_assert_max_num_queries(12):
        assert tell_of_ends(on=LAST - 30 * DAY) == 2 + 5


def test_the_mail_says_when_and_what_to_do(lease, alice):
    tell_of_ends(on=LAST - 30 * DAY)
    notices.mail(Notice.objects.get(user=alice).pk)
    (sent,) = mail.outbox
    assert sent.subject == f"Lingxi Audio: the lease of unit {lease.unit.code} ends on 2026-12-31"
    assert "Lease L-1 ends in 30 days, and nothing follows it yet." in sent.body
