"""Two officers at the same moment, on two real connections: one wins, the other is told who did."""

import datetime as dt
import threading
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import OperationalError, connection, transaction

from accounts.models import StaffRole
from core.errors import Conflict, DomainError
from core.periods import DAY, period
from spaces import services
from spaces.lives.plans import Terms
from spaces.models import Ending, Lease, LeaseOffer, Succession, Unit
from spaces.refusals import places as refusals
from tests.factories import CompanyFactory, LeaseFactory, UnitFactory, UserFactory

START = dt.date(2026, 1, 1)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def officers():
    return [UserFactory(roles=[StaffRole.OFFICER]), UserFactory(roles=[StaffRole.OFFICER])]


@pytest.fixture
def unit():
    return UnitFactory(code="U1", area_m2=Decimal("120.00"))


def at_once(*acts: Callable[[], object]) -> list[object]:
    """What each act returned or was refused with; each runs on a connection of its own."""
    results: list[object] = [None] * len(acts)

    def run(index: int) -> None:
        try:
            results[index] = acts[index]()
        except (DomainError, OperationalError) as error:
            results[index] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(index,)) for index in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    assert not any(thread.is_alive() for thread in threads)
    return results


def test_two_officers_sign_the_same_unit(unit, officers, monkeypatch):
    companies = [CompanyFactory(code="A", name="Company A"), CompanyFactory(code="B", name="Company B")]
    both_have_looked = threading.Barrier(2, timeout=10)
    look = services.leases._refuse_contradiction

    def look_and_wait(lease: Lease) -> None:
        look(lease)
        both_have_looked.wait()

    monkeypatch.setattr(services.leases, "_refuse_contradiction", look_and_wait)

    def sign(index: int) -> Callable[[], Lease]:
        return lambda: services.sign_lease(
            number=f"L{index}",
            unit=unit,
            company=companies[index],
            area_m2=Decimal(100),
            price_per_m2_day=Decimal(3),
            term=period(START, None),
            by=officers[index],
        )

    results = at_once(sign(0), sign(1))
    (winner,) = [result for result in results if isinstance(result, Lease)]
    (loser,) = [result for result in results if isinstance(result, Conflict)]
    assert loser.code == "unit_taken"
    assert str(loser) == (
        f"Unit U1 is let to {winner.company.name} since 2026-01-01 without an end (lease {winner.number})."
    )
    assert list(Lease.objects.values_list("number", flat=True)) == [winner.number]


@pytest.mark.parametrize("first", ["sign", "shrink"])
def test_a_unit_shrinks_while_it_is_let(unit, officers, first, monkeypatch):
    """Whichever is written first, the other waits for it and is refused."""
    company = CompanyFactory()
    written, other_waits = threading.Event(), threading.Event()
    monkeypatch.setattr(refusals, "largest_of", lambda unit: None)  # both have looked before anything was written

    def sign() -> Lease:
        fresh = Unit.objects.get(pk=unit.pk)
        return services.sign_lease(
            number="L1", unit=fresh, company=company, area_m2=Decimal(100), price_per_m2_day=Decimal(3),
            term=period(START, None), by=officers[0],
        )  # fmt: skip

    def shrink() -> Unit:
        found = Unit.objects.get(pk=unit.pk)
        return services.change_unit(unit=found, building=found.building, floor="1", area_m2=Decimal(50), by=officers[1])

    acts = {"sign": sign, "shrink": shrink}

    def leader() -> object:
        with transaction.atomic():
            done = acts[first]()
            written.set()
            other_waits.wait(timeout=10)
            return done

    def follower() -> object:
        written.wait(timeout=10)
        threading.Timer(0.3, other_waits.set).start()  # by then the other statement waits for the row
        return acts["shrink" if first == "sign" else "sign"]()

    led, followed = at_once(leader, follower)
    assert not isinstance(led, DomainError)
    assert isinstance(followed, Conflict)
    assert (followed.code, Lease.objects.count()) == (("below_lease", 1) if first == "sign" else ("beyond_unit", 0))


def test_a_renewal_and_an_early_end_at_the_same_moment(unit, officers):
    """Whoever comes second sees what the first one did: no renewal hangs in the air, no ended lease is renewed."""
    last = dt.date(2026, 12, 31)
    lease = LeaseFactory(number="L1", unit=unit, term=period(START, last))
    terms = Terms("L1-2", unit, Decimal(100), Decimal(3), None)

    def renew() -> Lease:
        return services.renew_lease(lease=lease, day=last + DAY, terms=terms, by=officers[0])

    def end() -> Lease:
        return services.end_lease(lease=lease, last_day=START, notice_by="company", reason="leaves", by=officers[1])

    results = at_once(renew, end)
    (loser,) = [result for result in results if isinstance(result, Conflict)]
    assert loser.code in {"lease_followed", "terms_do_not_meet"}
    assert Lease.objects.count() == (2 if loser.code == "lease_followed" else 1)
    assert Ending.objects.count() + Succession.objects.count() == 1


def test_a_unit_is_offered_and_let_at_the_same_moment(unit, officers, monkeypatch):
    """Both have looked before either wrote: the database lets one of them through."""
    companies = [CompanyFactory(code="A", name="Company A"), CompanyFactory(code="B", name="Company B")]
    term = period(START, None)
    both_have_looked = threading.Barrier(2, timeout=10)
    monkeypatch.setattr(services.leases, "_refuse_contradiction", lambda lease: both_have_looked.wait())
    monkeypatch.setattr(refusals, "refuse_offer", lambda offer: both_have_looked.wait())

    def sign() -> Lease:
        return services.sign_lease(
            number="L1", unit=unit, company=companies[0], area_m2=Decimal(100), price_per_m2_day=Decimal(3), term=term,
            by=officers[0],
        )  # fmt: skip

    def offer() -> LeaseOffer:
        return services.make_offer(
            number="O1", unit=unit, company=companies[1], area_m2=Decimal(100), price_per_m2_day=Decimal(3), term=term,
            deposit=Decimal(0), valid_until=START, on=START, by=officers[1],
        )  # fmt: skip

    results = at_once(sign, offer)
    (loser,) = [result for result in results if isinstance(result, Conflict)]
    assert loser.code in {"unit_offered", "unit_taken"}
    assert Lease.objects.count() + LeaseOffer.objects.count() == 1
