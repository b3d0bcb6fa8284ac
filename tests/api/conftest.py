"""A machine with a key."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from accounts import services
from accounts.models import Scope, User

Machine = Callable[..., APIClient]


@pytest.fixture
def machine(officer: User, treasurer: User, clean_cache: None) -> Machine:
    """A client with a key of the scopes (none named: of all)."""

    def make(*scopes: str, days: int = 30, now: dt.datetime | None = None) -> APIClient:
        _key, token = services.create_key(
            name="Finance", scopes=scopes or Scope.values, days=days, now=now or timezone.now(),
            created_by=treasurer, by=treasurer,
        )  # fmt: skip
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
        return client

    return make
