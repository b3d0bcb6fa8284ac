"""The audit trail: every insert, update and deletion of a tracked model becomes an event row, written by a trigger.

It sees bulk statements and SQL typed by hand too. Actor, address and request id come from the request
(`core.middleware`); work outside a request names itself with `pghistory.context(...)`.
"""

from collections.abc import Callable, Iterable

import pghistory
from django.db import connection, models

ModelClass = type[models.Model]


def audited(*, exclude: Iterable[str] | None = None) -> Callable[[ModelClass], ModelClass]:
    """Track all changes of a model, but for the named fields (secrets, derived ones)."""
    return pghistory.track(
        pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), exclude=list(exclude or [])
    )


def prepare_for_bulk() -> None:
    """Call before a set-based UPDATE of an audited table, inside its transaction.

    The trigger joins the rows before and after. Its plan is cached in the session, perhaps from a statement that
    touched one row, and a nested loop over 15,000 rows takes minutes: forget the plan, and rule that loop out.
    """
    with connection.cursor() as cursor:
        cursor.execute("DISCARD PLANS")
        cursor.execute("SET LOCAL enable_nestloop = off")
