"""Set-based writes of places and leases: what an import brings, in a fixed number of statements whatever its size.

Frames are typed and checked already (`spaces.interchange`); here the database's constraints have the last word, and
an IntegrityError of theirs passes through. Both functions want the caller's transaction, may be repeated (a second run
changes nothing) and leave the audit trail to the triggers. Columns that a frame does not have keep what is stored.
"""

import polars as pl
from django.utils.translation import gettext as _

from core import outbox
from core.errors import Incomplete
from core.interchange.kinds import Stored, Tick
from core.interchange.upserting import Upsert, given
from spaces.models import Building, Campus


def upsert_units(frame: pl.DataFrame, tick: Tick) -> Stored:
    """Add or change the units of a frame, matched by `unit`; campuses and buildings that are new are made. Nothing is
    told of it: a lease says itself what area it is of, and no decision rests on a unit.

    Columns: unit, campus, building (String), area_m2 (Decimal) and, optionally, floor. A unit that moves to another
    floor has no place there until somebody enters it.
    """
    floor = given(frame, "floor", unknown="''")
    stays = f"held.building_id = incoming.building_id AND held.floor = {floor}"
    upsert = Upsert(
        "spaces_unit",
        "LEFT JOIN spaces_unit held ON held.code = incoming.unit",
        key={"code": "incoming.unit"},
        values={
            "building_id": "incoming.building_id",
            "area_m2": "incoming.area_m2",
            "floor": floor,
            **{side: f"CASE WHEN {stays} THEN held.{side} END" for side in ("x_m", "y_m", "width_m", "depth_m")},
        },
        fresh={"desks": "0"},
        stamp="",
    )
    return upsert.write(_with_buildings(frame), tick)


def upsert_leases(frame: pl.DataFrame, tick: Tick) -> Stored:
    """Add or change the leases of a frame, matched by `lease`, and record `leases.imported` when something changed.

    Columns: lease, company, unit (codes that exist), area_m2, price_per_m2_day (Decimal), first_day (Date) and,
    optionally, until (Date, half-open: the day after the last).
    """
    until = "incoming.until" if "until" in frame.columns else "upper(held.term)"
    stored = Upsert(
        "spaces_lease",
        """JOIN companies_company company ON company.code = incoming.company
           JOIN spaces_unit unit ON unit.code = incoming.unit
           LEFT JOIN spaces_lease held ON held.number = incoming.lease""",
        key={"number": "incoming.lease"},
        values={
            "company_id": "company.id",
            "unit_id": "unit.id",
            "area_m2": "incoming.area_m2",
            "price_per_m2_day": "incoming.price_per_m2_day",
            "term": f"daterange(incoming.first_day, {until})",
        },
        concerned=("company.id", "held.company_id"),
    ).write(frame, tick)
    outbox.record_import("leases", stored.new, stored.changed, companies=stored.named)
    return stored


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
