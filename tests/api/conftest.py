"""A machine with a key."""

import datetime as dt
from collections.abc import Callable, Iterator

import pytest
import time_machine
from django.utils import timezone
from rest_framework.test import APIClient

from accounts import services
from accounts.models import Scope, User

Machine = Callable[..., APIClient]


@pytest.fixture
def machine(officer: User, treasurer: User, clean_cache: None) -> Machine:
    """A client with a key of the scopes (none named: of all). The officer answers for one that enters something."""

    def make(*scopes: str, days: int = 30, now: dt.datetime | None = None) -> APIClient:
        named = scopes or Scope.values
        enters = any(Scope(scope).is_writing for scope in named)
        _key, token = services.create_key(
            name="Finance", scopes=named, days=days, now=now or timezone.now(),
            created_by=officer if enters else treasurer, by=treasurer,
        )  # fmt: skip
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
        return client

    return make


@pytest.fixture
def within_a_minute() -> Iterator[None]:
    """No minute ends, however long the test takes: the throttle counts anew in each."""
    with time_machine.travel(dt.datetime(2026, 6, 15, 9, 0, 20, tzinfo=dt.UTC), tick=False):
        yield
