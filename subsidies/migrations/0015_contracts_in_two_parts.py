"""A contract over models and computing power is granted in two parts: each claim names its own."""

import django.contrib.postgres.constraints
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import subsidies.models.references
from core.migrating import AtOnce

PARTS = """
    ALTER TABLE subsidies_grantedcontract DISABLE TRIGGER USER;
    UPDATE subsidies_grantedcontract claim SET part = holder.part FROM subsidies_grant holder
        WHERE holder.id = claim.grant_id AND holder.part <> '';
    ALTER TABLE subsidies_grantedcontract ENABLE TRIGGER USER;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("companies", "0004_companies_stay"),
        ("subsidies", "0014_overpaid_interest"),
    ]

    operations = [
        AtOnce(
            [
                pgtrigger.migrations.RemoveTrigger(
                    model_name="expense",
                    name="moves_its_contract",
                ),
                pgtrigger.migrations.RemoveTrigger(
                    model_name="grantitem",
                    name="claims_its_contract",
                ),
                migrations.RemoveConstraint(
                    model_name="grantedcontract",
                    name="subsidies_grantedcontract_once",
                ),
                migrations.RemoveConstraint(
                    model_name="grantedcontract",
                    name="subsidies_grantedcontract_company_once",
                ),
                migrations.AddField(
                    model_name="grantedcontract",
                    name="part",
                    field=models.CharField(
                        blank=True,
                        choices=[("model", "model vouchers"), ("compute", "compute vouchers")],
                        editable=False,
                        max_length=8,
                    ),
                ),
            ]
        ),
        migrations.RunSQL(PARTS, migrations.RunSQL.noop),
        AtOnce(
            [
                pgtrigger.migrations.AddTrigger(
                    model_name="expense",
                    trigger=pgtrigger.compiler.Trigger(
                        name="moves_its_contract",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN ((NEW.supplier_id, NEW.contract) IS DISTINCT FROM (OLD.supplier_id, OLD.contract))",
                            func="\n                    UPDATE subsidies_grantedcontract held SET held = false\n                    WHERE held.held AND held.grant_id IN (\n                        SELECT grant_id FROM subsidies_grantitem WHERE expense_id = NEW.id AND held\n                    ) AND NOT EXISTS (\n                        SELECT FROM subsidies_grantitem item JOIN subsidies_expense cost ON cost.id = item.expense_id\n                        WHERE item.grant_id = held.grant_id AND cost.reference = held.reference\n                              AND cost.supplier_id IS NOT DISTINCT FROM held.supplier_id\n                    );\n                    INSERT INTO subsidies_grantedcontract (grant_id, company_id, supplier_id, contract, part, held)\n                    SELECT item.grant_id, holder.company_id, NEW.supplier_id, NEW.contract, holder.part, true\n                    FROM subsidies_grantitem item JOIN subsidies_grant holder ON holder.id = item.grant_id\n                    WHERE item.expense_id = NEW.id AND item.held AND NOT item.supplement AND NEW.reference <> ''\n                          AND NOT EXISTS (\n                        SELECT FROM subsidies_grantedcontract held\n                        WHERE held.held AND held.grant_id = item.grant_id AND held.reference = NEW.reference\n                              AND held.supplier_id IS NOT DISTINCT FROM NEW.supplier_id\n                    );\n                    RETURN NULL;\n                ",
                            hash="df6c6e35b2f036c266810dc50ebdccd7d6790223",
                            operation='UPDATE OF "supplier_id", "contract"',
                            pgid="pgtrigger_moves_its_contract_c4500",
                            table="subsidies_expense",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="grantitem",
                    trigger=pgtrigger.compiler.Trigger(
                        name="claims_its_contract",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (NEW.expense_id IS NOT NULL AND NOT NEW.supplement)",
                            func="\n                    INSERT INTO subsidies_grantedcontract (grant_id, company_id, supplier_id, contract, part, held)\n                    SELECT NEW.grant_id, cost.company_id, cost.supplier_id, cost.contract, holder.part, true\n                    FROM subsidies_expense cost JOIN subsidies_grant holder ON holder.id = NEW.grant_id\n                    WHERE cost.id = NEW.expense_id AND cost.reference <> '' AND NOT EXISTS (\n                        SELECT FROM subsidies_grantedcontract held\n                        WHERE held.held AND held.grant_id = NEW.grant_id AND held.reference = cost.reference\n                              AND held.supplier_id IS NOT DISTINCT FROM cost.supplier_id\n                    );\n                    RETURN NULL;\n                ",
                            hash="8d9bf0b8d4a9ec061f0d61a5ffd56d777c5ad542",
                            operation="INSERT",
                            pgid="pgtrigger_claims_its_contract_e1478",
                            table="subsidies_grantitem",
                            when="AFTER",
                        ),
                    ),
                ),
                migrations.AddConstraint(
                    model_name="grantedcontract",
                    constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(("held", True), ("supplier__isnull", False)),
                        expressions=[("supplier", "="), ("reference", "="), ("company", "<>")],
                        name="subsidies_grantedcontract_once",
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
                            (subsidies.models.references.AnyPart("part"), "&&"),
                            ("grant", "<>"),
                        ],
                        name="subsidies_grantedcontract_company_once",
                    ),
                ),
            ]
        ),
    ]
