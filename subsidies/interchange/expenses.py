"""The file `expenses`: what companies paid and put forward for a point, and its way in and out.

`supplier` is a code or a name. A supplier that the zone does not know is entered with the file, under the next code
and not admitted, so that no file fails for it and an officer admits it afterwards; the summary says how many. A void
cost is in no file, and its number is not given out again.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence

import polars as pl
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import markup
from core.frames import read_frame
from core.interchange import checking, problems, staging
from core.interchange.columns import Choice, Column, Day, Exact, Text, numbered
from core.interchange.kinds import ExportKind, ImportKind, Stored, Tick, register
from core.interchange.problems import LINE
from core.money import MOST_YUAN, YUAN
from subsidies.bulk import costs
from subsidies.choices import ExpenseKind, Point
from subsidies.models.costs import hold_payments
from subsidies.models.references import Spelling
from subsidies.suppliers import Names, hold_names, looks_given_out, spelled_alike

EXPENSES: tuple[Column, ...] = (
    numbered("expense"),
    Text(name="company", required=True, max_length=32, is_narrow=True),
    Choice(name="point", required=True, values=tuple(Point.values)),
    Choice(name="kind", values=tuple(ExpenseKind.values)),
    Text(name="supplier", max_length=200),
    Text(name="contract", max_length=120),
    Exact(name="amount", required=True, places=2, above_minimum=True, maximum=MOST_YUAN, money=YUAN),
    Day(name="paid_on", required=True),
)

ANY = object()  # what a payment is looked for by where it names nothing
SAME = ["company", "amount", "paid_on"]
"""What makes two costs one payment, unless they are told apart: by `payee` (a supplier's code, or the folded name of
one that is not known yet) or by `reference` (the contract or invoice in one spelling), where both name it."""
SPELLED = Spelling.template % {"expressions": "text"}
SPELL = f"SELECT text, nullif({SPELLED}, '') FROM unnest(%s::text[]) AS given (text)"  # noqa: S608 - the model's own


def check_expenses(rows: pl.DataFrame) -> pl.DataFrame:
    """Unknown companies, void costs, kinds that do not go with the point, ambiguous suppliers, and double claims."""
    hold_names()
    hold_payments()
    found = [
        checking.unknown_company(rows),
        checking.declared_void(rows, "expense", "subsidies_expense", stored="number"),
    ]
    whole = checking.with_stored(rows, _held_details(rows), ["expense"])
    found += _wrong_kinds(whole, named="kind" in rows.columns)
    payees = _payees(whole["supplier"].drop_nulls().unique().to_list())
    whole = whole.join(payees, on="supplier", how="left", maintain_order="left")
    several = pl.format(_("is the name of several suppliers: write the code of one ({})"), pl.col("several"))
    found.append(problems.where(whole, pl.col("several").is_not_null(), "supplier", several))
    found.append(problems.where(whole, pl.col("no_code"), "supplier", _("is the code of no supplier")))
    spelled = whole.join(_references(whole), on="contract", how="left", maintain_order="left")
    found.append(_held_contracts(spelled))
    together = problems.together(found)
    return problems.together([together, *_claimed_twice(spelled, together)])


def _held_details(rows: pl.DataFrame) -> pl.DataFrame:
    return read_frame(
        """SELECT held.number, nullif(held.kind, ''), supplier.code, nullif(held.contract, '')
           FROM subsidies_expense held LEFT JOIN subsidies_supplier supplier ON supplier.id = held.supplier_id
           WHERE held.number = ANY(%s)""",
        [rows["expense"].to_list()],
        {"expense": pl.String(), "kind": pl.String(), "supplier": pl.String(), "contract": pl.String()},
    )


def _wrong_kinds(rows: pl.DataFrame, *, named: bool) -> Iterator[pl.DataFrame]:
    column = "kind" if named else "point"
    vouchers, kind = pl.col("point") == Point.AI_VOUCHERS.value, pl.col("kind")
    needed = _("needs one of %(kinds)s in the column kind") % {"kinds": ", ".join(ExpenseKind.values)}
    yield problems.where(rows, vouchers & kind.is_null(), "point", needed)
    yield problems.where(rows, ~vouchers & kind.is_not_null(), column, _("only costs for ai_vouchers have a kind"))


def _payees(texts: list[str]) -> pl.DataFrame:
    """For each text that names a supplier: `payee`, the codes of `several` that it may mean, and whether it has the
    form of a code and is none."""
    names = Names.read()
    rows = []
    for text in texts:
        codes = names.matching(text)
        payee = codes[0] if codes else f"name {spelled_alike(text)}"
        rows.append((text, payee, ", ".join(codes) if len(codes) > 1 else None, not codes and looks_given_out(text)))
    schema = {"supplier": pl.String(), "payee": pl.String(), "several": pl.String(), "no_code": pl.Boolean()}
    return pl.DataFrame(rows, schema=schema, orient="row")


HELD = """
    SELECT DISTINCT ON (given.line) given.line,
           CASE WHEN claim.company_id = holder.company_id THEN other.number END
    FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[]) AS given (line, expense, payee, reference)
    JOIN subsidies_expense cost ON cost.number = given.expense
    JOIN subsidies_grantitem item ON item.expense_id = cost.id AND item.held
    JOIN subsidies_grant holder ON holder.id = item.grant_id
    JOIN subsidies_grantedcontract claim
         ON claim.held AND claim.grant_id <> item.grant_id AND claim.reference = given.reference
         AND NOT (claim.company_id = holder.company_id AND (claim.part, holder.part) IN
                  (('model', 'compute'), ('compute', 'model')))
    JOIN subsidies_grant other ON other.id = claim.grant_id
    LEFT JOIN subsidies_supplier supplier ON supplier.id = claim.supplier_id
    WHERE supplier.code = given.payee
          OR (claim.company_id = holder.company_id AND (supplier.code IS NULL OR given.payee IS NULL))
    ORDER BY given.line, claim.company_id = holder.company_id DESC, claim.id
