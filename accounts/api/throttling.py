"""How fast a key may ask. Counted in the cache by fixed windows: one atomic increment a request."""

import time
from typing import Any

import structlog
from django.core.cache import cache
from redis.exceptions import RedisError
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

from accounts.models import ApiKey

log = structlog.get_logger(__name__)


class KeyThrottle(SimpleRateThrottle):
    """`DEFAULT_THROTTLE_RATES["key"]` requests a key. Says in the RateLimit headers what is left.

    A cache that is down throttles nobody: the API goes on.
    """

    scope = "key"
    num_requests: int
    duration: int

    def allow_request(self, request: Request, view: Any) -> bool:
        if not isinstance(request.auth, ApiKey):
            return True
        now = int(time.time())
        self.seconds_left = self.duration - now % self.duration
        try:
            used = _count(f"throttle:{request.auth.prefix}:{now // self.duration}", self.duration)
        except RedisError as error:
            log.warning("throttle_unavailable", error=str(error))
            return True
        view.rate_limit_headers = {
            "RateLimit-Policy": f'"key";q={self.num_requests};w={self.duration}',
            "RateLimit": f'"key";r={max(self.num_requests - used, 0)};t={self.seconds_left}',
        }
        return used <= self.num_requests

    def wait(self) -> float:
        return float(self.seconds_left)


def _count(name: str, seconds: int) -> int:
    if cache.add(name, 1, timeout=seconds * 2):
        return 1
    try:
        return int(cache.incr(name))
    except ValueError:  # the cache lost it in between
        return 1
