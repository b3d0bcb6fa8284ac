"""The files of places and leases: their columns, what contradicts the zone's books, and their way in and out.

In files both days of a term are included; frames for `spaces.bulk` and the database have half-open ends.
"""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from itertools import islice

import polars as pl
from django.db.models import QuerySet
from django.db.models.functions import Collate
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core.frames import read_frame
from core.interchange import problems, staging
from core.interchange.columns import Choice, Column, Day, Exact, Text
from core.interchange.kinds import ExportKind, ImportKind, Stored, Tick, register
from core.interchange.problems import LINE
from core.periods import DAY
from spaces import bulk, overlaps, usage
from spaces.choices import DepositKind
from spaces.models import MAX_AREA_M2, MAX_PRICE, Booking, DepositMovement, Lease

ONE_DAY = pl.duration(days=1)
AREA = pl.Decimal(18, 2)


def _area(name: str) -> Exact:
    return Exact(name=name, required=True, places=2, above_minimum=True, maximum=Decimal(MAX_AREA_M2))


UNITS: tuple[Column, ...] = (
    Text(name="unit", required=True, key=True, max_length=64),
    Text(name="campus", required=True, max_length=60),
    Text(name="building", required=True, max_length=60),
    Text(name="floor", max_length=20),
    _area("area_m2"),
)

LEASES: tuple[Column, ...] = (
    Text(name="lease", required=True, key=True, max_length=64),
    Text(name="company", required=True, max_length=32, is_narrow=True),
    Text(name="unit", required=True, max_length=64),
    _area("area_m2"),
    Exact(name="price_per_m2_day", required=True, places=4, maximum=Decimal(MAX_PRICE)),
    Day(name="first_day", required=True),
    Day(name="last_day"),
)
DEPOSITS: tuple[Column, ...] = (
    Text(name="lease", required=True, max_length=64),
    Text(name="company", required=True, max_length=32, is_narrow=True),
    Day(name="day", required=True),
    Choice(name="kind", required=True, values=tuple(DepositKind.values)),
    Exact(name="amount", required=True, places=2),
    Text(name="to_lease", max_length=64),
    Choice(name="taken_back", values=tuple(DepositKind.values)),
    Text(name="reason", max_length=500),
)


# --- Units -------------------------------------------------------------------------------------------------------


def check_units(rows: pl.DataFrame) -> pl.DataFrame:
    """Units that would become smaller than a lease of theirs."""
    largest = _read(
        """SELECT DISTINCT ON (unit.code) unit.code, lease.number, lease.area_m2::text
           FROM spaces_lease lease JOIN spaces_unit unit ON unit.id = lease.unit_id
           WHERE lease.voided_at IS NULL ORDER BY unit.code, lease.area_m2 DESC""",
        {"unit": pl.String(), "lease": pl.String(), "let": pl.String()},
    ).with_columns(pl.col("let").cast(AREA))
    let = rows.join(largest, on="unit", how="inner")
    reason = pl.format(_("is less than the {} m² of the lease {}"), pl.col("let"), pl.col("lease"))
    return problems.where(let, pl.col("area_m2") < pl.col("let"), "area_m2", reason)


def store_units(rows: pl.DataFrame, on: dt.date, tick: Tick) -> Stored:
    """Write the units; campuses and buildings that are new come with them."""
    del on
    return bulk.upsert_units(rows.drop(LINE), tick)


def all_units(on: dt.date | None, month: dt.date | None) -> Iterator[pl.DataFrame]:
    """All units, by code."""
    del on, month
    return staging.frames_of(
        """SELECT unit.code, campus.code, building.code, unit.floor, unit.area_m2 FROM spaces_unit unit
           JOIN spaces_building building ON building.id = unit.building_id
           JOIN spaces_campus campus ON campus.id = building.campus_id ORDER BY unit.code COLLATE "C" """,
        {column.name: column.dtype for column in UNITS},
    )


# --- Leases ------------------------------------------------------------------------------------------------------


