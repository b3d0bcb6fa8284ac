"""One cost is subsidised once by one point, whether or not its supplier is named, and one contract in one company.

What was entered before may contradict that. Nothing is deleted, and no upgrade fails for it: of several records of one
payment the one that a grant holds stays, else the first one, and the others are declared void with the reason; of
several grants that hold one contract the first that was given goes on holding it, and the others stand as they are.
"""

from collections.abc import Hashable, Iterator
from itertools import groupby

import django.contrib.postgres.constraints
import django.db.models.constraints
import django.db.models.deletion
import pghistory
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import subsidies.models.references
from core.migrating import AtOnce

ANY = "any"
PAYMENTS = """
    SELECT company_id, amount, paid_on, id, number, supplier_id, nullif(reference, '') FROM (
        SELECT *, count(*) OVER (PARTITION BY company_id, amount, paid_on) AS alike, EXISTS (
            SELECT FROM subsidies_grantitem WHERE expense_id = subsidies_expense.id AND held
        ) AS is_held
        FROM subsidies_expense WHERE voided_at IS NULL
    ) AS valid WHERE alike > 1 ORDER BY company_id, amount, paid_on, is_held DESC, id
"""
VOID = """
    UPDATE subsidies_expense SET voided_at = now(), updated_at = now(), void_reason =
        'The payment of ' || %s || ', under a second number: one payment is shared once. If it is another one, enter it'
        || ' again with the contract or invoice that tells the two apart.'
    WHERE id = %s
"""
# A cost that names no supplier was not asked for its contract before.
UNCLAIMED = """
    INSERT INTO subsidies_grantedcontract (grant_id, company_id, contract, held)
    SELECT DISTINCT ON (item.grant_id, cost.reference) item.grant_id, cost.company_id, cost.contract, true
    FROM subsidies_grantitem item JOIN subsidies_expense cost ON cost.id = item.expense_id
    WHERE item.held AND cost.supplier_id IS NULL AND cost.reference <> ''
    ORDER BY item.grant_id, cost.reference, cost.id
"""
CONTRACTS = """
    SELECT held.id, held.grant_id, held.company_id, held.supplier_id, held.reference
    FROM subsidies_grantedcontract held JOIN subsidies_grant holder ON holder.id = held.grant_id
    WHERE held.held ORDER BY holder.state = 'proposed', holder.decided_at, holder.id, held.id
"""


def find(kept: dict[tuple[Hashable, Hashable], str], *pair: Hashable) -> str | None:
    """The first of `kept` that may be the same as the pair; None on either side is anything."""
    ones, others = ([side, None] if side is not None else [ANY] for side in pair)
    return next((kept[one, other] for one in ones for other in others if (one, other) in kept), None)


def keep(kept: dict[tuple[Hashable, Hashable], str], name: str, *pair: Hashable) -> None:
    """Under every key that `find` looks for it."""
    one, other = pair
    for key in ((one, other), (one, ANY), (ANY, other), (ANY, ANY)):
        kept.setdefault(key, name)


def doubles(cursor) -> Iterator[tuple[str, int]]:
    """The number of the payment that stays, and the id of one that may be the same."""
    cursor.execute(PAYMENTS)
    for _payment, alike in groupby(cursor.fetchall(), key=lambda row: row[:3]):
        kept: dict[tuple[Hashable, Hashable], str] = {}
        for *_same, pk, number, supplier, reference in alike:
            if first := find(kept, supplier, reference):
                yield first, pk
            else:
                keep(kept, number, supplier, reference)


def void_doubles(_apps, schema_editor) -> None:
    with pghistory.context(actor="subsidies.0009_claims"), schema_editor.connection.cursor() as cursor:
        for first, pk in list(doubles(cursor)):
            cursor.execute(VOID, [first, pk])
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def overlapping(rows) -> Iterator[int]:
    """The ids of contracts that a grant before holds."""
    by_supplier, by_company = {}, {}
    for pk, grant, company, supplier, reference in rows:
        holder = by_supplier.get((supplier, reference)) if supplier else None
        beside = [
            (other, known) for other, known in by_company.get((company, reference), ())
            if other != grant and (supplier is None or known is None or supplier == known)
        ]  # fmt: skip
        if holder or beside:
            yield pk
            continue
        if supplier:
            by_supplier[supplier, reference] = grant
        by_company.setdefault((company, reference), []).append((grant, supplier))


def hold_contracts_once(_apps, schema_editor) -> None:
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(UNCLAIMED)
        cursor.execute(CONTRACTS)
        later = list(overlapping(cursor.fetchall()))
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        if later:  # what a grant holds follows its state, and a trigger keeps it so
            cursor.execute("ALTER TABLE subsidies_grantedcontract DISABLE TRIGGER USER")
            cursor.execute("UPDATE subsidies_grantedcontract SET held = false WHERE id = ANY(%s)", [later])
            cursor.execute("ALTER TABLE subsidies_grantedcontract ENABLE TRIGGER USER")


