import datetime

import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

from core.migrating import AtOnce


class Migration(migrations.Migration):
    dependencies = [
        ("spaces", "0002_floor_geometry"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        AtOnce(
            [
                migrations.CreateModel(
                    name="Succession",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "act",
                            models.CharField(
                                choices=[
                                    ("renewed", "renewed"),
                                    ("changed", "changed"),
                                    ("moved", "moved to another unit"),
                                    ("split", "split"),
                                    ("merged", "merged"),
                                ],
                                max_length=8,
                                verbose_name="act",
                            ),
                        ),
                        ("day", models.DateField(verbose_name="from")),
                        ("reason", models.TextField(blank=True, verbose_name="reason")),
                        ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        (
                            "after",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="follows",
                                to="spaces.lease",
                                verbose_name="lease after",
                            ),
                        ),
                        (
                            "before",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="followed_by",
                                to="spaces.lease",
                                verbose_name="lease before",
                            ),
                        ),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "succession of leases",
                        "ordering": ["day", "pk"],
                    },
                ),
                migrations.CreateModel(
                    name="Ending",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("until", models.DateField()),
                        ("agreed_until", models.DateField(blank=True, null=True)),
                        (
                            "notice_by",
                            models.CharField(
                                choices=[
                                    ("company", "the company"),
                                    ("zone", "the zone"),
                                    ("both", "both, by agreement"),
                                ],
                                max_length=7,
                                verbose_name="notice by",
                            ),
                        ),
                        ("reason", models.TextField(verbose_name="reason")),
                        ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "lease",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="endings",
                                to="spaces.lease",
                                verbose_name="lease",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "early end of a lease",
                        "ordering": ["pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("notice_by__in", ["company", "zone", "both"])),
                                name="spaces_ending_notice_by_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("reason", ""), _negated=True), name="spaces_ending_reason"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("agreed_until", None), ("until__lt", models.F("agreed_until")), _connector="OR"
                                ),
                                name="spaces_ending_early",
                            ),
                        ],
                    },
                ),
            ]
        ),
        AtOnce(
            [
                pgtrigger.migrations.AddTrigger(
                    model_name="ending",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="8edc18ccb6818fb0f13a719558d484ac679b80d1",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_534fa",
                            table="spaces_ending",
                            when="BEFORE",
                        ),
                    ),
                ),
                migrations.AddConstraint(
                    model_name="succession",
                    constraint=models.UniqueConstraint(fields=("before", "after"), name="spaces_succession_once"),
                ),
                migrations.AddConstraint(
                    model_name="succession",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("act__in", ["renewed", "changed", "moved", "split", "merged"])),
                        name="spaces_succession_act_known",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="succession",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("day__gte", datetime.date(1800, 1, 1)), ("day__lte", datetime.date(2199, 12, 31))
                        ),
                        name="spaces_succession_day_day",
                        violation_error_message="The day lies between 1800 and 2199.",
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="succession",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="4ef175fe12f46285dfb6ee611ae00cb361e5fb72",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_a9e21",
                            table="spaces_succession",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="succession",
                    trigger=pgtrigger.compiler.Trigger(
                        name="terms_meet",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE gone record; come record;",
                            func="\n                    SELECT company_id, term, voided_at INTO gone\n                        FROM spaces_lease WHERE id = NEW.before_id FOR NO KEY UPDATE;\n                    SELECT company_id, term, voided_at INTO come FROM spaces_lease WHERE id = NEW.after_id;\n                    IF gone.voided_at IS NOT NULL OR come.voided_at IS NOT NULL OR gone.company_id <> come.company_id\n                       OR upper(gone.term) IS DISTINCT FROM NEW.day OR lower(come.term) IS DISTINCT FROM NEW.day THEN\n                        RAISE EXCEPTION 'a lease follows one of its company that ends on the day before'\n                            USING ERRCODE = 'check_violation', CONSTRAINT = 'spaces_succession_terms_meet';\n                    END IF;\n                    IF EXISTS (SELECT FROM spaces_succession other JOIN spaces_lease lease ON lease.id = other.after_id\n                               WHERE other.before_id = NEW.before_id AND lease.voided_at IS NULL\n                                 AND (other.act <> NEW.act OR NEW.act <> 'split')) THEN\n                        RAISE EXCEPTION 'a lease is followed once'\n                            USING ERRCODE = 'check_violation', CONSTRAINT = 'spaces_succession_followed_once';\n                    END IF;\n                    RETURN NEW;\n                ",
                            hash="6bff0157525f6eacd47d77e71ea5b88a29037cd8",
                            operation="INSERT",
                            pgid="pgtrigger_terms_meet_736f3",
                            table="spaces_succession",
                            when="BEFORE",
                        ),
                    ),
                ),
            ]
        ),
    ]
