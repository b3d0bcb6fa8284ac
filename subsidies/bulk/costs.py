"""Set-based writes of suppliers and costs: what an import brings, in a fixed number of statements whatever its size.

Frames have the columns of the interchange format, typed and checked (`subsidies.interchange`). Each function wants the
caller's transaction.
"""

import polars as pl

from core import outbox
from core.interchange.kinds import Stored, Tick
from core.interchange.upserting import Upsert, given, given_period
from subsidies.models import Supplier
from subsidies.suppliers import next_codes


def upsert_suppliers(frame: pl.DataFrame, tick: Tick) -> Stored:
    """Add or change suppliers, matched by `supplier`, and record `suppliers.imported` when something changed."""
    company = "company" in frame.columns
    stored = Upsert(
        "subsidies_supplier",
        ("LEFT JOIN companies_company company ON company.code = incoming.company " if company else "")
        + "LEFT JOIN subsidies_supplier held ON held.code = incoming.supplier",
        key={"code": "incoming.supplier"},
        values={
            "name": "incoming.name",
            "company_id": "company.id" if company else "held.company_id",
            "admission": given_period(frame, "admitted_from", "admitted_until", "admission"),
        },
        concerned=("incoming.supplier",),
        fresh={"created_at": "now()", "updated_at": "now()"},
    ).write(frame, tick)
    outbox.record_import("suppliers", stored.new, stored.changed, suppliers=stored.named)
    return stored


def add_suppliers(names: list[str]) -> list[str]:
    """Enter suppliers of these names, not admitted; returns their codes in the same order."""
    codes = next_codes(len(names))
    Supplier.objects.bulk_create(Supplier(code=code, name=name) for code, name in zip(codes, names, strict=True))
    return codes


def upsert_expenses(frame: pl.DataFrame, tick: Tick) -> Stored:
    """Add or change costs, matched by `expense`, and record `expenses.imported` when something changed. `supplier`
    holds codes that exist, null for none."""
    supplier = "supplier" in frame.columns
    stored = Upsert(
        "subsidies_expense",
        "JOIN companies_company company ON company.code = incoming.company "
        + ("LEFT JOIN subsidies_supplier supplier ON supplier.code = incoming.supplier " if supplier else "")
        + "LEFT JOIN subsidies_expense held ON held.number = incoming.expense",
        key={"number": "incoming.expense"},
        values={
            "company_id": "company.id",
            "point": "incoming.point",
            "kind": given(frame, "kind", unknown="''"),
            "supplier_id": "supplier.id" if supplier else "held.supplier_id",
            "contract": given(frame, "contract", unknown="''"),
            "amount": "incoming.amount",
            "paid_on": "incoming.paid_on",
        },
        concerned=("company.id", "held.company_id"),
    ).write(frame, tick)
    outbox.record_import("expenses", stored.new, stored.changed, companies=stored.named)
    return stored
