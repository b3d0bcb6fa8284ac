"""Two years of reports: revenue as the stage makes likely, the older ones verified, the newest often not yet."""

import datetime as dt
from collections.abc import Iterator, Sequence

from zone_portal.demo.calendar import Present
from zone_portal.demo.companies import Company
from zone_portal.demo.records.table import Row, Table, chosen, yuan

REPORTING = 150
REVENUE = {  # thousands of yuan a year, from and to, by stage
    "nestling": (0, 450), "chick": (300, 6_000), "growing": (9_000, 130_000), "unicorn": (400_000, 900_000),
    "": (0, 300),
}  # fmt: skip
PEOPLE = {"nestling": (2, 9), "chick": (6, 60), "growing": (60, 260), "unicorn": (350, 900), "": (2, 8)}
COLUMNS = (
    "company", "period_end", "months", "revenue", "profit", "rd_spend", "employees", "export_revenue",
    "product_in_use", "verified",
)  # fmt: skip


def reports(register: Sequence[Company], now: Present) -> Table:
    """For each company the two years before this one, as far as it existed, and the first quarter of this one."""
    return Table(COLUMNS, tuple(row for company in chosen(register, now, REPORTING) for row in _of(company, now)))


def _of(company: Company, now: Present) -> Iterator[Row]:
    low, high = REVENUE[company.stage]
    revenue = now.random.randint(low, high) * 100_000
    people = now.random.randint(*PEOPLE[company.stage])
    year = now.today.year
    for end, months in ((dt.date(year - 2, 12, 31), 12), (dt.date(year - 1, 12, 31), 12), (dt.date(year, 3, 31), 3)):
        if company.founded_on is None or company.founded_on > end or end >= now.today:
            continue
        verified = now.random.random() < (0.95 if end.year < year - 1 else 0.7 if months == 12 else 0.3)
        yield _row(company, end, months, revenue * months // 12, people, verified, now)
        revenue, people = revenue * now.random.randint(92, 148) // 100, people + now.random.randint(-1, 6)


def _row(company: Company, end: dt.date, months: int, revenue: int, people: int, verified: bool, now: Present) -> Row:
    profit = revenue * now.random.randint(-40, 25) // 100
    spent = revenue * now.random.randint(8, 45) // 100
    exported = revenue * now.random.randint(0, 20) // 100 if now.random.random() < 0.3 else 0
    in_use = "" if company.stage == "" else "yes" if company.stage != "nestling" or revenue else "no"
    return (
        company.code, end, months, yuan(revenue), yuan(profit), yuan(spent), max(people, 1), yuan(exported), in_use,
        "yes" if verified else "no",
    )  # fmt: skip
