"""Relations from a frame: company, other, kind (String) and, optionally, since, until (Date, `until` half-open)."""

# ruff: noqa: S608 - table and column names are this package's own; what a file brings arrives by COPY
import polars as pl
from django.db import transaction
from django.utils.translation import gettext as _

from companies.bulk.staging import Upserted, guarded_write, refuse, refuse_doubles, rows_of, stage, typed
from companies.models import Relation
from core import audit, outbox
from core.interchange.concerned import few, write_naming
from core.locks import lock_for_transaction


def upsert_relations(frame: pl.DataFrame) -> Upserted:
    """Add or change relations, matched by the two codes. Raises Incomplete for codes the register does not have."""
    texts, days = ["company", "other", "kind"], ["since", "until"]
    columns: dict[str, pl.DataType] = {**dict.fromkeys(texts, pl.String()), **dict.fromkeys(days, pl.Date())}
    frame = typed(frame, columns, required=texts)
    refuse(frame.filter(pl.col("company") == pl.col("other"))["company"], _("Related to itself: %(rows)s."))
    refuse_doubles(frame, ["company", "other"])
    with transaction.atomic():
        lock_for_transaction("companies.bulk")
        frame = _with_held_days(frame)
        refuse(frame.filter(pl.col("since") >= pl.col("until"))["company"], _("Ends before it begins: %(rows)s."))
        stage("incoming_relation", columns, frame)
        _refuse_unknown_codes()
        result = guarded_write(Relation, _write_relations, frame.height)
        outbox.record_import("companies", result.new, result.changed, key="relations", related=result.named)
    return result


def _with_held_days(frame: pl.DataFrame) -> pl.DataFrame:
    """Fill the days that a file of relations does not have from the register."""
    absent = {"since": "lower(valid)", "until": "upper(valid)"}
    absent = {name: source for name, source in absent.items() if name not in frame.columns}
    if not absent:
        return frame
    rows = rows_of(
        f"""SELECT owner.code, related.code, {", ".join(absent.values())} FROM companies_relation
            JOIN companies_company owner ON owner.id = company_id
            JOIN companies_company related ON related.id = other_id
            WHERE owner.code = ANY(%s)""",
        [frame["company"].to_list()],
    )
    schema = {"company": pl.String(), "other": pl.String(), **dict.fromkeys(absent, pl.Date())}
    return frame.join(pl.DataFrame(rows, schema=schema, orient="row"), on=["company", "other"], how="left")


def _refuse_unknown_codes() -> None:
    rows = rows_of(
        """SELECT DISTINCT named.code FROM incoming_relation CROSS JOIN LATERAL (VALUES (company), (other)) named (code)
           WHERE NOT EXISTS (SELECT FROM companies_company known WHERE known.code = named.code) ORDER BY 1"""
    )
    refuse([code for (code,) in rows], _("The register has no company with the code %(rows)s."))


def _write_relations(total: int) -> Upserted:
    source = """incoming_relation incoming
        JOIN companies_company owner ON owner.code = incoming.company
        JOIN companies_company related ON related.code = incoming.other"""
    valid = """CASE WHEN incoming.since IS NOT NULL OR incoming.until IS NOT NULL
               THEN daterange(incoming.since, incoming.until) END"""
    audit.prepare_for_bulk()
    changed, named = write_naming(
        f"""UPDATE companies_relation held SET kind = incoming.kind, valid = {valid} FROM {source}
            WHERE held.company_id = owner.id AND held.other_id = related.id
            AND (held.kind, held.valid) IS DISTINCT FROM (incoming.kind, {valid})
            RETURNING ARRAY[held.company_id, held.other_id] AS named"""
    )
    new, more = write_naming(
        f"""INSERT INTO companies_relation (company_id, other_id, kind, valid)
            SELECT owner.id, related.id, incoming.kind, {valid} FROM {source}
            WHERE NOT EXISTS (SELECT FROM companies_relation held
                              WHERE held.company_id = owner.id AND held.other_id = related.id)
            RETURNING ARRAY[company_id, other_id] AS named"""
    )
    return Upserted(new=new, changed=changed, unchanged=total - new - changed, named=few(named, more))
