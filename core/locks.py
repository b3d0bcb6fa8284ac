"""Advisory locks in PostgreSQL, for work that must not run twice at once.

Locks are named by text, or by a number within a named space (rows in blocks of ids, say). They guard what no row can
be locked for: work on rows that are not there yet.
"""

import contextlib
import hashlib
from collections.abc import Iterable, Iterator

from django.db import InterfaceError, OperationalError, connection, transaction


def _key(name: str, size: int) -> int:
    """A signed integer of `size` bytes, the same in every process and on every machine."""
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=size).digest(), "big", signed=True)


@contextlib.contextmanager
def advisory_lock(name: str, *, wait: bool = True) -> Iterator[bool]:
    """Hold a session-level lock on `name` and yield whether it was had; with `wait=False` it yields False at once
    when another session holds it. Released at the end, or by the database when the session dies."""
    function = "pg_advisory_lock" if wait else "pg_try_advisory_lock"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s)", [_key(name, 8)])
        acquired = True if wait else bool(cursor.fetchone()[0])
    try:
        yield acquired
    finally:
        if acquired:
            _release(name)


def _release(name: str) -> None:
    # A session that was lost has lost its locks too; the error that ended it is the one to be seen.
    with contextlib.suppress(InterfaceError, OperationalError), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock(%s)", [_key(name, 8)])


def lock_for_transaction(name: str, *, shared: bool = False) -> None:
    """Take the lock until the present transaction ends; waits for it. Any number may hold it `shared` at once, but
    none beside the one who holds it alone."""
    _refuse_outside_transaction()
    function = "pg_advisory_xact_lock_shared" if shared else "pg_advisory_xact_lock"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s)", [_key(name, 8)])


def lock_numbers_for_transaction(space: str, numbers: Iterable[int]) -> None:
    """Take the locks of several `numbers` (32 bits) in one space until the transaction ends; waits for them.

    They are taken in ascending order: two transactions that take theirs in one call each never wait in a circle.
    """
    _refuse_outside_transaction()
    with connection.cursor() as cursor:
        for number in sorted(set(numbers)):
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_key(space, 4), number])


def _refuse_outside_transaction() -> None:
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("a lock for the transaction needs one")
