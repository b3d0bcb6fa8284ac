"""Without the cache the site goes on; only signing in, whose attempts it counts, waits for it."""

import pytest
from django.test import override_settings
from django.urls import reverse

GONE = {
    "default": {
        "BACKEND": "django_redis.cache.RedisCache",
        "LOCATION": "unix:///nowhere/valkey.sock",
        "OPTIONS": {"IGNORE_EXCEPTIONS": True, "SOCKET_CONNECT_TIMEOUT": 2, "SOCKET_TIMEOUT": 2},
    }
}


@pytest.fixture
def without_cache(settings):
    assert settings.CACHES["default"]["OPTIONS"] == GONE["default"]["OPTIONS"]
    with override_settings(CACHES=GONE):
        yield


def test_nobody_guesses_passwords_unthrottled_while_the_cache_is_away(without_cache, client, db):
    answer = client.post(reverse("account_login"), {"login": "a@founders.example", "password": "not this one"})
    assert answer.status_code == 429


def test_who_is_signed_in_goes_on_while_the_cache_is_away(without_cache, client, alice):
    client.force_login(alice)
    assert client.get(reverse("accounts:notices")).status_code == 200


def test_the_api_answers_while_the_cache_is_away(without_cache, client, db):
    assert client.get("/api/v1/companies/").status_code == 401
