"""Advisory locks in PostgreSQL, for work that must not run twice at once."""

import contextlib
import zlib
from collections.abc import Iterator

from django.db import connection


def _key(name: str) -> int:
    return zlib.crc32(name.encode())


@contextlib.contextmanager
def advisory_lock(name: str, *, wait: bool = True) -> Iterator[bool]:
    """Hold a session-level lock on `name` and yield whether it was had; with `wait=False` it yields False at once
    when another session holds it. Released at the end, or by the database when the session dies."""
    with connection.cursor() as cursor:
        if wait:
            cursor.execute("SELECT pg_advisory_lock(%s)", [_key(name)])
            acquired = True
        else:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [_key(name)])
            acquired = cursor.fetchone()[0]
    try:
        yield acquired
    finally:
        if acquired:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_key(name)])


def lock_for_transaction(name: str) -> None:
    """Take the lock until the present transaction ends; waits for it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_key(name)])
