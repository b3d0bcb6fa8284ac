"""Whom a set-based write concerns: found by the database, however many rows it wrote, and named while they are few."""

# ruff: noqa: S608 - statements are the apps' own; what a file brings arrives by COPY
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection

from core.outbox import AT_ONCE

Named = tuple[Any, ...]


def write_naming(statement: str, parameters: Sequence[Any] | None = None) -> tuple[int, set[Any]]:
    """Run a statement that returns an array `named` for each row: how many rows, and what they name without doubles
    and nulls, no more than one above AT_ONCE. A SELECT does too."""
    query = f"""WITH written AS ({statement})
        SELECT (SELECT count(*) FROM written),
               ARRAY(SELECT DISTINCT one FROM written CROSS JOIN LATERAL unnest(named) one
                     WHERE one IS NOT NULL LIMIT {AT_ONCE + 1})"""
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        rows, named = cursor.fetchone()
    return rows, set(named)


def few(*named: Iterable[Any]) -> Named | None:
    """All that several statements named, in order; None where it is more than one event names."""
    together = sorted(set().union(*named))
    return tuple(together) if len(together) <= AT_ONCE else None
