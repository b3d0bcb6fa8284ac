import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
    ]

    operations = [
        migrations.AlterField(
            model_name="apikey",
            name="scopes",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(
                    choices=[
                        ("companies:read", "read companies"),
                        ("leases:read", "read leases"),
                        ("decisions:read", "read decisions"),
                        ("statements:read", "read rent statements"),
                        ("policy:read", "read the policy"),
                        ("reports:read", "read reports"),
                        ("projects:read", "read projects"),
                        ("loans:read", "read loans"),
                        ("talents:read", "read talents"),
                        ("suppliers:read", "read suppliers"),
                        ("expenses:read", "read costs"),
                        ("grants:read", "read grants and budgets"),
                    ],
                    max_length=40,
                ),
                size=None,
                verbose_name="scopes",
            ),
        ),
        migrations.AlterField(
            model_name="apikeyevent",
            name="scopes",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(
                    choices=[
                        ("companies:read", "read companies"),
                        ("leases:read", "read leases"),
                        ("decisions:read", "read decisions"),
                        ("statements:read", "read rent statements"),
                        ("policy:read", "read the policy"),
                        ("reports:read", "read reports"),
                        ("projects:read", "read projects"),
                        ("loans:read", "read loans"),
                        ("talents:read", "read talents"),
                        ("suppliers:read", "read suppliers"),
                        ("expenses:read", "read costs"),
                        ("grants:read", "read grants and budgets"),
                    ],
                    max_length=40,
                ),
                null=True,
                size=None,
                verbose_name="scopes",
            ),
        ),
    ]
