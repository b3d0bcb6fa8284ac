"""Migrations and models say the same, and the migrations do so in good time."""

import io

import pytest
from django.core.management import call_command
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import RunPython, RunSQL

from core.migrating import AtOnce

OURS = {"accounts", "community", "companies", "core", "funding", "spaces", "subsidies"}
MOST_ALONE = 5


@pytest.mark.django_db
def test_no_change_of_a_model_lacks_a_migration() -> None:
    said = io.StringIO()
    try:
        call_command("makemigrations", check=True, dry_run=True, stdout=said)
    except SystemExit:
        pytest.fail(said.getvalue())


def test_many_operations_are_carried_out_at_once() -> None:
    """After each that stands alone Django renders the models anew, and every first start waits for that."""
    alone = {
        f"{app}.{name}": sum(
            not isinstance(operation, AtOnce | RunPython | RunSQL) for operation in migration.operations
        )
        for (app, name), migration in MigrationLoader(None).disk_migrations.items()
        if app in OURS
    }
    assert {name: count for name, count in alone.items() if count > MOST_ALONE} == {}, (
        "group them by core.migrating.AtOnce"
    )
