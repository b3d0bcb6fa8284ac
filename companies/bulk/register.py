"""Companies from a frame.

`upsert_companies` wants these columns; `code` and `name` always, of the others what the file has. Columns that are
absent keep what the register holds; null means unknown and is written as such.

    code, name, name_zh, uscc, kind, industry, stage, country, website    String
    founded_on, registration_from, operation_from                         Date
    registration_until, operation_until                                   Date, half-open: the day after the last
    listed, bad_credit                                                    Boolean
"""

# ruff: noqa: S608 - table and column names are this package's own; what a file brings arrives by COPY
import datetime as dt
from typing import TYPE_CHECKING

import polars as pl
from django.db import transaction
from django.utils.translation import gettext as _

from companies.bulk.staging import Upserted, execute, guarded_write, refuse, refuse_doubles, rows_of, stage, typed
from companies.credit_codes import normalized
from companies.models import Company
from companies.names import derived_columns
from core import audit, outbox
from core.errors import Conflict
from core.interchange.concerned import few, write_naming
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


def upsert_companies(frame: pl.DataFrame, *, on: dt.date, by: "User | None" = None) -> Upserted:
    """Add or change the companies of a frame, matched by code; stages that change enter the history as of `on`.

    Raises Incomplete for rows that contradict themselves or each other, Conflict for a credit code that another
    company of the register holds. 150,000 rows take some seconds.
    """
    frame = typed(frame, COLUMNS, required=["code", "name"])
    with transaction.atomic():
        lock_for_transaction("companies.bulk")
        frame = _filled(_with_register(frame))
        _refuse_contradictions(frame)
        stage("incoming_company", COLUMNS, frame)
        _derive_what_differs()
        _refuse_foreign_credit_codes()
        result = guarded_write(Company, _write_companies, frame.height, on, by)
        outbox.record_import("companies", result.new, result.changed, companies=result.named)
    return result


def namesakes(codes: list[str]) -> int:
    """How many of these companies have the name of another one of the register, apart from legal form and seat."""
    ((count,),) = rows_of(
        """SELECT count(*) FROM companies_company held
           WHERE held.code = ANY(%s) AND held.match_name <> '' AND EXISTS (
               SELECT FROM companies_company other
               WHERE other.match_name = held.match_name AND other.id <> held.id AND other.merged_into_id IS NULL)""",
        [codes],
    )
    return int(count)


def _refuse_contradictions(frame: pl.DataFrame) -> None:
    refuse_doubles(frame, ["code"])
    shared = frame.filter(pl.col("uscc").is_not_null() & pl.col("uscc").is_duplicated())
    refuse(shared["code"], _("The same unified social credit code is given to several companies: %(rows)s."))
    for period in PERIODS:
        reversed_ = frame.filter(pl.col(f"{period}_from") >= pl.col(f"{period}_until"))
        refuse(reversed_["code"], _("A period ends before it begins: %(rows)s."))


def _refuse_foreign_credit_codes() -> None:
    """A code may move between companies that are both in the file, but not be taken from one that is not."""
    rows = rows_of(
        """SELECT incoming.code, held.code FROM incoming_company incoming JOIN companies_company held
           ON held.uscc = incoming.uscc AND held.code <> incoming.code
           WHERE NOT EXISTS (SELECT FROM incoming_company other WHERE other.code = held.code) ORDER BY 1"""
    )
    refuse(
        [f"{code} ({holder})" for code, holder in rows],
        _("The unified social credit code is held by another company, in brackets: %(rows)s."),
        Conflict,
    )


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
    rows = rows_of(f"SELECT code, {chosen} FROM companies_company WHERE code = ANY(%s)", [frame["code"].to_list()])
    held = pl.DataFrame(rows, schema={name: COLUMNS[name] for name in ["code", *absent]}, orient="row")
    return frame.join(held, on="code", how="left")


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
    rows = rows_of(
        f"""SELECT {", ".join(SOURCES)} FROM incoming_company incoming
            WHERE NOT EXISTS (SELECT FROM companies_company held WHERE {same})"""
    )
    derived = [(row[0], *derived_columns(**dict(zip(SOURCES, row, strict=True))).values()) for row in rows]
    columns: dict[str, pl.DataType] = dict.fromkeys(["code", *DERIVED], pl.String())
    stage("incoming_derived", columns, pl.DataFrame(derived, schema=columns, orient="row"))


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
    changed, named = write_naming(
        f"""UPDATE companies_company held SET ({targets}, updated_at) = ROW ({values}, {derived}, now())
            FROM incoming_company incoming LEFT JOIN incoming_derived derived USING (code)
            WHERE incoming.code = held.code AND ({held}) IS DISTINCT FROM ({values})
            RETURNING ARRAY[held.id] AS named"""
    )
    fresh = ", ".join(f"derived.{name}" for name in DERIVED)
    new, more = write_naming(
        f"""INSERT INTO companies_company ({targets}, revision, created_at, updated_at)
            SELECT {values}, {fresh}, 1, now(), now()
            FROM incoming_company incoming JOIN incoming_derived derived USING (code)
            WHERE NOT EXISTS (SELECT FROM companies_company held WHERE held.code = incoming.code)
            ORDER BY incoming.code
            RETURNING ARRAY[id] AS named"""
    )
    # What has a stage and no history is what was just added.
    _record_stages(
        """held.stage <> '' AND NOT EXISTS
           (SELECT FROM companies_stagechange known WHERE known.company_id = held.id)""",
        on,
        by,
    )
    return Upserted(new=new, changed=changed, unchanged=total - new - changed, named=few(named, more))


def _record_stages(condition: str, on: dt.date, by: "User | None") -> None:
    execute(
        f"""INSERT INTO companies_stagechange (company_id, stage, since, reason, by_id, created_at)
            SELECT held.id, incoming.stage, %s, '', %s, now()
            FROM incoming_company incoming JOIN companies_company held USING (code) WHERE {condition}""",
        [on, by.pk if by else None],
    )
