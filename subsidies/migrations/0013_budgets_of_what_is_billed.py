"""What is billed by the month has budgets from now on: what was issued before is committed of them."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations

from core.migrating import AtOnce

# Frozen: what issued statements took from the budget of their month's year.
RELIEF = """
    SELECT '{point}' AS point, extract(year FROM given.month)::int AS year, sum(given.relief) AS relief FROM (
        SELECT s.month, s.{granted} AS relief FROM {statement} s WHERE s.state = 'issued'
        UNION ALL
        SELECT s.month, CASE WHEN is_of_year THEN sum(a.{granted}) ELSE greatest(sum(a.{granted}), 0) END
        FROM {statement} s JOIN {adjustment} a ON a.statement_id = s.id
        CROSS JOIN LATERAL (SELECT date_trunc('year', a.month) = date_trunc('year', s.month)) AS same (is_of_year)
        WHERE s.state = 'issued' GROUP BY s.id, s.month, is_of_year
    ) AS given GROUP BY 2
"""
RENT = RELIEF.format(
    point="rent_waiver", granted="waived", statement="subsidies_rentstatement", adjustment="subsidies_rentadjustment"
)
INTEREST = RELIEF.format(
    point="loan_interest", granted="supported", statement="subsidies_intereststatement",
    adjustment="subsidies_interestadjustment",
)  # fmt: skip
# The budget of the version in force at the end of the year, or what was given already where that is more.
COMMITTED = """
    ALTER TABLE subsidies_budget DISABLE TRIGGER pgtrigger_sums_from_nothing_a2298;
    INSERT INTO subsidies_budget (point, year, amount, committed, updated_at)
    SELECT point, year, greatest(relief, (
        SELECT (parameter.value #>> '{{}}')::numeric
        FROM subsidies_policyparameter parameter JOIN subsidies_policyversion version ON version.id = parameter.version_id
        WHERE parameter.name = point || '.yearly_budget' AND version.state = 'published'
              AND version.effective_from <= make_date(year, 12, 31)
        ORDER BY version.effective_from DESC LIMIT 1
    )), relief, now()
    FROM ({given}) AS given WHERE relief > 0;
    ALTER TABLE subsidies_budget ENABLE TRIGGER pgtrigger_sums_from_nothing_a2298;
"""
FORGOTTEN = """
    ALTER TABLE subsidies_budget DISABLE TRIGGER USER;
    DELETE FROM subsidies_budget WHERE point IN ('rent_waiver', 'loan_interest');
    ALTER TABLE subsidies_budget ENABLE TRIGGER USER;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("subsidies", "0012_supplements_claim_nothing"),
    ]

    operations = [
        migrations.RunSQL(COMMITTED.format(given=f"{RENT} UNION ALL {INTEREST}"), FORGOTTEN),
        AtOnce(
            [
                pgtrigger.migrations.AddTrigger(
                    model_name="intereststatement",
                    trigger=pgtrigger.compiler.Trigger(
                        name="begins_open",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (NOT (NEW.\"state\" = 'open'))",
                            func="RAISE EXCEPTION 'pgtrigger: Cannot insert rows from % table', TG_TABLE_NAME;",
                            hash="4dde7292d0ab2947c5a4551e8f4db919ae31ae2e",
                            operation="INSERT",
                            pgid="pgtrigger_begins_open_b631c",
                            table="subsidies_intereststatement",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="intereststatement",
                    trigger=pgtrigger.compiler.Trigger(
                        name="keeps_budget",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE spent record;",
                            func="\n    FOR spent IN\n        WITH s AS (SELECT id, month, supported FROM new_values WHERE state = 'issued') \n    SELECT extract(year FROM given.month)::int AS year, sum(given.relief) AS relief FROM (\n        SELECT s.month, s.supported AS relief FROM s\n        UNION ALL\n        SELECT s.month, CASE WHEN is_of_year THEN sum(a.supported) ELSE greatest(sum(a.supported), 0) END\n        FROM s JOIN subsidies_interestadjustment a ON a.statement_id = s.id\n        CROSS JOIN LATERAL (SELECT date_trunc('year', a.month) = date_trunc('year', s.month)) AS same (is_of_year)\n        GROUP BY s.id, s.month, is_of_year\n    ) AS given GROUP BY 1\n\n    LOOP\n        CONTINUE WHEN spent.relief = 0;\n        UPDATE subsidies_budget SET committed = committed + spent.relief\n            WHERE point = 'loan_interest' AND year = spent.year;\n        IF NOT FOUND THEN\n            RAISE EXCEPTION 'no budget for loan_interest in %', spent.year\n                USING ERRCODE = 'check_violation', CONSTRAINT = 'subsidies_intereststatement_has_budget';\n        END IF;\n    END LOOP;\n    RETURN NULL;\n",
                            hash="45b45ba164260ce27f7d281de6e413e70f5212ad",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_keeps_budget_b17d9",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="subsidies_intereststatement",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="rentstatement",
                    trigger=pgtrigger.compiler.Trigger(
                        name="begins_open",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (NOT (NEW.\"state\" = 'open'))",
                            func="RAISE EXCEPTION 'pgtrigger: Cannot insert rows from % table', TG_TABLE_NAME;",
                            hash="048459737320a2eb9a791958ed851f5a01a8a0d0",
                            operation="INSERT",
                            pgid="pgtrigger_begins_open_0a6b9",
                            table="subsidies_rentstatement",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="rentstatement",
                    trigger=pgtrigger.compiler.Trigger(
                        name="keeps_budget",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE spent record;",
                            func="\n    FOR spent IN\n        WITH s AS (SELECT id, month, waived FROM new_values WHERE state = 'issued') \n    SELECT extract(year FROM given.month)::int AS year, sum(given.relief) AS relief FROM (\n        SELECT s.month, s.waived AS relief FROM s\n        UNION ALL\n        SELECT s.month, CASE WHEN is_of_year THEN sum(a.waived) ELSE greatest(sum(a.waived), 0) END\n        FROM s JOIN subsidies_rentadjustment a ON a.statement_id = s.id\n        CROSS JOIN LATERAL (SELECT date_trunc('year', a.month) = date_trunc('year', s.month)) AS same (is_of_year)\n        GROUP BY s.id, s.month, is_of_year\n    ) AS given GROUP BY 1\n\n    LOOP\n        CONTINUE WHEN spent.relief = 0;\n        UPDATE subsidies_budget SET committed = committed + spent.relief\n            WHERE point = 'rent_waiver' AND year = spent.year;\n        IF NOT FOUND THEN\n            RAISE EXCEPTION 'no budget for rent_waiver in %', spent.year\n                USING ERRCODE = 'check_violation', CONSTRAINT = 'subsidies_rentstatement_has_budget';\n        END IF;\n    END LOOP;\n    RETURN NULL;\n",
                            hash="0604f7dd517a44676841c1d6c2e8df4728f9500d",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_keeps_budget_2bc13",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="subsidies_rentstatement",
                            when="AFTER",
                        ),
                    ),
                ),
            ]
        ),
    ]
