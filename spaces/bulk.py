"""Set-based writes of places and leases: what an import brings, in a fixed number of statements whatever its size.

Frames are typed and checked already (`spaces.interchange`); here the database's constraints have the last word, and
an IntegrityError of theirs passes through. Both functions want the caller's transaction, may be repeated (a second run
changes nothing) and leave the audit trail to the triggers. Columns that a frame does not have keep what is stored.
"""

from collections.abc import Callable

import polars as pl
from django.db import connection
from django.utils.translation import gettext as _

from core import outbox
from core.errors import Incomplete
from core.interchange.kinds import Stored
from core.interchange.staging import stage
from spaces.models import Building, Campus

ROWS_AT_ONCE = 20_000
UNIT_TYPES = {"unit": "text", "building_id": "bigint", "floor": "text", "area_m2": "numeric(10,2)", "row": "bigint"}
LEASE_TYPES = {
    "lease": "text",
    "company": "text",
    "unit": "text",
    "area_m2": "numeric(10,2)",
    "price_per_m2_day": "numeric(12,4)",
    "first_day": "date",
    "until": "date",
    "row": "bigint",
}

Tick = Callable[[int, int], None]


def upsert_units(frame: pl.DataFrame, tick: Tick) -> Stored:
    """Add or change the units of a frame, matched by `unit`; campuses and buildings that are new are made.

    Columns: unit, campus, building (String), area_m2 (Decimal) and, optionally, floor.
    """
    stage("incoming_unit", UNIT_TYPES, _numbered(_with_buildings(frame)))
    columns = {"building_id": "incoming.building_id", "area_m2": "incoming.area_m2"}
    if "floor" in frame.columns:
        columns["floor"] = "coalesce(incoming.floor, '')"
    changed = _update("spaces_unit", "incoming_unit incoming", "held.code = incoming.unit", columns)
    new = _insert(
        "spaces_unit",
        {"code": "incoming.unit", "floor": "''", **columns},
        "incoming_unit incoming",
        "held.code = incoming.unit",
        (frame.height, tick),
    )
    return Stored(new, changed, frame.height - new - changed)


def upsert_leases(frame: pl.DataFrame, tick: Tick) -> Stored:
    """Add or change the leases of a frame, matched by `lease`, and record `leases.imported` when something changed.

    Columns: lease, company, unit (codes that exist), area_m2, price_per_m2_day (Decimal), first_day (Date) and,
    optionally, until (Date, half-open: the day after the last).
    """
    stage("incoming_lease", LEASE_TYPES, _numbered(frame))
    source = """incoming_lease incoming
        JOIN companies_company company ON company.code = incoming.company
        JOIN spaces_unit unit ON unit.code = incoming.unit"""
    until = "incoming.until" if "until" in frame.columns else "upper(held.term)"
    columns = {
        "company_id": "company.id",
        "unit_id": "unit.id",
        "area_m2": "incoming.area_m2",
        "price_per_m2_day": "incoming.price_per_m2_day",
        "term": f"daterange(incoming.first_day, {until})",
    }
    changed = _update("spaces_lease", source, "held.number = incoming.lease", columns, stamped=True)
    fresh = {"number": "incoming.lease", **columns, "void_reason": "''", "created_at": "now()", "updated_at": "now()"}
    if "until" not in frame.columns:
        fresh["term"] = "daterange(incoming.first_day, NULL)"
    new = _insert("spaces_lease", fresh, source, "held.number = incoming.lease", (frame.height, tick))
    if new or changed:
        outbox.record("leases.imported", "leases", {"new": new, "changed": changed})
    return Stored(new, changed, frame.height - new - changed)


def _numbered(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_row_index("row").with_columns(pl.col("row").cast(pl.Int64))


def _with_buildings(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with `building_id`, after making the campuses and buildings that there are not yet.

    A campus is known by its code, or else by either of its names. Raises Incomplete where one of these is ambiguous.
    """
    campuses = _campuses(sorted(frame["campus"].unique()))
    named = frame.with_columns(pl.col("campus").replace_strict(campuses, return_dtype=pl.Int64).alias("campus_id"))
    wanted = named.select("campus_id", "building").unique().rows()
    Building.objects.bulk_create(
        [Building(campus_id=campus, code=code) for campus, code in sorted(wanted)], ignore_conflicts=True
    )
    held = Building.objects.filter(campus__in=campuses.values()).values_list("campus_id", "code", "pk")
    schema = {"campus_id": pl.Int64, "building": pl.String, "building_id": pl.Int64}
    buildings = pl.DataFrame(list(held), schema=schema, orient="row")
    return named.join(buildings, on=["campus_id", "building"], how="left", maintain_order="left")


def _campuses(names: list[str]) -> dict[str, int]:
    """The campus of each name as the file writes it, made where it is new."""
    held = list(Campus.objects.all())
    found = {name: _campus_called(name, held) for name in names}
    fresh = Campus.objects.bulk_create([Campus(code=name, name=name) for name, pk in found.items() if pk is None])
    return {name: pk for name, pk in found.items() if pk is not None} | {campus.code: campus.pk for campus in fresh}


def _campus_called(name: str, held: list[Campus]) -> int | None:
    matching = [campus for campus in held if campus.code == name] or [
        campus for campus in held if name in (campus.name, campus.name_zh)
    ]
    if len(matching) > 1:
        codes = ", ".join(campus.code for campus in matching)
        message = _("Several campuses are called %(name)s: write the code of one (%(codes)s).")
        raise Incomplete(message % {"name": name, "codes": codes})
    return matching[0].pk if matching else None


def _update(table: str, source: str, match: str, columns: dict[str, str], *, stamped: bool = False) -> int:
    """Change the held rows that differ, all in one statement, so that rows may take each other's place."""
    held = ", ".join(f"held.{name}" for name in columns)
    values = ", ".join(columns.values())
    stamp = ", updated_at = now()" if stamped else ""
    # The held row cannot be named in a JOIN of the source: what is matched is named in WHERE.
    return _execute(
        f"UPDATE {table} held SET ({', '.join(columns)}) = ROW ({values}){stamp} FROM {source}"  # noqa: S608
        f" WHERE {match} AND ({held}) IS DISTINCT FROM ({values})"
    )


def _insert(table: str, columns: dict[str, str], source: str, match: str, progress: tuple[int, Tick]) -> int:
    """Add the rows that are not held, some thousand at a time, in the order of the file."""
    total, tick = progress
    new = 0
    for start in range(0, total, ROWS_AT_ONCE):
        tick(start, total)
        new += _execute(
            f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(columns.values())} FROM {source}"  # noqa: S608
            " WHERE incoming.row >= %s AND incoming.row < %s"
            f" AND NOT EXISTS (SELECT FROM {table} held WHERE {match}) ORDER BY incoming.row",
            [start, start + ROWS_AT_ONCE],
        )
    tick(total, total)
    return new


def _execute(statement: str, parameters: list[int] | None = None) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return int(cursor.rowcount)
