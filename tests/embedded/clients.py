"""The two questions that these tests ask of a server."""

import contextlib

import psycopg2
import redis

from zone_portal.embedded.sharing import Servers


def query(servers: Servers, statement: str) -> list[tuple[object, ...]]:
    """Run one statement in a session of its own, committed."""
    with contextlib.closing(psycopg2.connect(servers.addresses["DATABASE_URL"])) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []


def broker(servers: Servers) -> redis.Redis:
    return redis.Redis.from_url(servers.addresses["REDIS_URL"])
