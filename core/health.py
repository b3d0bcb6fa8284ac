"""Whether this machine can do its work: for load balancers, and for those who are called at night.

`/health/live/` says that the process answers; `/health/` asks the database and the cache, and says how long the oldest
piece of background work has waited. Work that waits is reported, but is no reason to take a web server away.
"""

import datetime as dt
from collections.abc import Callable

import structlog
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django_redis import get_redis_connection
from redis.exceptions import RedisError

from core.models import OutboxDelivery

log = structlog.get_logger(__name__)

STALLED_AFTER = dt.timedelta(minutes=5)


def _database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _cache() -> None:
    get_redis_connection("default").ping()


CHECKS: dict[str, Callable[[], None]] = {"database": _database, "cache": _cache}


@never_cache
@require_safe
def live(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
@require_safe
def health(_request: HttpRequest) -> JsonResponse:
    """503 without the database, which every page needs; without the cache the portal is degraded, and goes on (200).
    Reasons stand in the log, not in the answer."""
    found = {name: "ok" if _passes(name, check) else "failed" for name, check in CHECKS.items()}
    status = 200 if found["database"] == "ok" else 503
    words = "failed" if status == 503 else "ok" if set(found.values()) == {"ok"} else "degraded"
    if found["database"] == "ok":
        found["background"] = "stalled" if _is_stalled() else "ok"
    return JsonResponse({"status": words, "checks": found}, status=status)


def _passes(name: str, check: Callable[[], None]) -> bool:
    try:
        check()
    except (DatabaseError, RedisError, OSError) as error:
        log.error("health_check_failed", check=name, error=str(error))
        return False
    return True


def _is_stalled() -> bool:
    overdue = timezone.now() - STALLED_AFTER
    return OutboxDelivery.objects.filter(state=OutboxDelivery.State.WAITING, due_at__lt=overdue).exists()
