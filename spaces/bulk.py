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
    columns = ["building_id", "area_m2"]
    if "floor" in frame.columns:
        columns.append("floor")
    floor = "coalesce(incoming.floor, '')" if "floor" in frame.columns else "''"
    stage("incoming_unit", UNIT_TYPES, _numbered(_with_buildings(frame)))
    _match(
        f"""SELECT incoming.row, held.id AS held, incoming.unit AS code, incoming.building_id, incoming.area_m2,
                   {floor} AS floor
            FROM incoming_unit incoming LEFT JOIN spaces_unit held ON held.code = incoming.unit"""  # noqa: S608
    )
    changed = _update("spaces_unit", columns)
    new = _insert("spaces_unit", ["code", "building_id", "area_m2", "floor"], frame.height, tick)
    return Stored(new, changed, frame.height - new - changed)


def upsert_leases(frame: pl.DataFrame, tick: Tick) -> Stored:
    """Add or change the leases of a frame, matched by `lease`, and record `leases.imported` when something changed.

    Columns: lease, company, unit (codes that exist), area_m2, price_per_m2_day (Decimal), first_day (Date) and,
    optionally, until (Date, half-open: the day after the last).
    """
    until = "incoming.until" if "until" in frame.columns else "upper(held.term)"
    stage("incoming_lease", LEASE_TYPES, _numbered(frame))
    _match(
        f"""SELECT incoming.row, held.id AS held, incoming.lease AS number, company.id AS company_id,
                   unit.id AS unit_id, incoming.area_m2, incoming.price_per_m2_day,
                   daterange(incoming.first_day, {until}) AS term, '' AS void_reason,
                   now() AS created_at, now() AS updated_at
            FROM incoming_lease incoming
            JOIN companies_company company ON company.code = incoming.company
            JOIN spaces_unit unit ON unit.code = incoming.unit
            LEFT JOIN spaces_lease held ON held.number = incoming.lease"""  # noqa: S608
    )
    columns = ["company_id", "unit_id", "area_m2", "price_per_m2_day", "term"]
    changed = _update("spaces_lease", columns, stamp="updated_at")
    fresh = ["number", *columns, "void_reason", "created_at", "updated_at"]
    new = _insert("spaces_lease", fresh, frame.height, tick)
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


def _match(query: str) -> None:
    """The table `matched`: each row as it is to be stored, `held` by the id of the row that is there, null if none is.

    It is made once, with statistics: the statements that follow need no join beyond it.
    """
    _execute("DROP TABLE IF EXISTS matched")
    _execute(f"CREATE TEMPORARY TABLE matched ON COMMIT DROP AS {query}")
    _execute("CREATE INDEX ON matched (row)")
    _execute("ANALYZE matched")


def _update(table: str, columns: list[str], *, stamp: str = "") -> int:
    """Change the held rows that differ, all in one statement, so that rows may take each other's place."""
    held, values = (", ".join(f"{row}.{name}" for name in columns) for row in ("held", "matched"))
    stamped = f", {stamp} = now()" if stamp else ""
    return _execute(
        f"UPDATE {table} held SET ({', '.join(columns)}) = ROW ({values}){stamped} FROM matched"  # noqa: S608
        f" WHERE held.id = matched.held AND ({held}) IS DISTINCT FROM ({values})"
    )


def _insert(table: str, columns: list[str], total: int, tick: Tick) -> int:
    """Add the rows that are not held, some thousand at a time, in the order of the file."""
    named = ", ".join(columns)
    new = 0
    for start in range(0, total, ROWS_AT_ONCE):
        tick(start, total)
        new += _execute(
            f"INSERT INTO {table} ({named}) SELECT {named} FROM matched"  # noqa: S608
            " WHERE held IS NULL AND row >= %s AND row < %s ORDER BY row",
            [start, start + ROWS_AT_ONCE],
        )
    tick(total, total)
    if new:
        _execute(f"ANALYZE {table}")  # what follows at once would be planned for a table of the old size
    return new


def _execute(statement: str, parameters: list[int] | None = None) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return int(cursor.rowcount)
