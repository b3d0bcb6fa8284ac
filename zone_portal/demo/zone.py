"""The demo zone as a whole: the same day gives the same zone, to the last byte."""

import csv
import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from zone_portal.demo.calendar import Present
from zone_portal.demo.companies import Company, Relation, companies, relations
from zone_portal.demo.leases import Lease, leases
from zone_portal.demo.places import Unit, units
from zone_portal.demo.records import Table, tables

SEED = "the demo zone of 2025-09-25"
COMPANY_COLUMNS = (
    "code", "name", "name_zh", "uscc", "kind", "industry", "founded_on", "registered_on", "deregistered_on",
    "operating_from", "operating_until", "stage", "listed", "bad_credit", "country", "website",
)  # fmt: skip


@dataclass(frozen=True)
class Zone:
    today: dt.date
    companies: tuple[Company, ...]
    relations: tuple[Relation, ...]
    units: tuple[Unit, ...]
    leases: tuple[Lease, ...]
    records: dict[str, Table]

    def of_story(self, story: str) -> Sequence[Company]:
        """The companies that it happened to, in the order in which they came."""
        return [company for company in self.companies if company.story == story]


def make_zone(today: dt.date) -> Zone:
    """The demo zone as it stands on a day. Each part draws on a chance of its own: one more unit moves no company."""
    now = Present(today, Random(f"{SEED}: companies"))
    register = companies(now)
    rooms = tuple(units(Random(f"{SEED}: units")))
    return Zone(
        today=today,
        companies=tuple(register),
        relations=tuple(relations(register, Random(f"{SEED}: relations"))),
        units=rooms,
        leases=tuple(leases(register, rooms, Random(f"{SEED}: leases"))),
        records=tables(register, today, SEED),
    )


def write_files(zone: Zone, folder: Path) -> dict[str, Path]:
    """Write the zone as the files of the interchange formats; returns the paths by kind, in the order of import."""
    folder.mkdir(parents=True, exist_ok=True)
    files = {
        "companies": (COMPANY_COLUMNS, map(_company_row, zone.companies)),
        "relations": (
            ("company", "other", "kind", "since", "until"),
            ((r.company, r.other, r.kind, r.since, None) for r in zone.relations),
        ),
        "units": (
            ("unit", "campus", "building", "floor", "area_m2"),
            ((u.code, u.campus.code, u.building, u.floor, decimal_text(u.area, 2)) for u in zone.units),
        ),
        "leases": (
            ("lease", "company", "unit", "area_m2", "price_per_m2_day", "first_day", "last_day"),
            map(_lease_row, zone.leases),
        ),
        **{kind: (table.columns, table.rows) for kind, table in zone.records.items()},
    }  # fmt: skip
    return {kind: _write(folder / f"{kind}.csv", columns, rows) for kind, (columns, rows) in files.items()}


def decimal_text(value: int, places: int) -> str:
    """An integer of the smallest unit as a decimal, exactly."""
    whole, rest = divmod(value, 10**places)
    return f"{whole}.{rest:0{places}d}"


def _company_row(company: Company) -> tuple[object, ...]:
    course = company.course
    return (
        company.code, company.name, company.name_zh, company.uscc, company.kind, company.industry, company.founded_on,
        course.registered_on, course.deregistered_on, course.operating_from, course.operating_until, company.stage,
        _yes_or_no(company.listed), _yes_or_no(company.bad_credit), company.country, company.website,
    )  # fmt: skip


def _lease_row(lease: Lease) -> tuple[object, ...]:
    area, price = decimal_text(lease.area, 2), decimal_text(lease.price, 4)
    return lease.number, lease.company, lease.unit, area, price, lease.first_day, lease.last_day


def _yes_or_no(value: bool | None) -> str:
    return "" if value is None else "yes" if value else "no"


def _write(path: Path, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)
    return path
