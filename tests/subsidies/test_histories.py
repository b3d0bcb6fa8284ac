"""A hundred random histories of corrections, each billed two ways: whatever the order in which facts were corrected and
months were issued, all that was posted adds up, to the fen, to the corrected facts billed from scratch.

Every history has two companies that begin alike and end alike. What is corrected of them is the same, but in another
order and between other months. The reference is `brute_force`, day by day and with fractions, which knows nothing of
statements. All histories run through the same months, so that a bill serves two hundred companies at once.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from random import Random

import pytest
from django.db.models import QuerySet

from accounts.models import User
from companies.models import Company
from core.periods import period
from spaces.models import Lease
from subsidies.choices import StatementState
from subsidies.gather.selection import chosen
from subsidies.models import PolicyVersion, RentAdjustment, RentLine, RentStatement
from subsidies.services import policies, statements
from tests.factories import IN_FORCE_FROM, BuildingFactory, CompanyFactory, LeaseFactory, UnitFactory
from tests.packs import pack_with
from tests.subsidies.rules import brute_force

HISTORIES = 100
MONTHS = [dt.date(2026, month, 1) for month in range(2, 7)]
ON = dt.date(2026, 7, 1)
# Of the months that are billed, some have the relief, in one it ends for those who came first.
WINDOW = 7
AREA, SHARE = 300, 1
CORRECTION_ROUNDS = 2 * (len(MONTHS) - 1) + 1  # two before each month is issued but the last, one after them all

Correct = Callable[[Company], None]
Posted = dict[tuple[str, dt.date], tuple[int, int]]  # by place of the lease and month: rent and relief in fen


@dataclass
class History:
    """What a company begins with, and corrections that lead to the same facts in every order."""

    seed: int
    registered: dt.date | None
    operating: dt.date | None
    leases: list[dict[str, object]] = field(default_factory=list)
    corrections: list[tuple[str, Correct]] = field(default_factory=list)


def draw(seed: int) -> History:
    random = Random(seed)
    history = History(
        seed,
        _day(random, 2025, 9) if random.random() < 0.8 else None,
        _day(random, 2025, 10) if random.random() < 0.9 else None,
    )
    for place in range(random.randint(1, 3)):
        history.leases.append(_terms(random, f"{place}"))
        history.corrections += _of_lease(random, f"{place}")
    history.corrections += _of_company(random)
    if random.random() < 0.4:
        terms = _terms(random, "late")
        history.corrections.append((f"enter {terms}", lambda company: _let(company, terms)))
    return history


def _terms(random: Random, place: str) -> dict[str, object]:
    return {
        "place": place,
        "area": Decimal(random.randint(2_000, 40_000)) / 100,
        "price": Decimal(random.randint(5_000, 30_000)) / 10_000,
        "first": random.choice((_day(random, 2025, random.choice((7, 12))), _day(random, 2026, random.choice((1, 2))))),
        "last": None if random.random() < 0.5 else dt.date(2026, 12, 31),
    }


def _day(random: Random, year: int, month: int) -> dt.date:
    return dt.date(year, month, random.randint(1, 28))


def _of_lease(random: Random, place: str) -> Iterator[tuple[str, Correct]]:
    """Corrections of one lease, each of another fact of it."""
    price, area = Decimal(random.randint(5_000, 30_000)) / 10_000, Decimal(random.randint(2_000, 40_000)) / 100
    first, until = _day(random, 2025, random.choice((3, 11))), _day(random, 2026, random.choice((3, 4, 5)))
    terms = _terms(random, f"{place}-next") | {"first": until}
    chance = random.random()
    if chance < 0.3:
        yield f"{place}: ends {until}", lambda company: _between(company, place, until=until)
    elif chance < 0.6:
        yield f"{place}: changes {terms}", lambda company: _change(company, place, terms)
    elif chance < 0.7:
        yield f"{place}: void", lambda company: _void(company, place)
    if random.random() < 0.5:
        yield f"{place}: price {price}", lambda company: _set(_lease(company, place), price_per_m2_day=price)
    if random.random() < 0.5:
        yield f"{place}: area {area}", lambda company: _set(_lease(company, place), area_m2=area)
    if random.random() < 0.3:
        yield f"{place}: begins {first}", lambda company: _between(company, place, first=first)


def _of_company(random: Random) -> Iterator[tuple[str, Correct]]:
    registered, operating = _day(random, 2026, random.choice((1, 3, 4))), _day(random, 2025, random.choice((9, 12)))
    until = _day(random, 2026, random.choice((4, 5))) if random.random() < 0.3 else None
    if random.random() < 0.6:
        yield f"registered {registered} {until}", lambda company: _of(company, registration=period(registered, until))
    if random.random() < 0.4:
        yield f"operating {operating}", lambda company: _of(company, operation=period(operating, None))


def _of(company: Company, **fields: object) -> None:
    Company.objects.filter(pk=company.pk).update(**fields)


def _lease(company: Company, place: str) -> QuerySet[Lease]:
    return Lease.objects.filter(number=f"{company.code}-{place}")


def _set(leases: QuerySet[Lease], **fields: object) -> None:
    assert leases.update(**fields) == 1


def _between(company: Company, place: str, *, first: dt.date | None = None, until: dt.date | None = None) -> None:
    found = _lease(company, place)
    term = found.get().term
    _set(found, term=type(term)(first or term.lower, until or term.upper, "[)"))


def _void(company: Company, place: str) -> None:
    _set(_lease(company, place), voided_at=dt.datetime(2026, 3, 1, tzinfo=dt.UTC), void_reason="entered in error")


def _change(company: Company, place: str, terms: dict[str, object]) -> None:
    """Another area and price from a day on: the lease ends before it, and another one follows in the same unit."""
    _between(company, place, until=terms["first"])  # type: ignore[arg-type]
    _let(company, terms, unit=_lease(company, place).get().unit)


def _let(company: Company, terms: dict[str, object], unit: object = None) -> None:
    LeaseFactory(
        company=company,
        number=f"{company.code}-{terms['place']}",
        unit=unit or UnitFactory(building=BUILDINGS[0], area_m2=Decimal(500)),
        area_m2=terms["area"],
        price_per_m2_day=terms["price"],
        term=period(terms["first"], terms["last"]),  # type: ignore[arg-type]
    )


BUILDINGS: list[object] = []  # one is enough for all units of the test


@pytest.fixture
def seven_months(db: None) -> Iterator[PolicyVersion]:
    """The default pack with a relief of seven months, and a budget that holds it for everybody."""
    values = {"rent_waiver.months": Decimal(WINDOW), "rent_waiver.yearly_budget": Decimal(10**9)}
    BUILDINGS[:] = [BuildingFactory()]
    yield policies.load_pack(pack=pack_with(values), publish=True).version
    BUILDINGS.clear()


def _begin(history: History, side: str) -> Company:
    company = CompanyFactory(
        code=f"{history.seed:03}{side}",
        registration=period(history.registered, None) if history.registered else None,
        operation=period(history.operating, None) if history.operating else None,
    )
    for terms in history.leases:
        _let(company, terms)
    return company


def _in_rounds(history: History, side: str) -> dict[int, list[Correct]]:
    """The corrections, in an order of the side's own and each in a round of its own choice."""
    random, rounds = Random(f"{history.seed} {side}"), defaultdict(list)
    corrections = [act for _what, act in history.corrections]
    random.shuffle(corrections)
    for act in corrections:
        rounds[random.randrange(CORRECTION_ROUNDS)].append(act)
    return rounds


