import datetime
from decimal import Decimal

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.core.validators
import django.db.models.constraints
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import core.money
from core.migrating import AtOnce


class Migration(migrations.Migration):
    dependencies = [
        ("companies", "0004_companies_stay"),
        ("pghistory", "0007_auto_20250421_0444"),
        ("spaces", "0004_desks"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        AtOnce(
            [
                migrations.CreateModel(
                    name="LeaseOffer",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "number",
                            models.CharField(
                                error_messages={"unique": "There is an offer with this number already."},
                                max_length=64,
                                unique=True,
                                validators=[
                                    django.core.validators.RegexValidator(
                                        "^[^ \\t\\r\\n]([^\\t\\r\\n]{0,62}[^ \\t\\r\\n])?$",
                                        "Use up to 64 characters on one line.",
                                    )
                                ],
                                verbose_name="offer",
                            ),
                        ),
                        ("area_m2", models.DecimalField(decimal_places=2, max_digits=10, verbose_name="area in m²")),
                        (
                            "price_per_m2_day",
                            models.DecimalField(
                                decimal_places=4,
                                max_digits=12,
                                validators=[django.core.validators.MinValueValidator(0)],
                                verbose_name="price in yuan per m² and day",
                            ),
                        ),
                        ("term", django.contrib.postgres.fields.ranges.DateRangeField(verbose_name="term")),
                        (
                            "deposit",
                            core.money.MoneyField(
                                decimal_places=2,
                                max_digits=18,
                                validators=[django.core.validators.MinValueValidator(Decimal(0))],
                                verbose_name="deposit in yuan",
                            ),
                        ),
                        ("valid_until", models.DateField(verbose_name="valid until")),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("open", "open"),
                                    ("accepted", "accepted"),
                                    ("declined", "declined"),
                                    ("withdrawn", "withdrawn"),
                                    ("lapsed", "lapsed"),
                                    ("signed", "signed"),
                                ],
                                default="open",
                                editable=False,
                                max_length=9,
                                verbose_name="state",
                            ),
                        ),
                        ("reason", models.TextField(blank=True, editable=False, verbose_name="reason")),
                        ("created_at", models.DateTimeField(auto_now_add=True)),
                        ("updated_at", models.DateTimeField(auto_now=True)),
                    ],
                    options={
                        "verbose_name": "offer of a lease",
                        "verbose_name_plural": "offers of leases",
                        "ordering": ["number"],
                    },
                ),
                migrations.CreateModel(
                    name="LeaseOfferEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        (
                            "number",
                            models.CharField(
                                error_messages={"unique": "There is an offer with this number already."},
                                max_length=64,
                                null=True,
                                validators=[
                                    django.core.validators.RegexValidator(
                                        "^[^ \\t\\r\\n]([^\\t\\r\\n]{0,62}[^ \\t\\r\\n])?$",
                                        "Use up to 64 characters on one line.",
                                    )
                                ],
                                verbose_name="offer",
                            ),
                        ),
                        (
                            "area_m2",
                            models.DecimalField(decimal_places=2, max_digits=10, null=True, verbose_name="area in m²"),
                        ),
                        (
                            "price_per_m2_day",
                            models.DecimalField(
                                decimal_places=4,
                                max_digits=12,
                                null=True,
                                validators=[django.core.validators.MinValueValidator(0)],
                                verbose_name="price in yuan per m² and day",
                            ),
                        ),
                        ("term", django.contrib.postgres.fields.ranges.DateRangeField(null=True, verbose_name="term")),
                        (
                            "deposit",
                            core.money.MoneyField(
                                decimal_places=2,
                                max_digits=18,
                                null=True,
                                validators=[django.core.validators.MinValueValidator(Decimal(0))],
                                verbose_name="deposit in yuan",
                            ),
                        ),
                        ("valid_until", models.DateField(null=True, verbose_name="valid until")),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("open", "open"),
                                    ("accepted", "accepted"),
                                    ("declined", "declined"),
                                    ("withdrawn", "withdrawn"),
                                    ("lapsed", "lapsed"),
                                    ("signed", "signed"),
                                ],
                                default="open",
                                editable=False,
                                max_length=9,
                                null=True,
                                verbose_name="state",
                            ),
                        ),
                        ("reason", models.TextField(blank=True, editable=False, null=True, verbose_name="reason")),
                        ("created_at", models.DateTimeField(auto_now_add=True, null=True)),
                        ("updated_at", models.DateTimeField(auto_now=True, null=True)),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
            ]
        ),
        AtOnce(
            [
                pgtrigger.migrations.AddTrigger(
                    model_name="lease",
                    trigger=pgtrigger.compiler.Trigger(
                        name="not_over_offers_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE clash record;",
                            func="\n            PERFORM FROM spaces_unit\n                WHERE id IN (SELECT unit_id FROM new_values WHERE voided_at IS NULL) ORDER BY id FOR SHARE;\n            SELECT lease.number, offer.number AS offer INTO clash\n                FROM new_values lease JOIN spaces_leaseoffer offer ON offer.unit_id = lease.unit_id\n                WHERE lease.voided_at IS NULL AND offer.state IN ('open', 'accepted')\n                  AND offer.company_id <> lease.company_id AND offer.term && lease.term LIMIT 1;\n            IF FOUND THEN\n                RAISE EXCEPTION 'lease %: its unit is kept for offer %', clash.number, clash.offer\n                    USING ERRCODE = 'exclusion_violation', CONSTRAINT = 'spaces_lease_not_over_offers';\n            END IF;\n            RETURN NULL;\n        ",
                            hash="6c85fbf0fd93b3a54090a25839f09cae5f2654a7",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_not_over_offers_insert_7662e",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="spaces_lease",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="lease",
                    trigger=pgtrigger.compiler.Trigger(
                        name="not_over_offers_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE clash record;",
                            func="\n            PERFORM FROM spaces_unit\n                WHERE id IN (SELECT unit_id FROM new_values WHERE voided_at IS NULL) ORDER BY id FOR SHARE;\n            SELECT lease.number, offer.number AS offer INTO clash\n                FROM new_values lease JOIN spaces_leaseoffer offer ON offer.unit_id = lease.unit_id\n                WHERE lease.voided_at IS NULL AND offer.state IN ('open', 'accepted')\n                  AND offer.company_id <> lease.company_id AND offer.term && lease.term LIMIT 1;\n            IF FOUND THEN\n                RAISE EXCEPTION 'lease %: its unit is kept for offer %', clash.number, clash.offer\n                    USING ERRCODE = 'exclusion_violation', CONSTRAINT = 'spaces_lease_not_over_offers';\n            END IF;\n            RETURN NULL;\n        ",
                            hash="e6e93362591b4ec917f7abc445926255a90638ab",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_not_over_offers_update_a50df",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="spaces_lease",
                            when="AFTER",
                        ),
                    ),
                ),
                migrations.AddField(
                    model_name="leaseoffer",
                    name="company",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lease_offers",
                        to="companies.company",
                        verbose_name="company",
                    ),
                ),
                migrations.AddField(
                    model_name="leaseoffer",
                    name="lease",
                    field=models.OneToOneField(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="offer",
                        to="spaces.lease",
                    ),
                ),
                migrations.AddField(
                    model_name="leaseoffer",
                    name="made_by",
                    field=models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="leaseoffer",
                    name="unit",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="offers",
                        to="spaces.unit",
                        verbose_name="unit",
                    ),
                ),
                migrations.AddField(
                    model_name="leaseofferevent",
                    name="company",
                    field=models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="companies.company",
                        verbose_name="company",
                    ),
                ),
                migrations.AddField(
                    model_name="leaseofferevent",
                    name="lease",
                    field=models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="spaces.lease",
                    ),
                ),
                migrations.AddField(
                    model_name="leaseofferevent",
                    name="made_by",
                    field=models.ForeignKey(
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="leaseofferevent",
                    name="pgh_context",
                    field=models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                migrations.AddField(
                    model_name="leaseofferevent",
                    name="pgh_obj",
                    field=models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="spaces.leaseoffer",
                    ),
                ),
                migrations.AddField(
                    model_name="leaseofferevent",
                    name="unit",
                    field=models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="spaces.unit",
                        verbose_name="unit",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="leaseoffer",
                    constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(("state__in", ["accepted", "open"])),
                        deferrable=django.db.models.constraints.Deferrable["IMMEDIATE"],
                        expressions=[("unit", "="), ("term", "&&")],
                        name="spaces_leaseoffer_no_overlap",
                        violation_error_code="unit_offered",
                        violation_error_message="The unit is offered to somebody for some of these days.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="leaseoffer",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("number__regex", "^[^ \\t\\r\\n]([^\\t\\r\\n]{0,62}[^ \\t\\r\\n])?$")),
                        name="spaces_leaseoffer_number_form",
                        violation_error_message="Use up to 64 characters on one line.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="leaseoffer",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["open", "accepted", "declined", "withdrawn", "lapsed", "signed"])
                        ),
                        name="spaces_leaseoffer_state_known",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="leaseoffer",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("valid_until__gte", datetime.date(1800, 1, 1)),
                            ("valid_until__lte", datetime.date(2199, 12, 31)),
                        ),
                        name="spaces_leaseoffer_valid_until_day",
                        violation_error_message="The day lies between 1800 and 2199.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="leaseoffer",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("term__startswith__isnull", False),
                            ("term__startswith__gte", datetime.date(1800, 1, 1)),
                            models.Q(
                                ("term__upper_inf", True),
                                ("term__endswith__lte", datetime.date(2200, 1, 1)),
                                _connector="OR",
                            ),
                        ),
                        name="spaces_leaseoffer_days",
                        violation_error_message="The days of a lease lie between 1800 and 2199.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="leaseoffer",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("area_m2__gt", 0), ("area_m2__lte", 100000)),
                        name="spaces_leaseoffer_area",
                        violation_error_message="A lease covers more than 0 and at most 100,000 m².",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="leaseoffer",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("price_per_m2_day__gte", 0), ("price_per_m2_day__lte", 10000)),
                        name="spaces_leaseoffer_price",
                        violation_error_message="The price lies between 0 and 10,000 yuan per m² and day.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="leaseoffer",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("deposit__gte", 0), ("deposit__lte", Decimal(10000000000))),
                        name="spaces_leaseoffer_deposit",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="leaseoffer",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("lease__isnull", False), ("state", "signed")),
                            models.Q(models.Q(("state", "signed"), _negated=True), ("lease", None)),
                            _connector="OR",
                        ),
                        name="spaces_leaseoffer_signed",
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="leaseoffer",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_deleted",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                            hash="9eb2badaed402d0e8eb41f0c3462593d7f5cc52f",
                            operation="DELETE",
                            pgid="pgtrigger_never_deleted_9bc8a",
                            table="spaces_leaseoffer",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="leaseoffer",
                    trigger=pgtrigger.compiler.Trigger(
                        name="stays_as_made",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (((NEW.company_id, NEW.unit_id, NEW.area_m2, NEW.price_per_m2_day, NEW.term, NEW.deposit) IS DISTINCT FROM (OLD.company_id, OLD.unit_id, OLD.area_m2, OLD.price_per_m2_day, OLD.term, OLD.deposit)) OR (OLD.state IS DISTINCT FROM NEW.state AND OLD.state NOT IN ('open', 'accepted')))",
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="5aeda3074183ff58de1f591ba10d662482d62cc9",
                            operation="UPDATE",
                            pgid="pgtrigger_stays_as_made_27f48",
                            table="spaces_leaseoffer",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="leaseoffer",
                    trigger=pgtrigger.compiler.Trigger(
                        name="unit_is_free",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (NEW.state IN ('open', 'accepted'))",
                            func="\n                    PERFORM FROM spaces_unit WHERE id = NEW.unit_id FOR NO KEY UPDATE;\n                    IF EXISTS (SELECT FROM spaces_lease WHERE unit_id = NEW.unit_id AND voided_at IS NULL\n                               AND term && NEW.term) THEN\n                        RAISE EXCEPTION 'the unit of offer % is let on some of these days', NEW.number\n                            USING ERRCODE = 'exclusion_violation', CONSTRAINT = 'spaces_leaseoffer_unit_is_free';\n                    END IF;\n                    IF EXISTS (SELECT FROM spaces_unit WHERE id = NEW.unit_id AND area_m2 < NEW.area_m2) THEN\n                        RAISE EXCEPTION 'offer % is larger than its unit', NEW.number\n                            USING ERRCODE = 'check_violation', CONSTRAINT = 'spaces_leaseoffer_within_unit';\n                    END IF;\n                    RETURN NEW;\n                ",
                            hash="62a433a5ec2843b2a59e4c9fd65c2b2034e01522",
                            operation='INSERT OR UPDATE OF "state"',
                            pgid="pgtrigger_unit_is_free_ea93c",
                            table="spaces_leaseoffer",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="leaseoffer",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "spaces_leaseofferevent" ("area_m2", "company_id", "created_at", "deposit", "id", "lease_id", "made_by_id", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "price_per_m2_day", "reason", "state", "term", "unit_id", "updated_at", "valid_until") SELECT new_values."area_m2", new_values."company_id", new_values."created_at", new_values."deposit", new_values."id", new_values."lease_id", new_values."made_by_id", new_values."number", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."price_per_m2_day", new_values."reason", new_values."state", new_values."term", new_values."unit_id", new_values."updated_at", new_values."valid_until" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="e5ca43a35f77ea13708b6d8a18f6cb894b1f5440",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_4d8ec",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="spaces_leaseoffer",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="leaseoffer",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "spaces_leaseofferevent" ("area_m2", "company_id", "created_at", "deposit", "id", "lease_id", "made_by_id", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "price_per_m2_day", "reason", "state", "term", "unit_id", "updated_at", "valid_until") SELECT new_values."area_m2", new_values."company_id", new_values."created_at", new_values."deposit", new_values."id", new_values."lease_id", new_values."made_by_id", new_values."number", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."price_per_m2_day", new_values."reason", new_values."state", new_values."term", new_values."unit_id", new_values."updated_at", new_values."valid_until" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="68ce9838f743bc8526119626ad536ec0b9536050",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_c85b0",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="spaces_leaseoffer",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="leaseoffer",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "spaces_leaseofferevent" ("area_m2", "company_id", "created_at", "deposit", "id", "lease_id", "made_by_id", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "price_per_m2_day", "reason", "state", "term", "unit_id", "updated_at", "valid_until") SELECT old_values."area_m2", old_values."company_id", old_values."created_at", old_values."deposit", old_values."id", old_values."lease_id", old_values."made_by_id", old_values."number", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."price_per_m2_day", old_values."reason", old_values."state", old_values."term", old_values."unit_id", old_values."updated_at", old_values."valid_until" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                            hash="cbb4d9f16042b91661d8cc19fca3921d5e6fa892",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_ff74b",
                            referencing="REFERENCING OLD TABLE AS old_values ",
                            table="spaces_leaseoffer",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="leaseofferevent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="e3a782112879ee22e380ee2f04871366ba7e34f0",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_39d8f",
                            table="spaces_leaseofferevent",
                            when="BEFORE",
                        ),
                    ),
                ),
            ]
        ),
    ]
