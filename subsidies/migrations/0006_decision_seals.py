"""Seal every decision: a digest of what it says, chained to the decision before it of the same company and point.

What was decided before is sealed here, as the rows stand now and with the code that each company has now. It is done in
batches and in one transaction, while the trigger that forbids edits is away: all are sealed, or nothing has happened.
"""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models
from django.db.models.functions.text import Length
from django.db.models.lookups import Exact

from core.migrating import AtOnce
from subsidies import seals

BATCH = 10_000
WRITE = """
    UPDATE subsidies_decision AS decision SET seal = decode(sealed.seal, 'hex'), company_code = sealed.code
    FROM unnest(%s::bigint[], %s::text[], %s::text[]) AS sealed (id, seal, code) WHERE decision.id = sealed.id
"""


def seal_all(apps, schema_editor):
    version_model = apps.get_model("subsidies", "PolicyVersion")
    versions = {
        version.pk: (version.version, seals.digest_of_version(version, version.parameters.all()))
        for version in version_model.objects.prefetch_related("parameters")
    }
    decisions = apps.get_model("subsidies", "Decision").objects.select_related("company")
    place, previous, rows = None, None, []
    for decision in decisions.order_by("company_id", "point", "pk").iterator(chunk_size=BATCH):
        if place != (decision.company_id, decision.point):
            place, previous = (decision.company_id, decision.point), None
        previous = seals.seal(_content(decision, *versions[decision.version_id]), previous)
        rows.append((decision.pk, previous.hex(), decision.company.code))
        if len(rows) == BATCH:
            _write(schema_editor, rows)
            rows = []
    _write(schema_editor, rows)


def _content(decision, version, digest):
    return seals.content(
        company=decision.company.code,
        point=decision.point,
        version=version,
        version_digest=digest,
        day=decision.decided_for,
        decided_at=decision.decided_at,
        outcome=decision.outcome,
        amount=None if decision.amount is None else str(decision.amount),
        criteria=decision.criteria,
        facts=decision.facts,
        unmet=decision.unmet,
        missing=decision.missing,
    )


def _write(schema_editor, rows):
    if rows:
        with schema_editor.connection.cursor() as cursor:
            cursor.execute(WRITE, [list(column) for column in zip(*rows, strict=True)])


class Migration(migrations.Migration):
    dependencies = [
        ("companies", "0001_initial"),
        ("subsidies", "0005_simulated_cells_and_changes"),
    ]

    operations = [
        AtOnce(
            [
                pgtrigger.migrations.RemoveTrigger(model_name="decision", name="never_edited"),
                migrations.AddField(
                    model_name="decision",
                    name="company_code",
                    field=models.CharField(default="", editable=False, max_length=32),
                    preserve_default=False,
                ),
                migrations.AddField(
                    model_name="decision",
                    name="seal",
                    field=models.BinaryField(default=b"", max_length=32),
                    preserve_default=False,
                ),
            ]
        ),
        migrations.RunPython(seal_all, migrations.RunPython.noop),
        pgtrigger.migrations.AddTrigger(
            model_name="decision",
            trigger=pgtrigger.compiler.Trigger(
                name="never_edited",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.superseded_at IS NOT NULL OR (NEW.id, NEW.public_id, NEW.company_id, NEW.company_code, NEW.point, NEW.version_id, NEW.decided_for, NEW.outcome, NEW.amount, NEW.criteria, NEW.facts, NEW.unmet, NEW.missing, NEW.fingerprint, NEW.decided_at, NEW.seal) IS DISTINCT FROM (OLD.id, OLD.public_id, OLD.company_id, OLD.company_code, OLD.point, OLD.version_id, OLD.decided_for, OLD.outcome, OLD.amount, OLD.criteria, OLD.facts, OLD.unmet, OLD.missing, OLD.fingerprint, OLD.decided_at, OLD.seal))",
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="dde68ae3181fa2bd83f2646a5e9d6257d6fdd3a1",
                    operation="UPDATE",
                    pgid="pgtrigger_never_edited_fd706",
                    table="subsidies_decision",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(condition=Exact(Length("seal"), 32), name="subsidies_decision_sealed"),
        ),
    ]