def check_leases(rows: pl.DataFrame) -> pl.DataFrame:
    """Unknown companies and units, void leases, areas beyond the unit's, reversed terms, and units let twice."""
    held = _held_leases()
    rows = _with_until(rows, held)
    found = problems.together(
        [*_wrong_references(rows), _void(rows, held), _reversed(rows), _beyond_unit(rows), _offered(rows)]
    )
    return problems.together([found, *_let_twice(rows, held.filter(~pl.col("void")), found)])


def _held_leases() -> pl.DataFrame:
    return _read(
        """SELECT lease.number, company.code, unit.code, lower(lease.term), upper(lease.term),
                  lease.voided_at IS NOT NULL
           FROM spaces_lease lease JOIN companies_company company ON company.id = lease.company_id
           JOIN spaces_unit unit ON unit.id = lease.unit_id""",
        {
            "lease": pl.String(),
            "company": pl.String(),
            "unit": pl.String(),
            "first_day": pl.Date(),
            "until": pl.Date(),
            "void": pl.Boolean(),
        },
    )


def _with_until(rows: pl.DataFrame, held: pl.DataFrame) -> pl.DataFrame:
    """The half-open end: of the file, or for a file without the column as it is stored."""
    if "last_day" in rows.columns:
        return rows.with_columns((pl.col("last_day") + ONE_DAY).alias("until"))
    return rows.join(held.select("lease", "until"), on="lease", how="left", maintain_order="left")


def _wrong_references(rows: pl.DataFrame) -> Iterator[pl.DataFrame]:
    for name, table in (("company", "companies_company"), ("unit", "spaces_unit")):
        known = _read(f"SELECT code FROM {table}", {name: pl.String()})  # noqa: S608
        unknown = rows.join(known, on=name, how="anti")
        reason = _("is no company of the register") if name == "company" else _("is no unit of the zone")
        yield problems.where(unknown, pl.lit(value=True), name, reason)


def _void(rows: pl.DataFrame, held: pl.DataFrame) -> pl.DataFrame:
    again = rows.join(held.filter("void"), on="lease", how="semi")
    return problems.where(again, pl.lit(value=True), "lease", _("was declared void: use another number"))


def _reversed(rows: pl.DataFrame) -> pl.DataFrame:
    column = "last_day" if "last_day" in rows.columns else "first_day"
    reason = (
        pl.format(_("lies before the first day {}"), pl.col("first_day").cast(pl.String))
        if column == "last_day"
        else pl.format(_("lies after the last day {}"), (pl.col("until") - ONE_DAY).cast(pl.String))
    )
    return problems.where(rows, pl.col("until") <= pl.col("first_day"), column, reason)


def _beyond_unit(rows: pl.DataFrame) -> pl.DataFrame:
    areas = _read("SELECT code, area_m2::text FROM spaces_unit", {"unit": pl.String(), "has": pl.String()})
    let = rows.join(areas.with_columns(pl.col("has").cast(AREA)), on="unit", how="inner")
    reason = pl.format(_("is more than the {} m² of the unit"), pl.col("has"))
    return problems.where(let, pl.col("area_m2") > pl.col("has"), "area_m2", reason)


def _offered(rows: pl.DataFrame) -> pl.DataFrame:
    """Units that are kept for what was offered to another company."""
    offers = _read(
        """SELECT offer.number, company.code, unit.code, lower(offer.term), upper(offer.term)
           FROM spaces_leaseoffer offer JOIN companies_company company ON company.id = offer.company_id
           JOIN spaces_unit unit ON unit.id = offer.unit_id WHERE offer.state IN ('open', 'accepted')""",
        {"offer": pl.String(), "to": pl.String(), "unit": pl.String(), "kept_from": pl.Date(), "kept_until": pl.Date()},
    )
    kept = (
        rows.join(offers, on="unit", how="inner")
        .filter(
            (pl.col("to") != pl.col("company"))
            & (pl.col("until").is_null() | (pl.col("kept_from") < pl.col("until")))
            & (pl.col("kept_until").is_null() | (pl.col("first_day") < pl.col("kept_until")))
        )
        .unique(LINE, keep="first", maintain_order=True)
    )
    reason = pl.format(_("is offered to {} (offer {})"), pl.col("to"), pl.col("offer"))
    return problems.where(kept, pl.lit(value=True), "unit", reason)


