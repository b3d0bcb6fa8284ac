"""Which companies: a range of ids (a shard of a run) or a list of them (after a change)."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.db import connection
from django.db.models import Max

from companies.models import Company
from core.locks import lock_numbers_for_transaction

BLOCK = 4096  # ids that share a lock
LAST = 2**62


@dataclass(frozen=True)
class Selection:
    """Companies by a condition on their id."""

    template: str
    parameters: tuple[Any, ...]
    blocks: tuple[int, ...]

    def condition(self, column: str) -> str:
        """SQL for `column`, to be used with `parameters`."""
        return self.template.format(column=column)

    def lock(self) -> None:
        """Until the transaction ends, nobody else decides or bills these companies. Taken before their facts are read,
        so that of two who work on one company the later one sees what the earlier one wrote, and newer facts."""
        lock_numbers_for_transaction("companies", self.blocks)


def id_range(first: int, until: int) -> Selection:
    """Companies with an id in [first, until). LAST stands for the end of the last block that is in use now: a company
    that is entered beyond it is decided after its own event."""
    if until >= LAST:
        newest = Company.objects.aggregate(newest=Max("pk"))["newest"] or first
        until = (max(newest, first) // BLOCK + 1) * BLOCK
    blocks = range(first // BLOCK, (until - 1) // BLOCK + 1)
    return Selection("{column} >= %s AND {column} < %s", (first, until), tuple(blocks))


def chosen(ids: Iterable[int]) -> Selection:
    """The companies with these ids."""
    listed = sorted(set(ids))
    return Selection("{column} = ANY(%s)", (listed,), tuple(sorted({pk // BLOCK for pk in listed})))


def shards(size: int) -> list[tuple[int, int]]:
    """Id ranges of some `size` companies each; the last has no end: companies that come during the run are in it. Each
    begins with a block, so that no two share a lock and those who work on them never wait for each other."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM (SELECT id, row_number() OVER (ORDER BY id) AS place FROM companies_company) AS numbered "
            "WHERE (place - 1) %% %s = 0 ORDER BY id",
            [size],
        )
        firsts = sorted({pk // BLOCK * BLOCK for (pk,) in cursor.fetchall()})
    return list(pairwise([*firsts, LAST]))