"""


def _held_contracts(rows: pl.DataFrame) -> pl.DataFrame:
    """Costs in a grant that are now said to be of a contract that another grant holds."""
    given = [rows[name].to_list() for name in (LINE, "expense", "payee", "reference")]
    found = read_frame(HELD, given, {LINE: pl.Int64(), "grant": pl.String()})
    told = (
        pl.when(pl.col("grant").is_null())
        .then(pl.lit(_("was subsidised elsewhere already: one contract is shared once")))
        .otherwise(pl.format(_("is in grant {} already: one contract is shared once"), "grant"))
    )
    return problems.where(found, pl.lit(value=True), "contract", told)


def _claimed_twice(rows: pl.DataFrame, found: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Payments that are there under another number. What is stored goes first, then the rows by line; a refused row
    leaves what is stored of it in place, and that may stand in the way of others: look again until nothing is new."""
    refused = found.select(LINE)
    stored = _stored_payments(rows)
    columns = [pl.col(LINE), "expense", *SAME, "payee", "reference"]
    while True:
        good = rows.join(refused, on=LINE, how="anti")
        kept = stored.join(good, on="expense", how="anti").with_columns(pl.lit(None, pl.Int64).alias(LINE))
        new = _later_claims(pl.concat([kept.select(columns), good.select(columns)]))
        if new.is_empty():
            return
        refused = pl.concat([refused, new.select(LINE)])
        yield new


def _later_claims(claims: pl.DataFrame) -> pl.DataFrame:
    """The rows of the file that may be the payment of one that goes before them."""
    alike = claims.filter(pl.len().over(SAME) > 1).sort(LINE, nulls_last=False, maintain_order=True)
    kept: dict[tuple[object, ...], tuple[str, int | None]] = {}
    told = []
    for line, expense, *same, payee, reference in alike.iter_rows():
        if first := _first(kept, same, payee, reference):
            told += [] if line is None else [(line, "expense", _same_as(*first))]
        else:
            for key in ((payee, reference), (payee, ANY), (ANY, reference), (ANY, ANY)):
                kept.setdefault((*same, *key), (expense, line))
    return problems.of(told)


