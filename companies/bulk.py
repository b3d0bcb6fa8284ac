"""Set-based writes of the register: what an import brings, in a fixed number of statements whatever its size.

Frames are Polars frames that the reader of files has already typed and checked row by row. Each function is atomic,
takes a lock that lets one bulk write run at a time, may be repeated (a second run changes nothing) and leaves the
audit trail to the triggers. What only the register as a whole can tell (a credit code that another company holds, a
code nobody has) is refused here with the rows' codes, and then nothing is written.

`upsert_companies` wants these columns; `code` and `name` always, of the others what the file has. Columns that are
absent keep what the register holds; null means unknown and is written as such.

    code, name, name_zh, uscc, kind, industry, stage, country, website    String
    founded_on, registration_from, operation_from                         Date
    registration_until, operation_until                                   Date, half-open: the day after the last
    listed, bad_credit                                                    Boolean

`upsert_relations` wants company, other, kind (String) and, optionally, since, until (Date, `until` half-open).
"""

# ruff: noqa: S608 - table and column names are this module's own; what a file brings arrives by COPY
import datetime as dt
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl
from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from companies.credit_codes import normalized
from companies.models import Company, Relation
from companies.names import derived_columns
from core import audit, outbox
from core.errors import Conflict, DomainError, Incomplete, conflict_from
from core.locks import lock_for_transaction

if TYPE_CHECKING:
    from accounts.models import User

TEXTS = ["code", "name", "name_zh", "uscc", "kind", "industry", "stage", "country", "website"]
SOURCES = ["code", "name", "name_zh", "uscc", "website"]
DERIVED = ["name_key", "search_text", "match_name", "match_name_zh", "website_host"]
COLUMNS: dict[str, pl.DataType] = {
    **{name: pl.String() for name in TEXTS},
    "founded_on": pl.Date(),
    "registration_from": pl.Date(),
    "registration_until": pl.Date(),
    "operation_from": pl.Date(),
    "operation_until": pl.Date(),
    "listed": pl.Boolean(),
    "bad_credit": pl.Boolean(),
}
PERIODS = ["registration", "operation"]
PLAIN = [name for name in COLUMNS if name.partition("_")[0] not in PERIODS]
STORED = [*PLAIN, *PERIODS]
SQL_TYPES = {pl.String(): "text", pl.Date(): "date", pl.Boolean(): "boolean"}
SHOWN = 5


@dataclass(frozen=True)
class Upserted:
    """How many rows were new, were changed, and were there already as they are."""

    new: int
    changed: int
    unchanged: int


def upsert_companies(frame: pl.DataFrame, *, on: dt.date, by: "User | None" = None) -> Upserted:
    """Add or change the companies of a frame, matched by code; stages that change enter the history as of `on`.

    Raises Incomplete for rows that contradict themselves or each other, Conflict for a credit code that another
    company of the register holds. 150,000 rows take some seconds.
    """
    frame = _typed(frame, COLUMNS, required=["code", "name"])
    with transaction.atomic():
        lock_for_transaction("companies.bulk")
        frame = _filled(_with_register(frame))
        _refuse_contradictions(frame)
        _copy("incoming_company", COLUMNS, frame)
        _derive_what_differs()
        _refuse_foreign_credit_codes()
        result = _guarded_write(Company, _write_companies, frame.height, on, by)
        if result.new or result.changed:
            outbox.record("companies.imported", "companies", {"new": result.new, "changed": result.changed})
    return result


def upsert_relations(frame: pl.DataFrame) -> Upserted:
    """Add or change relations, matched by the two codes. Raises Incomplete for codes the register does not have."""
    texts, days = ["company", "other", "kind"], ["since", "until"]
    columns: dict[str, pl.DataType] = {**dict.fromkeys(texts, pl.String()), **dict.fromkeys(days, pl.Date())}
    frame = _typed(frame, columns, required=texts)
    _refuse(frame.filter(pl.col("company") == pl.col("other"))["company"], _("Related to itself: %(rows)s."))
    _refuse_doubles(frame, ["company", "other"])
    with transaction.atomic():
        lock_for_transaction("companies.bulk")
        frame = _with_held_days(frame)
        _refuse(frame.filter(pl.col("since") >= pl.col("until"))["company"], _("Ends before it begins: %(rows)s."))
        _copy("incoming_relation", columns, frame)
        _refuse_unknown_codes()
        result = _guarded_write(Relation, _write_relations, frame.height)
        if result.new or result.changed:
            outbox.record("companies.imported", "relations", {"new": result.new, "changed": result.changed})
    return result


# --- What is refused ---------------------------------------------------------------------------------------------


def _refuse(codes: Iterable[str], message: str, error: type[DomainError] = Incomplete) -> None:
    """Raise when there are any; `message` names the first few as %(rows)s."""
    rows = list(dict.fromkeys(codes))
    if not rows:
        return
    named = ", ".join(rows[:SHOWN])
    if len(rows) > SHOWN:
        named = _("%(rows)s and %(count)d more") % {"rows": named, "count": len(rows) - SHOWN}
    raise error(message % {"rows": named})


