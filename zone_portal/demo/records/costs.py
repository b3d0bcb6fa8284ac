"""Suppliers, and what companies paid them: for starting up, for models and computing power, for activities.

Some suppliers are not admitted, or no longer; two stand in the register themselves, so that related parties occur. A
few costs name a supplier that the zone has not heard of: it is entered with the file.
"""

from collections.abc import Iterator, Sequence

from zone_portal.demo.calendar import DAY, POLICY_STARTS, Present, shift
from zone_portal.demo.companies import Company, arrival
from zone_portal.demo.records.table import Row, Table, chosen, day_since, yuan

MAKERS = ("Qianjiang", "Xixi", "Longjing", "Sandun", "Liangzhu")
TRADES = {
    "Models": "model", "Compute": "compute", "Clusters": "compute_other", "Interiors": "", "Events": "",
}  # fmt: skip
SETTLING, BUYING, ACTING = 60, 48, 40
UNHEARD_OF = "Tingyu Compute Cooperative"


def suppliers(register: Sequence[Company], now: Present) -> Table:
    """Twenty-five, each maker in each trade; the first two are anchor companies of the zone."""
    anchors = [company for company in register if company.kind == "anchor"]
    names = [f"{maker} {trade}" for trade in TRADES for maker in MAKERS]
    rows = []
    for number, name in enumerate(names, start=1):
        company = anchors[number - 1] if number <= 2 else None
        first = None if number % 6 == 0 else POLICY_STARTS
        last = shift(now.today, -4) if number % 11 == 0 and first else None
        rows.append(
            (f"SP-{number:02d}", company.name if company else name, company.code if company else "", first, last)
        )
    return Table(("supplier", "name", "company", "admitted_from", "admitted_until"), tuple(rows))


def expenses(register: Sequence[Company], now: Present) -> Table:
    """By number, in the order in which they were paid."""
    drafts = [*_settling(register, now), *_vouchers(register, now), *_activities(register, now)]
    drafts.sort(key=lambda draft: (str(draft[-1]), str(draft[0]), str(draft[3])))
    rows = tuple(
        (f"EX-{number:04d}", *draft[:4], f"{draft[3] or 'R'}/{number:04d}", *draft[4:])
        for number, draft in enumerate(drafts, start=1)
    )
    return Table(("expense", "company", "point", "kind", "supplier", "contract", "amount", "paid_on"), rows)


def _supplier(now: Present, trade: str) -> str:
    """The code of a supplier of this trade."""
    return f"SP-{list(TRADES).index(trade) * len(MAKERS) + now.random.randint(1, len(MAKERS)):02d}"


def _settling(register: Sequence[Company], now: Present) -> Iterator[Row]:
    """Up to four costs from the month before moving in; some come later than a year after it."""
    for company in chosen(register, now, SETTLING):
        moved_in = arrival(company.course, now.today)
        for _cost in range(now.random.randint(1, 4)):
            paid = moved_in + now.random.choice((-25, 10, 60, 200, 360, 420)) * DAY
            supplier = _supplier(now, "Interiors") if now.random.random() < 0.8 else ""
            amount = yuan(now.random.randint(8_000_00, 90_000_00))
            yield company.code, "settlement", "", supplier, amount, min(paid, now.today)


def _vouchers(register: Sequence[Company], now: Present) -> Iterator[Row]:
    """Contracts of a small company and of one that pays a multiple, last year's and this year's."""
    for number, company in enumerate(chosen(register, now, BUYING)):
        large = number % 5 == 0
        for _cost in range(now.random.randint(1, 6)):
            trade = now.random.choice(("Models", "Compute", "Compute", "Clusters"))
            supplier = UNHEARD_OF if now.random.random() < 0.03 else _supplier(now, trade)
            paid = max(day_since(company, now), now.ago(14, 9))
            amount = yuan(now.random.randint(6_000_00, 70_000_00) * (8 if large else 1))
            yield company.code, "ai_vouchers", TRADES[trade], supplier, amount, min(paid, now.today)


def _activities(register: Sequence[Company], now: Present) -> Iterator[Row]:
    for company in chosen(register, now, ACTING):
        for _cost in range(now.random.randint(1, 3)):
            paid = max(day_since(company, now), now.ago(16, 11))
            amount = yuan(now.random.randint(3_000_00, 160_000_00))
            yield company.code, "activities", "", _supplier(now, "Events"), amount, min(paid, now.today)