def _live_through(planned: dict[Company, dict[int, list[Correct]]], treasurer: User) -> None:
    """Round by round: correct, bill; issue a month after every second round."""
    everybody = chosen(company.pk for company in planned)
    for number in range(CORRECTION_ROUNDS):
        for company, rounds in planned.items():
            for act in rounds[number]:
                act(company)
        statements.bill(everybody, month=MONTHS[number // 2])
        if number % 2:
            statements.issue_statements(month=MONTHS[number // 2], on=ON, by=treasurer)
    statements.issue_statements(month=MONTHS[-1], on=ON, by=treasurer)


def _posted(company: Company) -> Posted:
    """What issued statements say about each lease and month: its line, and every adjustment since."""
    found: defaultdict[tuple[str, dt.date], list[int]] = defaultdict(lambda: [0, 0])
    issued = {"statement__company": company, "statement__state": StatementState.ISSUED}
    rows = [
        *RentLine.objects.filter(**issued).values_list("lease__number", "statement__month", "rent", "waived"),
        *RentAdjustment.objects.filter(**issued).values_list("lease__number", "month", "rent", "waived"),
    ]
    for number, month, *amounts in rows:
        key = number.removeprefix(f"{company.code}-"), month
        found[key] = [sum(pair) for pair in zip(found[key], (int(one * 100) for one in amounts), strict=True)]
    return {key: (rent, waived) for key, (rent, waived) in found.items() if rent or waived}


def _from_scratch(company: Company) -> Posted:
    """The facts as they are in the end, billed day by day."""
    company.refresh_from_db()
    leases = [
        brute_force.Lease(
            lease.number, Fraction(lease.area_m2), Fraction(lease.price_per_m2_day), lease.first_day, lease.last_day
        )
        for lease in company.leases.filter(voided_at=None)
    ]
    if not leases:
        return {}
    registered, operating = company.registration, company.operation
    known = brute_force.Company(
        registered.lower if registered else None, registered.upper if registered else None,
        operating.lower if operating else None, operating.upper if operating else None, leases,
    )  # fmt: skip
    versions = [brute_force.Version(IN_FORCE_FROM, Fraction(AREA), WINDOW, Fraction(SHARE))]
    return {
        (number.removeprefix(f"{company.code}-"), month): (rent, waived)
        for month in MONTHS
        for number, (_days, _waived_days, rent, waived, _payable, _missing) in brute_force.bill(
            known, month, versions
        ).items()
        if rent or waived
    }


def test_a_hundred_histories_of_corrections_add_up_in_any_order(seven_months: PolicyVersion, treasurer: User):
    histories = [draw(seed) for seed in range(HISTORIES)]
    twins = [(history, _begin(history, "A"), _begin(history, "B")) for history in histories]
    planned = {}
    for history, one, other in twins:
        planned |= {one: _in_rounds(history, "A"), other: _in_rounds(history, "B")}
    _live_through(planned, treasurer)
    assert sum(len(history.corrections) for history in histories) > 3 * HISTORIES
    assert RentAdjustment.objects.count() > 5 * HISTORIES
    for history, *companies in twins:
        told = f"history {history.seed}: {[what for what, _act in history.corrections]}"
        expected = _from_scratch(companies[0])
        for company in companies:
            assert _posted(company) == expected, told
            payable = sum(rent - waived for rent, waived in expected.values())
            owed = sum(RentStatement.objects.filter(company=company).values_list("payable", flat=True), Decimal(0))
            assert int(owed * 100) == payable, told
            assert not company.rent_statements.exclude(state=StatementState.ISSUED).exists(), told
