"""Leases of the demo zone: every stay gets a unit of the right campus and size that is free for it, at a fair price."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

from zone_portal.demo.calendar import DAY
from zone_portal.demo.companies import Company
from zone_portal.demo.places import CAMP, CENTER, SHUQIWAN, Campus, Unit
from zone_portal.demo.stories import Stay

SIZES = {  # what a company of a stage takes, from and to, in m²
    "nestling": (18, 60), "chick": (45, 150), "growing": (180, 420), "unicorn": (800, 1450), "": (25, 110),
}  # fmt: skip
ANCHOR_SIZE = (800, 1450)
PATHS: dict[str, tuple[Campus, ...]] = {  # where a company of a stage looks, in this order
    "nestling": (SHUQIWAN, CAMP), "chick": (CAMP, SHUQIWAN), "growing": (CENTER, CAMP), "unicorn": (CENTER,),
    "": (SHUQIWAN, CAMP),
}  # fmt: skip
RENEWAL_PERCENT = 4  # what a renewed lease costs more
FAR = dt.date.max - DAY


@dataclass(frozen=True)
class Lease:
    """A row of the leases file; `area` in 0.01 m², `price` in 0.0001 yuan per m² and day."""

    number: str
    company: str
    unit: str
    area: int
    price: int
    first_day: dt.date
    last_day: dt.date | None


@dataclass(frozen=True)
class Let:
    """A stay that found its unit; `price` is that of its first lease."""

    company: Company
    stay: Stay
    unit: Unit
    price: int


class Letting:
    """Which unit is free from when; stays must come in the order of their first days."""

    def __init__(self, units: Sequence[Unit], random: Random) -> None:
        self.units = units
        self.random = random
        self.free_from = dict.fromkeys((unit.code for unit in units), dt.date.min)

    def let(self, company: Company, stay: Stay) -> Let:
        """Find a unit for the stay and keep it for as long. LookupError when the whole zone has none."""
        low, high = _size(company, stay)
        for campus in (CENTER,) if company.kind == "anchor" else PATHS[company.stage]:
            free = [unit for unit in self._free(stay.first_day) if unit.campus is campus]
            fitting = [unit for unit in free if low <= unit.area <= high]
            if fitting:
                return self._take(company, stay, self.random.choice(fitting))
        left = list(self._free(stay.first_day))
        if not left:
            raise LookupError(f"no unit is free on {stay.first_day} for {company.code}")
        return self._take(company, stay, min(left, key=lambda unit: (abs(unit.area - low), unit.code)))

    def _free(self, day: dt.date) -> Iterator[Unit]:
        return (unit for unit in self.units if self.free_from[unit.code] <= day)

    def _take(self, company: Company, stay: Stay, unit: Unit) -> Let:
        self.free_from[unit.code] = (stay.last_day or FAR) + DAY
        return Let(company, stay, unit, _price(unit, self.random))


def leases(register: Sequence[Company], units: Sequence[Unit], random: Random) -> list[Lease]:
    """All leases, numbered by campus and year in the order in which they begin."""
    letting = Letting(units, random)
    stays = sorted(
        ((stay, company) for company in register for stay in company.course.stays),
        key=lambda pair: (pair[0].first_day, pair[1].code),
    )
    terms = [term for stay, company in stays for term in _terms(letting.let(company, stay))]
    terms.sort(key=lambda term: (term[0].first_day, term[0].unit))
    counts: dict[str, int] = {}
    numbered = []
    for lease, campus in terms:
        series = f"{campus.prefix}-{lease.first_day.year}"
        counts[series] = counts.get(series, 0) + 1
        numbered.append(_numbered(lease, f"{series}-{counts[series]:03d}"))
    return numbered


def _numbered(lease: Lease, number: str) -> Lease:
    return Lease(number, lease.company, lease.unit, lease.area, lease.price, lease.first_day, lease.last_day)


def _size(company: Company, stay: Stay) -> tuple[int, int]:
    low, high = ANCHOR_SIZE if company.kind == "anchor" else SIZES[company.stage]
    return round(low * stay.scale) * 100, round(high * stay.scale) * 100


def _price(unit: Unit, random: Random) -> int:
    """Higher floors cost more, steps of five fen; one contract in six has a negotiated price with odd decimals."""
    low, high = unit.campus.price
    price = (random.randint(low, high) // 5 * 5 + unit.floor) * 100
    return price * random.randint(880, 960) // 1000 if random.random() < 1 / 6 else price


def _terms(let: Let) -> Iterator[tuple[Lease, Campus]]:
    price = let.price
    for first, last in let.stay.terms:
        yield Lease("", let.company.code, let.unit.code, let.unit.area, price, first, last), let.unit.campus
        price = price * (100 + RENEWAL_PERCENT) // 100
