"""A database of its own for the portal that the browser sees.

The suite's test database is emptied and rolled back by other tests all the time; what a server in another process
shows must be committed and must stay. Tests look into this one through Django as usual.
"""

import contextlib
from collections.abc import Iterator

from django.core.management import call_command
from django.db import connection
from django.db.backends.base.creation import TEST_DATABASE_PREFIX


@contextlib.contextmanager
def fresh_database(name: str) -> Iterator[None]:
    """Make the database with the tables of today's migrations; drop it afterwards, whoever is still connected.

    Where the suite has made its own test database already, a copy of that saves running all migrations again.
    """
    suite = connection.settings_dict["NAME"]
    model = f'TEMPLATE "{suite}"' if suite.startswith(TEST_DATABASE_PREFIX) else ""
    connection.close()
    _administer(f'CREATE DATABASE "{name}" {model}')
    try:
        if not model:
            with looking_into(name):
                call_command("migrate", verbosity=0, interactive=False)
        yield
    finally:
        _administer(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@contextlib.contextmanager
def looking_into(name: str) -> Iterator[None]:
    """Let Django's default connection of this thread lead to the database `name` for the body."""
    before = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before


def _administer(statement: str) -> None:
    with connection._nodb_cursor() as cursor:
        cursor.execute(statement)