def forget_unnamed(_apps, schema_editor) -> None:
    """The claims that there was no place for before."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("ALTER TABLE subsidies_grantedcontract DISABLE TRIGGER USER")
        cursor.execute("DELETE FROM subsidies_grantedcontract WHERE supplier_id IS NULL")
        cursor.execute("ALTER TABLE subsidies_grantedcontract ENABLE TRIGGER USER")


class Migration(migrations.Migration):
    dependencies = [
        ("companies", "0004_companies_stay"),
        ("subsidies", "0008_references_of_decisions"),
    ]

    operations = [
        migrations.RunSQL(
            'CREATE TYPE subsidies_named AS RANGE (SUBTYPE = text, COLLATION = "C")', "DROP TYPE subsidies_named"
        ),
        AtOnce(
            [
                pgtrigger.migrations.RemoveTrigger(
                    model_name="expense",
                    name="update_update",
                ),
                pgtrigger.migrations.RemoveTrigger(
                    model_name="grantitem",
                    name="of_its_company",
                ),
                migrations.RemoveConstraint(
                    model_name="expense",
                    name="subsidies_expense_claimed_once",
                ),
                migrations.RemoveConstraint(
                    model_name="grantedcontract",
                    name="subsidies_grantedcontract_once",
                ),
                migrations.AddField(
                    model_name="expense",
                    name="reference",
                    field=models.GeneratedField(
                        db_persist=True,
                        expression=subsidies.models.references.Spelling("contract"),
                        output_field=models.TextField(),
                    ),
                ),
                migrations.AddField(
                    model_name="grantedcontract",
                    name="reference",
                    field=models.GeneratedField(
                        db_persist=True,
                        expression=subsidies.models.references.Spelling("contract"),
                        output_field=models.TextField(),
                    ),
                ),
                migrations.AlterField(
                    model_name="grantedcontract",
                    name="supplier",
                    field=models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="granted_contracts",
                        to="subsidies.supplier",
                    ),
                ),
            ]
        ),
        migrations.RunPython(hold_contracts_once, forget_unnamed),
        AtOnce(
            [
                pgtrigger.migrations.AddTrigger(
                    model_name="expense",
                    trigger=pgtrigger.compiler.Trigger(
                        name="moves_its_contract",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN ((NEW.supplier_id, NEW.contract) IS DISTINCT FROM (OLD.supplier_id, OLD.contract))",
                            func="\n                    UPDATE subsidies_grantedcontract held SET held = false\n                    WHERE held.held AND held.grant_id IN (\n                        SELECT grant_id FROM subsidies_grantitem WHERE expense_id = NEW.id AND held\n                    ) AND NOT EXISTS (\n                        SELECT FROM subsidies_grantitem item JOIN subsidies_expense cost ON cost.id = item.expense_id\n                        WHERE item.grant_id = held.grant_id AND cost.reference = held.reference\n                              AND cost.supplier_id IS NOT DISTINCT FROM held.supplier_id\n                    );\n                    INSERT INTO subsidies_grantedcontract (grant_id, company_id, supplier_id, contract, held)\n                    SELECT item.grant_id, holder.company_id, NEW.supplier_id, NEW.contract, true\n                    FROM subsidies_grantitem item JOIN subsidies_grant holder ON holder.id = item.grant_id\n                    WHERE item.expense_id = NEW.id AND item.held AND NEW.reference <> '' AND NOT EXISTS (\n                        SELECT FROM subsidies_grantedcontract held\n                        WHERE held.held AND held.grant_id = item.grant_id AND held.reference = NEW.reference\n                              AND held.supplier_id IS NOT DISTINCT FROM NEW.supplier_id\n                    );\n                    RETURN NULL;\n                ",
                            hash="8be8de63bb766c6cc1b73e36e303c05f839dff81",
                            operation='UPDATE OF "supplier_id", "contract"',
                            pgid="pgtrigger_moves_its_contract_c4500",
                            table="subsidies_expense",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="expense",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "subsidies_expenseevent" ("amount", "company_id", "contract", "created_at", "id", "kind", "number", "paid_on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "point", "supplier_id", "updated_at", "void_reason", "voided_at") SELECT new_values."amount", new_values."company_id", new_values."contract", new_values."created_at", new_values."id", new_values."kind", new_values."number", new_values."paid_on", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."point", new_values."supplier_id", new_values."updated_at", new_values."void_reason", new_values."voided_at" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."amount" IS DISTINCT FROM (new_values."amount") OR old_values."company_id" IS DISTINCT FROM (new_values."company_id") OR old_values."contract" IS DISTINCT FROM (new_values."contract") OR old_values."created_at" IS DISTINCT FROM (new_values."created_at") OR old_values."id" IS DISTINCT FROM (new_values."id") OR old_values."kind" IS DISTINCT FROM (new_values."kind") OR old_values."number" IS DISTINCT FROM (new_values."number") OR old_values."paid_on" IS DISTINCT FROM (new_values."paid_on") OR old_values."point" IS DISTINCT FROM (new_values."point") OR old_values."supplier_id" IS DISTINCT FROM (new_values."supplier_id") OR old_values."updated_at" IS DISTINCT FROM (new_values."updated_at") OR old_values."void_reason" IS DISTINCT FROM (new_values."void_reason") OR old_values."voided_at" IS DISTINCT FROM (new_values."voided_at")) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="f529645df5b27abbc04de134482921b7241d0a92",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_cfa1e",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="subsidies_expense",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="grantitem",
                    trigger=pgtrigger.compiler.Trigger(
                        name="of_its_company",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE holder record;",
                            func="\n                    PERFORM FROM subsidies_expense WHERE id = NEW.expense_id FOR SHARE;\n                    SELECT company_id, state INTO holder FROM subsidies_grant WHERE id = NEW.grant_id FOR SHARE;\n                    IF holder.state <> 'proposed' OR NOT NEW.held THEN\n                        RAISE EXCEPTION 'the items of a grant are those that it was proposed with'\n                            USING ERRCODE = 'check_violation', CONSTRAINT = 'subsidies_grantitem_proposed';\n                    END IF;\n                    IF holder.company_id NOT IN (\n                        SELECT company_id FROM subsidies_expense WHERE id = NEW.expense_id\n                        UNION ALL SELECT company_id FROM community_talent WHERE id = NEW.talent_id\n                        UNION ALL SELECT company_id FROM funding_project WHERE id = NEW.project_id\n                    ) THEN\n                        RAISE EXCEPTION 'an item of another company'\n                            USING ERRCODE = 'check_violation', CONSTRAINT = 'subsidies_grantitem_company';\n                    END IF;\n                    RETURN NEW;\n                ",
                            hash="42cdc4f0a466f9e8cf28444ec1e7a7a9b747cdeb",
                            operation="INSERT",
                            pgid="pgtrigger_of_its_company_ae404",
                            table="subsidies_grantitem",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="grantitem",
                    trigger=pgtrigger.compiler.Trigger(
                        name="claims_its_contract",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (NEW.expense_id IS NOT NULL)",
                            func="\n                    INSERT INTO subsidies_grantedcontract (grant_id, company_id, supplier_id, contract, held)\n                    SELECT NEW.grant_id, cost.company_id, cost.supplier_id, cost.contract, true\n                    FROM subsidies_expense cost\n                    WHERE cost.id = NEW.expense_id AND cost.reference <> '' AND NOT EXISTS (\n                        SELECT FROM subsidies_grantedcontract held\n                        WHERE held.held AND held.grant_id = NEW.grant_id AND held.reference = cost.reference\n                              AND held.supplier_id IS NOT DISTINCT FROM cost.supplier_id\n                    );\n                    RETURN NULL;\n                ",
                            hash="3b2722975fb73c21bd54c81422baace092420446",
                            operation="INSERT",
                            pgid="pgtrigger_claims_its_contract_e1478",
                            table="subsidies_grantitem",
                            when="AFTER",
                        ),
                    ),
                ),
            ]
        ),
        migrations.RunPython(void_doubles, migrations.RunPython.noop),
        AtOnce(
            [
                migrations.AddConstraint(
                    model_name="expense",
                    constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(("voided_at", None)),
                        deferrable=django.db.models.constraints.Deferrable["IMMEDIATE"],
                        expressions=[
                            ("company", "="),
                            ("amount", "="),
                            ("paid_on", "="),
                            (subsidies.models.references.AnySupplier("supplier"), "&&"),
                            (subsidies.models.references.AnyReference("reference"), "&&"),
                        ],
                        name="subsidies_expense_claimed_once",
                        violation_error_code="claimed_twice",
                        violation_error_message="This payment is on record under another number already.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="grantedcontract",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("held", True), ("supplier__isnull", False)),
                        fields=("supplier", "reference"),
                        name="subsidies_grantedcontract_once",
                    ),
                ),
                migrations.RemoveConstraint(model_name="grant", name="subsidies_grant_year_of_proposal"),
                migrations.AddConstraint(
                    model_name="grant",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("proposed_on__year", models.F("year")),
                            (
                                "proposed_on__year",
                                models.expressions.CombinedExpression(models.F("year"), "+", models.Value(1)),
                            ),
                            _connector="OR",
                        ),
                        name="subsidies_grant_year_of_proposal",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="grantedcontract",
                    constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(("held", True)),
                        expressions=[
                            ("company", "="),
                            ("reference", "="),
                            (subsidies.models.references.AnySupplier("supplier"), "&&"),
                            ("grant", "<>"),
                        ],
                        name="subsidies_grantedcontract_company_once",
                    ),
                ),
            ]
        ),
    ]
