"""Financing rounds as the stage makes likely: some without an amount, some in dollars, a few with a valuation."""

import datetime as dt
from collections.abc import Iterator, Sequence

from zone_portal.demo.calendar import Present
from zone_portal.demo.companies import Company
from zone_portal.demo.records.table import Row, Table, chosen, yuan

FINANCED = 60
AMOUNT = {  # thousands of yuan, from and to, by stage
    "nestling": (200, 1_500), "chick": (900, 6_000), "growing": (4_000, 60_000), "unicorn": (400_000, 900_000),
    "": (100, 400),
}  # fmt: skip
INVESTORS = ("钱江创投", "Qianjiang Ventures", "West Lake Capital", "西湖资本", "Tide Angels")
COLUMNS = ("company", "closed_on", "round", "amount", "currency", "investors", "post_money_valuation", "cny_rate")
DOLLAR = 7


def rounds(register: Sequence[Company], now: Present) -> Table:
    """One round of each chosen company, closed within the last two years."""
    return Table(COLUMNS, tuple(row for company in chosen(register, now, FINANCED) for row in _of(company, now)))


def _of(company: Company, now: Present) -> Iterator[Row]:
    closed = now.today - dt.timedelta(days=now.random.randint(20, 700))
    if company.founded_on is None or company.founded_on > closed:
        return
    amount = now.random.randint(*AMOUNT[company.stage]) * 100_000
    in_dollars, is_valued = now.random.random() < 0.2, now.random.random() < 0.6
    unit = DOLLAR if in_dollars else 1
    yield (
        company.code, closed, "A" if company.stage in ("growing", "unicorn") else "Angel",
        "" if now.random.random() < 0.1 else yuan(amount // unit), "USD" if in_dollars else "CNY",
        now.random.choice(INVESTORS), yuan(amount * 12 // unit) if is_valued else "", str(DOLLAR) if in_dollars else "",
    )  # fmt: skip