def _first(
    kept: Mapping[tuple[object, ...], tuple[str, int | None]], same: Sequence[object], *named: str | None
) -> tuple[str, int | None] | None:
    """The first of the payments kept, each under all keys that it may be looked for by, from which this one is not told
    apart: what it names must be the same, or not named; what it does not name may be anything."""
    payees, references = ([name, None] if name is not None else [ANY] for name in named)
    keys = ((*same, payee, reference) for payee in payees for reference in references)
    return next((kept[key] for key in keys if key in kept), None)


def _same_as(expense: str, line: int | None) -> str:
    if line is None:
        return _("is the payment of %(expense)s, which is on record already") % {"expense": expense}
    return _("is the payment of %(expense)s in line %(line)s") % {"expense": expense, "line": line}


def _references(rows: pl.DataFrame) -> pl.DataFrame:
    """contract, reference: the texts of the file in the spelling that the database compares them in."""
    texts = rows["contract"].drop_nulls().unique().to_list()
    return read_frame(SPELL, [texts], {"contract": pl.String(), "reference": pl.String()})


def _stored_payments(rows: pl.DataFrame) -> pl.DataFrame:
    """The valid costs of the companies in the file."""
    return read_frame(
        """SELECT held.number, company.code, supplier.code, nullif(held.reference, ''), held.amount::text, held.paid_on
           FROM subsidies_expense held JOIN companies_company company ON company.id = held.company_id
           LEFT JOIN subsidies_supplier supplier ON supplier.id = held.supplier_id
           WHERE held.voided_at IS NULL AND company.code = ANY(%s) ORDER BY held.number""",
        [rows["company"].unique().to_list()],
        {
            "expense": pl.String(),
            "company": pl.String(),
            "payee": pl.String(),
            "reference": pl.String(),
            "amount": pl.String(),
            "paid_on": pl.Date(),
        },
    ).with_columns(pl.col("amount").cast(pl.Decimal(18, 2)))


def store_expenses(rows: pl.DataFrame, on: dt.date, tick: Tick) -> Stored:
    """Write the costs; suppliers that the zone does not know come with them, not admitted."""
    del on
    if "supplier" not in rows.columns:
        return costs.upsert_expenses(rows.drop(LINE), tick)
    codes, added = _suppliers(rows["supplier"].drop_nulls().unique(maintain_order=True).to_list())
    named = pl.col("supplier").replace_strict(codes, default=None, return_dtype=pl.String)
    stored = costs.upsert_expenses(rows.drop(LINE).with_columns(named), tick)
    return Stored(stored.new, stored.changed, stored.unchanged, _told_of(added))


def _suppliers(texts: list[str]) -> tuple[dict[str, str], int]:
    """The supplier's code for each text, after entering those that are not known; and how many were."""
    hold_names()
    names = Names.read()
    codes = {text: found[0] for text in texts if (found := names.matching(text))}
    unknown: dict[str, str] = {}
    for text in texts:
        if text not in codes:
            unknown.setdefault(spelled_alike(text), text)
    added = dict(zip(unknown, costs.add_suppliers(list(unknown.values())), strict=True))
    return codes | {text: added[spelled_alike(text)] for text in texts if text not in codes}, len(added)


def _told_of(added: int) -> tuple[str, ...]:
    if not added:
        return ()
    told = ngettext(
        "%(count)s supplier that the zone did not know was entered, not admitted.",
        "%(count)s suppliers that the zone did not know were entered, not admitted.",
        added,
    )
    return (told % {"count": markup.count(added)},)


def all_expenses(on: dt.date | None, month: dt.date | None) -> Iterator[pl.DataFrame]:
    """All costs that are not void, by number; suppliers by their codes."""
    del on, month
    return staging.frames_of(
        """SELECT held.number, company.code, held.point, held.kind, supplier.code, held.contract, held.amount,
                  held.paid_on
           FROM subsidies_expense held JOIN companies_company company ON company.id = held.company_id
           LEFT JOIN subsidies_supplier supplier ON supplier.id = held.supplier_id
           WHERE held.voided_at IS NULL ORDER BY held.number COLLATE "C" """,
        {column.name: column.dtype for column in EXPENSES},
    )


register(
    ImportKind("expenses", EXPENSES, check=check_expenses, store=store_expenses, about="company"),
    ExportKind("expenses", all_expenses, EXPENSES),
)