def _refuse_doubles(frame: pl.DataFrame, key: Sequence[str]) -> None:
    doubled = frame.filter(pl.struct(key).is_duplicated())
    _refuse(doubled.select(pl.concat_str(key, separator=" → ")).to_series(), _("Named twice: %(rows)s."))


def _refuse_contradictions(frame: pl.DataFrame) -> None:
    _refuse_doubles(frame, ["code"])
    shared = frame.filter(pl.col("uscc").is_not_null() & pl.col("uscc").is_duplicated())
    _refuse(shared["code"], _("The same unified social credit code is given to several companies: %(rows)s."))
    for period in PERIODS:
        reversed_ = frame.filter(pl.col(f"{period}_from") >= pl.col(f"{period}_until"))
        _refuse(reversed_["code"], _("A period ends before it begins: %(rows)s."))


def _refuse_foreign_credit_codes() -> None:
    """A code may move between companies that are both in the file, but not be taken from one that is not."""
    rows = _rows(
        """SELECT incoming.code, held.code FROM incoming_company incoming JOIN companies_company held
           ON held.uscc = incoming.uscc AND held.code <> incoming.code
           WHERE NOT EXISTS (SELECT FROM incoming_company other WHERE other.code = held.code) ORDER BY 1"""
    )
    _refuse(
        [f"{code} ({holder})" for code, holder in rows],
        _("The unified social credit code is held by another company, in brackets: %(rows)s."),
        Conflict,
    )


def _refuse_unknown_codes() -> None:
    rows = _rows(
        """SELECT DISTINCT named.code FROM incoming_relation CROSS JOIN LATERAL (VALUES (company), (other)) named (code)
           WHERE NOT EXISTS (SELECT FROM companies_company known WHERE known.code = named.code) ORDER BY 1"""
    )
    _refuse([code for (code,) in rows], _("The register has no company with the code %(rows)s."))


# --- From the frame to the database ------------------------------------------------------------------------------


def _typed(frame: pl.DataFrame, columns: dict[str, pl.DataType], *, required: Sequence[str]) -> pl.DataFrame:
    """The known columns, cast; ValueError for a frame of another shape, which is the caller's mistake."""
    if missing := [name for name in required if name not in frame.columns]:
        raise ValueError(f"the frame lacks {', '.join(missing)}")
    if unknown := [name for name in frame.columns if name not in columns]:
        raise ValueError(f"the frame has unknown columns: {', '.join(unknown)}")
    return frame.select(pl.col(name).cast(columns[name]) for name in frame.columns)


def _with_register(frame: pl.DataFrame) -> pl.DataFrame:
    """Fill the columns that the file does not have from the register, null for companies that are new."""
    absent = [name for name in COLUMNS if name not in frame.columns]
    if not absent:
        return frame
    sources = {
        f"{period}_{end}": f"{function}({period})"
        for period in PERIODS
        for end, function in (("from", "lower"), ("until", "upper"))
    }
    chosen = ", ".join(sources.get(name, name) for name in absent)
    rows = _rows(f"SELECT code, {chosen} FROM companies_company WHERE code = ANY(%s)", [frame["code"].to_list()])
    held = pl.DataFrame(rows, schema={name: COLUMNS[name] for name in ["code", *absent]}, orient="row")
    return frame.join(held, on="code", how="left")


def _with_held_days(frame: pl.DataFrame) -> pl.DataFrame:
    """Fill the days that a file of relations does not have from the register."""
    absent = {"since": "lower(valid)", "until": "upper(valid)"}
    absent = {name: source for name, source in absent.items() if name not in frame.columns}
    if not absent:
        return frame
    rows = _rows(
        f"""SELECT owner.code, related.code, {", ".join(absent.values())} FROM companies_relation
            JOIN companies_company owner ON owner.id = company_id
            JOIN companies_company related ON related.id = other_id
            WHERE owner.code = ANY(%s)""",
        [frame["company"].to_list()],
    )
    schema = {"company": pl.String(), "other": pl.String(), **dict.fromkeys(absent, pl.Date())}
    return frame.join(pl.DataFrame(rows, schema=schema, orient="row"), on=["company", "other"], how="left")


def _filled(frame: pl.DataFrame) -> pl.DataFrame:
    """As the columns store it: unknown texts are empty, but for the credit code, which is unique and so null."""
    texts = [name for name in TEXTS if name not in ("uscc", "kind")]
    uscc = pl.col("uscc").map_elements(normalized, return_dtype=pl.String())
    return frame.with_columns(
        *(pl.col(name).fill_null("") for name in texts),
        pl.col("kind").fill_null("company"),
        pl.when(uscc == "").then(None).otherwise(uscc).alias("uscc"),
    )