def _let_twice(rows: pl.DataFrame, held: pl.DataFrame, found: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """A refused row leaves what is stored of its lease in place, and that may stand in the way of others: look again
    until nothing new is found."""
    refused = found.select(LINE)
    while True:
        good = rows.join(refused, on=LINE, how="anti")
        stored = held.join(good, on="lease", how="anti").join(good, on="unit", how="semi")
        together = pl.concat(
            [
                stored.select(pl.lit(None, pl.Int64).alias(LINE), *overlaps.COLUMNS[1:]),
                good.select(overlaps.COLUMNS),
            ]
        )
        clashes = overlaps.clashes(together)
        if not clashes:
            return
        new = problems.of((clash.row.line or 0, "unit", _described(clash.other)) for clash in clashes)
        refused = pl.concat([refused, new.select(LINE)])
        yield new


def _described(other: overlaps.Let) -> str:
    open_end = other.until == overlaps.FOREVER
    words = {
        "lease": other.lease,
        "company": other.company,
        "line": other.line,
        "first": other.first_day,
        "last": pgettext("end of a period", "open") if open_end else other.until - DAY,
    }
    if other.line is None:
        return _("is let by the lease %(lease)s of %(company)s, %(first)s to %(last)s") % words
    return _("is let by the lease %(lease)s of %(company)s in line %(line)s, %(first)s to %(last)s") % words


def store_leases(rows: pl.DataFrame, on: dt.date, tick: Tick) -> Stored:
    """Write the leases."""
    del on
    if "last_day" in rows.columns:
        rows = rows.with_columns((pl.col("last_day") + ONE_DAY).alias("until"))
    return bulk.upsert_leases(rows.drop(LINE), tick)


def all_leases(on: dt.date | None, month: dt.date | None) -> Iterator[pl.DataFrame]:
    """All leases that are not void; those in force on a day when one is named."""
    del month
    return lease_frames(Lease.objects.in_force_on(on) if on else Lease.objects.valid())


def lease_frames(leases: QuerySet[Lease]) -> Iterator[pl.DataFrame]:
    """Leases in frames of bounded size, by number."""
    rows = (
        leases.order_by(Collate("number", "C"))
        .values_list(
            "number",
            "company__code",
            "unit__code",
            "area_m2",
            "price_per_m2_day",
            "term__startswith",
            "term__endswith",
        )
        .iterator(chunk_size=staging.ROWS_AT_ONCE)
    )
    schema = {column.name: column.dtype for column in LEASES}
    while chunk := list(islice(rows, staging.ROWS_AT_ONCE)):
        yield pl.DataFrame(chunk, schema=schema, orient="row").with_columns(pl.col("last_day") - ONE_DAY)


def export_of(leases: QuerySet[Lease]) -> ExportKind:
    """A selection of leases as a kind of file, with the columns that can be imported again."""
    return ExportKind("leases", lambda _on, _month: lease_frames(leases), LEASES)


def deposit_frame(on: dt.date | None = None, month: dt.date | None = None) -> pl.DataFrame:
    """The ledger of all deposits, in the order in which it was written. `taken_back` is what a reversal takes back."""
    del on, month
    names = ("lease__number", "lease__company__code", "day", "kind", "amount", "to_lease__number", "reverses__kind")
    rows = DepositMovement.objects.order_by("pk").values_list(*names, "reason")
    return pl.DataFrame(list(rows), schema={column.name: column.dtype for column in DEPOSITS}, orient="row")


def room_usage(on: dt.date | None, month: dt.date | None) -> pl.DataFrame:
    """Hours and bookings by month, field, room and company, of all months or of one."""
    del on
    return usage.frame(Booking.objects.filter(month=month) if month else Booking.objects.all())


def _read(query: str, schema: dict[str, pl.DataType]) -> pl.DataFrame:
    return read_frame(query, [], schema)


register(
    ImportKind("units", UNITS, check=check_units, store=store_units),
    ExportKind("units", all_units, UNITS),
    ImportKind("leases", LEASES, check=check_leases, store=store_leases, about="company"),
    ExportKind("leases", all_leases, LEASES, needs={"on"}),
    ExportKind("deposits", deposit_frame, DEPOSITS),
    ExportKind("room-usage", room_usage, usage.COLUMNS, needs={"month"}),
)
