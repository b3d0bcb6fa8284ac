"""Bank loans around the principal up to which interest is supported, and what was paid back of them."""

import datetime as dt
from collections.abc import Iterator, Sequence

from zone_portal.demo.calendar import Present, shift
from zone_portal.demo.companies import Company
from zone_portal.demo.records.table import Row, Table, chosen, day_since, yuan

BORROWERS = 62
BANKS = ("Hupan Commercial Bank", "Shuxi Bank", "Qingzhu Rural Bank")
# Thousands of yuan; interest is supported up to 2,000.
PRINCIPALS = (300, 500, 800, 1000, 1200, 1500, 2000, 2000, 2400, 3000)


def loans(register: Sequence[Company], now: Present) -> Table:
    """One loan for most borrowers, two for a third of them."""
    drafts = [draft for company in chosen(register, now, BORROWERS) for draft in _of(company, now)]
    drafts.sort(key=lambda draft: (str(draft[4]), str(draft[0])))
    rows = tuple((f"LN-{number:04d}", *draft) for number, draft in enumerate(drafts, start=1))
    return Table(("loan", "company", "bank", "principal", "annual_rate_percent", "drawn_on", "due_on"), rows)


def _of(company: Company, now: Present) -> Iterator[Row]:
    for _loan in range(2 if now.random.random() < 0.33 else 1):
        drawn = day_since(company, now)
        months = now.random.choice((12, 24, 36, 36))
        # A few are on call: nobody knows yet when they are due.
        due = None if now.random.random() < 0.06 else shift(drawn, months)
        rate = f"{now.random.randint(56, 97) * 500 / 10000:.4f}"
        yield company.code, now.random.choice(BANKS), yuan(now.random.choice(PRINCIPALS) * 100_000), rate, drawn, due


def repayments(loans: Table, now: Present) -> Table:
    """Equal parts each quarter or half-year of two loans in three, up to today."""
    rows = [row for loan in loans.rows if now.random.random() < 0.66 for row in _paid_back(loan, now)]
    return Table(("loan", "paid_on", "principal"), tuple(rows))


def _paid_back(loan: Row, now: Present) -> Iterator[Row]:
    number, _company, _bank, principal, _rate, drawn, due = loan
    step, parts = now.random.choice(((3, 12), (6, 6), (3, 8)))
    part = int(str(principal).split(".", maxsplit=1)[0]) // parts * 100
    for count in range(1, parts + 1):
        day = shift(_day(drawn), step * count)
        if day > now.today or (due is not None and day > _day(due)):
            return
        yield number, day, yuan(part)


def _day(value: object) -> dt.date:
    if not isinstance(value, dt.date):
        raise TypeError(value)
    return value
