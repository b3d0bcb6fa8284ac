"""The demo zone of today in a database of its own, loaded once a run and copied by each test process that needs it.

The suite's test database is emptied and rolled back by other tests all the time; what a server in another process
shows must be committed and must stay. Tests look into this one through Django as usual.
"""

import contextlib
import json
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from django.core.management import call_command
from django.db import connection
from django.db.backends.base.creation import TEST_DATABASE_PREFIX
from django.test import override_settings
from django.utils import translation

from core.periods import today
from zone_portal.demo import loading

Administer = Callable[..., list[tuple[object, ...]]]


@contextlib.contextmanager
def zone_database(name: str) -> Iterator[None]:
    """Make the database with the tables of today's migrations and the demo zone in it, through Django's connection;
    drop it afterwards, whoever is still connected.

    The first test process of a run to come here fills a model, and all copy it.
    """
    model = f"{TEST_DATABASE_PREFIX}zone_{os.environ.get('PYTEST_XDIST_TESTRUNUID', os.getpid())}"
    with _one_at_a_time() as administer:
        if not administer("SELECT FROM pg_database WHERE datname = %s", [model]):
            _make(model, administer)
        administer(f'CREATE DATABASE "{name}" TEMPLATE "{model}"')
    try:
        yield
    finally:
        with _one_at_a_time() as administer:
            administer(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            administer(f'DROP DATABASE IF EXISTS "{model}"')  # whoever comes later makes another


def said() -> list[str]:
    """What the load told of its progress, of the database that Django looks into: kept as a comment in it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT obj_description('public'::regnamespace)")
        ((words,),) = cursor.fetchall()
    told: list[str] = json.loads(words)
    return told


def _make(model: str, administer: Administer) -> None:
    """Where the suite has made its own test database already, a copy of that saves running all migrations again."""
    suite = connection.settings_dict["NAME"]
    is_migrated = suite.startswith(TEST_DATABASE_PREFIX)
    connection.close()
    administer(f'CREATE DATABASE "{model}"' + (f' TEMPLATE "{suite}"' if is_migrated else ""))
    try:
        with looking_into(model):
            if not is_migrated:
                call_command("migrate", verbosity=0, interactive=False)
            _load()
    except BaseException:
        administer(f'DROP DATABASE "{model}" WITH (FORCE)')
        raise


def _load() -> None:
    told: list[str] = []
    with tempfile.TemporaryDirectory() as folder, override_settings(DEMO=True), translation.override("en"):
        loading.load(today=today(), folder=Path(folder), say=told.append)
    with connection.cursor() as cursor:
        cursor.execute("COMMENT ON SCHEMA public IS %s", [json.dumps(told)])


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


@contextlib.contextmanager
def _one_at_a_time() -> Iterator[Administer]:
    """Yields a function that carries out a statement on the server and returns its rows. Of all test processes, one is
    in the body at a time."""
    with connection._nodb_cursor() as cursor:

        def administer(statement: str, parameters: Sequence[object] = ()) -> list[tuple[object, ...]]:
            cursor.execute(statement, list(parameters) or None)
            return cursor.fetchall() if cursor.description is not None else []

        administer("SELECT pg_advisory_lock(hashtext(%s))", ["browser tests"])
        yield administer  # the lock goes with the connection
