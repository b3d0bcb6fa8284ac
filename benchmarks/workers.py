"""Worker processes for a benchmark: they wait, with all of the portal imported, as Celery's do, and share a run."""

import contextlib
import os
from collections.abc import Callable, Iterator
from multiprocessing import get_context
from urllib.parse import urlsplit

from throwaway import peak_mib

Share = Callable[[int], list[float]]


@contextlib.contextmanager
def worker_processes(count: int) -> Iterator[Share]:
    """Yields a function that has the run of an id worked on by all of them until it is done, and returns the peak
    memory of each so far in MiB."""
    from django.db import connection

    database = str(connection.settings_dict["NAME"])
    address = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{database}").geturl()
    # Not forked: the threads of Polars do not come along.
    with get_context("spawn").Pool(count, initializer=_begin, initargs=(address,)) as pool:
        pool.map(_ready, range(count), chunksize=1)

        def share(run: int) -> list[float]:
            return pool.map(_work, [run] * count, chunksize=1)

        yield share


def _begin(address: str) -> None:
    os.environ["DATABASE_URL"] = address
    import django

    django.setup()
    import subsidies.services.assessments
    import subsidies.services.statements  # noqa: F401 (what a worker has read long before its first run)


def _ready(_number: int) -> bool:
    """Answered once a worker has begun, and has a connection."""
    from django.db import connection

    connection.ensure_connection()
    return True


def _work(run: int) -> float:
    from core import runs
    from core.models import Run

    runs.execute(Run.objects.get(pk=run))
    return peak_mib()
