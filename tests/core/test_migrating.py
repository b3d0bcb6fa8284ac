"""Operations that are carried out at once leave the tables and the state that they leave one after the other."""

import pytest
from django.db import connection, migrations, models
from django.db.migrations.state import ProjectState

from core.migrating import AtOnce

pytestmark = pytest.mark.django_db

CREATE = [
    migrations.CreateModel("Pine", [("id", models.BigAutoField(primary_key=True))]),
    migrations.CreateModel("Cone", [("id", models.BigAutoField(primary_key=True))]),
]
ADD = [
    migrations.AddField("Pine", "height", models.IntegerField(null=True)),
    migrations.AddField("Cone", "pine", models.ForeignKey("core.Pine", models.PROTECT)),
    migrations.AddConstraint("Pine", models.UniqueConstraint(fields=["height"], name="core_pine_height")),
]


def apply(state: ProjectState, operation: migrations.operations.base.Operation) -> ProjectState:
    """Carry out the operation on models that were rendered before; the state after it."""
    assert state.apps
    after = state.clone()
    operation.state_forwards("core", after)
    with connection.schema_editor() as editor:
        operation.database_forwards("core", editor, state, after)
    return after


def undo(before: ProjectState, after: ProjectState, operation: migrations.operations.base.Operation) -> None:
    with connection.schema_editor() as editor:
        operation.database_backwards("core", editor, after, before)


def tables() -> dict[str, list[str]]:
    """The columns and constraints of each."""
    with connection.cursor() as cursor:
        return {
            table: sorted(
                [column.name for column in connection.introspection.get_table_description(cursor, table)]
                + list(connection.introspection.get_constraints(cursor, table))
            )
            for table in connection.introspection.table_names(cursor)
            if table in {"core_pine", "core_cone"}
        }


def shape(state: ProjectState) -> dict[str, object]:
    """The rendered models of the state: their fields, and what leads to them from elsewhere."""
    names = {model: state.apps.get_model("core", model) for model in ("pine", "cone")}
    return {
        name: sorted(field.name for field in model._meta.get_fields()) + [c.name for c in model._meta.constraints]
        for name, model in names.items()
    }


def test_they_leave_what_they_leave_one_by_one_and_can_be_undone():
    states, expected = [ProjectState()], []
    for operation in [*CREATE, *ADD]:
        states.append(apply(states[-1], operation))
        expected.append(tables())
    for operation, before, after in reversed(list(zip([*CREATE, *ADD], states, states[1:], strict=False))):
        undo(before, after, operation)
    assert tables() == {}

    created = apply(ProjectState(), AtOnce(CREATE))
    assert tables() == expected[1]
    added = apply(created, AtOnce(ADD))
    assert tables() == expected[-1] != expected[1]
    assert shape(added) == shape(states[-1])
    undo(created, added, AtOnce(ADD))
    assert tables() == expected[1]
    undo(ProjectState(), created, AtOnce(CREATE))
    assert tables() == {}


def test_they_are_told_one_by_one():
    assert AtOnce(ADD[:2]).describe() == "Add field height to Pine; Add field pine to Cone"
    assert AtOnce(ADD).references_model("pine", "core")
