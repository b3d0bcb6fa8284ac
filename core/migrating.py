"""Many operations of a migration as one, because Django renders every related model anew after each of them.

The tables of the portal hang together, so that a single foreign key, constraint or trigger costs Django a tenth of a
second of Python and the database a millisecond: half a minute for a first start. `AtOnce` has the models rendered once.
"""

from collections.abc import Sequence
from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations import AddConstraint
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState


class AtOnce(Operation):
    """Carries out `operations` in their order, each on the models as they are after the last of them.

    So they must be of a kind that does not mind: either all of them create models, or all of them add (or take away)
    fields, indexes, constraints and triggers of models that other operations created.
    """

    def __init__(self, operations: Sequence[Operation]) -> None:
        self.operations = list(operations)

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        rendered = state.__dict__.pop("apps", None)  # a cached property: without it no operation renders anything
        before = set(state.models)
        for operation in self.operations:
            operation.state_forwards(app_label, state)
        if rendered is not None:
            state.__dict__["apps"] = rendered
            names = {getattr(operation, "model_name", "").lower() for operation in self.operations} - {""}
            added = set(state.models) - before
            state.reload_models([*added, *((app_label, name) for name in sorted(names))], delay=False)

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        for operation in self.operations:
            operation.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        for operation in reversed(self.operations):
            # A condition may name a field that the group added: only the models of afterwards know it.
            known = from_state if isinstance(operation, AddConstraint) else to_state
            operation.database_backwards(app_label, schema_editor, from_state, known)

    def deconstruct(self) -> tuple[str, Sequence[Any], dict[str, Any]]:
        return type(self).__name__, [self.operations], {}

    def references_model(self, name: str, app_label: str) -> bool:
        return any(operation.references_model(name, app_label) for operation in self.operations)

    def describe(self) -> str:
        return "; ".join(operation.describe() for operation in self.operations)