def _derive_what_differs() -> None:
    """Derived columns of the rows that are new or whose names, identifiers or website differ: they cost the most."""
    # An equation first: only that can be hashed, and the rest would compare each row with each.
    same = " AND ".join(
        ["held.code = incoming.code", *(f"held.{name} IS NOT DISTINCT FROM incoming.{name}" for name in SOURCES[1:])]
    )
    rows = _rows(
        f"""SELECT {", ".join(SOURCES)} FROM incoming_company incoming
            WHERE NOT EXISTS (SELECT FROM companies_company held WHERE {same})"""
    )
    derived = [(row[0], *derived_columns(**dict(zip(SOURCES, row, strict=True))).values()) for row in rows]
    columns: dict[str, pl.DataType] = dict.fromkeys(["code", *DERIVED], pl.String())
    _copy("incoming_derived", columns, pl.DataFrame(derived, schema=columns, orient="row"))


def _copy(table: str, columns: dict[str, pl.DataType], frame: pl.DataFrame) -> None:
    """The frame as a temporary table that ends with the transaction."""
    defined = ", ".join(f"{name} {SQL_TYPES[kind]}" for name, kind in columns.items())
    data = io.BytesIO()
    # Quoted "" is an empty text and an unquoted nothing is null: COPY reads CSV exactly so.
    frame.select(list(columns)).write_csv(data, include_header=False)
    data.seek(0)
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {table}")
        cursor.execute(f"CREATE TEMPORARY TABLE {table} ({defined}) ON COMMIT DROP")
        cursor.copy_expert(f"COPY {table} FROM STDIN WITH (FORMAT csv)", data)
        cursor.execute(f"ANALYZE {table}")


def _guarded_write(model: type[Company | Relation], write, *arguments) -> Upserted:  # type: ignore[no-untyped-def]
    """Run the statements; what a constraint refuses comes back in the constraint's own words."""
    try:
        with transaction.atomic():
            return write(*arguments)
    except IntegrityError as error:
        raise conflict_from(error, model) from error


def _write_companies(total: int, on: dt.date, by: "User | None") -> Upserted:
    incoming = [f"incoming.{name}" for name in PLAIN]
    for period in PERIODS:
        start, end = f"incoming.{period}_from", f"incoming.{period}_until"
        incoming.append(f"CASE WHEN {start} IS NOT NULL OR {end} IS NOT NULL THEN daterange({start}, {end}) END")
    held = ", ".join(f"held.{name}" for name in STORED)
    values = ", ".join(incoming)
    derived = ", ".join(f"coalesce(derived.{name}, held.{name})" for name in DERIVED)
    targets = ", ".join([*STORED, *DERIVED])
    _record_stages("held.stage <> incoming.stage", on, by)
    audit.prepare_for_bulk()
    changed = _execute(
        f"""UPDATE companies_company held SET ({targets}, updated_at) = ROW ({values}, {derived}, now())
            FROM incoming_company incoming LEFT JOIN incoming_derived derived USING (code)
            WHERE incoming.code = held.code AND ({held}) IS DISTINCT FROM ({values})"""
    )
    fresh = ", ".join(f"derived.{name}" for name in DERIVED)
    new = _execute(
        f"""INSERT INTO companies_company ({targets}, revision, created_at, updated_at)
            SELECT {values}, {fresh}, 1, now(), now()
            FROM incoming_company incoming JOIN incoming_derived derived USING (code)
            WHERE NOT EXISTS (SELECT FROM companies_company held WHERE held.code = incoming.code)
            ORDER BY incoming.code"""
    )
    # What has a stage and no history is what was just added.
    _record_stages(
        """held.stage <> '' AND NOT EXISTS
           (SELECT FROM companies_stagechange known WHERE known.company_id = held.id)""",
        on,
        by,
    )
    return Upserted(new=new, changed=changed, unchanged=total - new - changed)


def _record_stages(condition: str, on: dt.date, by: "User | None") -> None:
    _execute(
        f"""INSERT INTO companies_stagechange (company_id, stage, since, reason, by_id, created_at)
            SELECT held.id, incoming.stage, %s, '', %s, now()
            FROM incoming_company incoming JOIN companies_company held USING (code) WHERE {condition}""",
        [on, by.pk if by else None],
    )


def _write_relations(total: int) -> Upserted:
    source = """incoming_relation incoming
        JOIN companies_company owner ON owner.code = incoming.company
        JOIN companies_company related ON related.code = incoming.other"""
    valid = """CASE WHEN incoming.since IS NOT NULL OR incoming.until IS NOT NULL
               THEN daterange(incoming.since, incoming.until) END"""
    audit.prepare_for_bulk()
    changed = _execute(
        f"""UPDATE companies_relation held SET kind = incoming.kind, valid = {valid} FROM {source}
            WHERE held.company_id = owner.id AND held.other_id = related.id
            AND (held.kind, held.valid) IS DISTINCT FROM (incoming.kind, {valid})"""
    )
    new = _execute(
        f"""INSERT INTO companies_relation (company_id, other_id, kind, valid)
            SELECT owner.id, related.id, incoming.kind, {valid} FROM {source}
            WHERE NOT EXISTS (SELECT FROM companies_relation held
                              WHERE held.company_id = owner.id AND held.other_id = related.id)"""
    )
    return Upserted(new=new, changed=changed, unchanged=total - new - changed)


def _execute(sql: str, parameters: Any = ()) -> int:
    """Run one statement; returns how many rows it wrote."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.rowcount


def _rows(sql: str, parameters: Any = ()) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()
