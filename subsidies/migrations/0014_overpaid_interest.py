"""What was issued below 0 before there were recoveries of interest is asked back like everything since: each statement
opens its recovery, to be confirmed by an approver. Nobody is named as who opened it."""

import django.db.models.deletion
import pghistory
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

from core.migrating import AtOnce

ROWS_AT_ONCE = 1000


def open_recoveries(apps, schema_editor) -> None:
    statements = apps.get_model("subsidies", "InterestStatement").objects
    recoveries = apps.get_model("subsidies", "Recovery").objects
    below = statements.filter(state="issued", payable__lt=0).order_by("month", "pk")
    with pghistory.context(actor="subsidies.0014_overpaid_interest"):
        recoveries.bulk_create(
            [recoveries.model(statement_id=pk, amount=-payable) for pk, payable in below.values_list("pk", "payable")],
            batch_size=ROWS_AT_ONCE,
        )
    schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


class Migration(migrations.Migration):
    dependencies = [
        ("subsidies", "0013_budgets_of_what_is_billed"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        AtOnce(
            [
                pgtrigger.migrations.RemoveTrigger(
                    model_name="recovery",
                    name="stands_when_confirmed",
                ),
                pgtrigger.migrations.RemoveTrigger(
                    model_name="recovery",
                    name="insert_insert",
                ),
                pgtrigger.migrations.RemoveTrigger(
                    model_name="recovery",
                    name="update_update",
                ),
                pgtrigger.migrations.RemoveTrigger(
                    model_name="recovery",
                    name="delete_delete",
                ),
                migrations.RemoveConstraint(
                    model_name="recovery",
                    name="subsidies_recovery_reason",
                ),
                migrations.AddField(
                    model_name="recovery",
                    name="statement",
                    field=models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recovery",
                        to="subsidies.intereststatement",
                        verbose_name="interest statement",
                    ),
                ),
                migrations.AddField(
                    model_name="recoveryevent",
                    name="statement",
                    field=models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="subsidies.intereststatement",
                        verbose_name="interest statement",
                    ),
                ),
                migrations.AlterField(
                    model_name="recovery",
                    name="grant",
                    field=models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recoveries",
                        to="subsidies.grant",
                        verbose_name="grant",
                    ),
                ),
                migrations.AlterField(
                    model_name="recovery",
                    name="reason",
                    field=models.TextField(blank=True, verbose_name="reason"),
                ),
                migrations.AlterField(
                    model_name="recoveryevent",
                    name="grant",
                    field=models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="subsidies.grant",
                        verbose_name="grant",
                    ),
                ),
                migrations.AlterField(
                    model_name="recoveryevent",
                    name="reason",
                    field=models.TextField(blank=True, null=True, verbose_name="reason"),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="recovery",
                    trigger=pgtrigger.compiler.Trigger(
                        name="stands_when_confirmed",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (((NEW.grant_id, NEW.statement_id, NEW.amount, NEW.reason, NEW.arithmetic) IS DISTINCT FROM (OLD.grant_id, OLD.statement_id, OLD.amount, OLD.reason, OLD.arithmetic)) AND (OLD.state <> 'open' OR OLD.statement_id IS NOT NULL))",
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="9f6520b92ee84e731f5133862b69f03a8d6a8c32",
                            operation="UPDATE",
                            pgid="pgtrigger_stands_when_confirmed_a2be9",
                            table="subsidies_recovery",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="recovery",
                    trigger=pgtrigger.compiler.Trigger(
                        name="of_its_statement",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (NEW.statement_id IS NOT NULL)",
                            func="\n                    IF NOT EXISTS (\n                        SELECT FROM subsidies_intereststatement\n                        WHERE id = NEW.statement_id AND state = 'issued' AND payable = -NEW.amount\n                    ) THEN\n                        RAISE EXCEPTION 'a recovery of interest is what an issued statement is below 0'\n                            USING ERRCODE = 'check_violation', CONSTRAINT = 'subsidies_recovery_of_statement';\n                    END IF;\n                    RETURN NEW;\n                ",
                            hash="8d7c83ee94fe9e48d90240e039bfe429d406f35d",
                            operation="INSERT OR UPDATE",
                            pgid="pgtrigger_of_its_statement_a4d8a",
                            table="subsidies_recovery",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="recovery",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "subsidies_recoveryevent" ("amount", "arithmetic", "confirmed_at", "confirmed_by_id", "grant_id", "id", "opened_at", "opened_by_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "reason", "settled_by_id", "settled_on", "state", "statement_id") SELECT new_values."amount", new_values."arithmetic", new_values."confirmed_at", new_values."confirmed_by_id", new_values."grant_id", new_values."id", new_values."opened_at", new_values."opened_by_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."public_id", new_values."reason", new_values."settled_by_id", new_values."settled_on", new_values."state", new_values."statement_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="06646f7ffbda691015f6f8d48ec544418a85032a",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_92f36",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="subsidies_recovery",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="recovery",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "subsidies_recoveryevent" ("amount", "arithmetic", "confirmed_at", "confirmed_by_id", "grant_id", "id", "opened_at", "opened_by_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "reason", "settled_by_id", "settled_on", "state", "statement_id") SELECT new_values."amount", new_values."arithmetic", new_values."confirmed_at", new_values."confirmed_by_id", new_values."grant_id", new_values."id", new_values."opened_at", new_values."opened_by_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."public_id", new_values."reason", new_values."settled_by_id", new_values."settled_on", new_values."state", new_values."statement_id" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="45043afff0300a7ebb2e65b0072c1f020d6f0f3d",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_6171d",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="subsidies_recovery",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="recovery",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "subsidies_recoveryevent" ("amount", "arithmetic", "confirmed_at", "confirmed_by_id", "grant_id", "id", "opened_at", "opened_by_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "reason", "settled_by_id", "settled_on", "state", "statement_id") SELECT old_values."amount", old_values."arithmetic", old_values."confirmed_at", old_values."confirmed_by_id", old_values."grant_id", old_values."id", old_values."opened_at", old_values."opened_by_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."public_id", old_values."reason", old_values."settled_by_id", old_values."settled_on", old_values."state", old_values."statement_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                            hash="08145b24b87ca3afb59e0c4e00b1af7834c15824",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_78e41",
                            referencing="REFERENCING OLD TABLE AS old_values ",
                            table="subsidies_recovery",
                            when="AFTER",
                        ),
                    ),
                ),
                migrations.AddConstraint(
                    model_name="recovery",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("grant__isnull", False), ("statement", None)),
                            models.Q(("grant", None), ("statement__isnull", False)),
                            _connector="OR",
                        ),
                        name="subsidies_recovery_about_one",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="recovery",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("statement", None), models.Q(("reason", ""), _negated=True)),
                            models.Q(("arithmetic", {}), ("grant", None), ("reason", "")),
                            _connector="OR",
                        ),
                        name="subsidies_recovery_reason",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="recovery",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("statement", None), models.Q(("state", "dropped"), _negated=True), _connector="OR"
                        ),
                        name="subsidies_recovery_interest_stays",
                    ),
                ),
            ]
        ),
        # Backwards the database refuses while something is asked back of interest: it is never deleted.
        migrations.RunPython(open_recoveries, migrations.RunPython.noop),
    ]
