"""A database of its own for a benchmark, next to the configured one (or the embedded one), dropped at the end."""

import contextlib
import os
import resource
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zone_portal.settings")
os.environ.setdefault("DJANGO_SECRET_KEY", "only-for-a-benchmark")
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from zone_portal.embedded import environment


@contextlib.contextmanager
def throwaway_database() -> Iterator[None]:
    """Django, set up on an empty database with all migrations."""
    with environment():
        import django

        django.setup()
        from django.db import connection

        name = connection.settings_dict["NAME"]
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        try:
            yield
        finally:
            connection.creation.destroy_test_db(name, verbosity=0)


def timed(work: Callable[[], object]) -> float:
    """Seconds that `work` takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def peak_mib() -> float:
    """The largest resident size of this process so far, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
