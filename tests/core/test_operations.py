"""Addresses for those who run the portal: what they answer when all is well, when it is not, and to whom."""

import datetime as dt

import pytest
from django.db import OperationalError, transaction
from django.test import Client
from django.utils import timezone

from core import health, outbox
from core.models import OutboxDelivery

NO_SERVER = "redis://127.0.0.1:1/0"


@pytest.fixture
def waiting(db, monkeypatch) -> OutboxDelivery:
    """A piece of background work that nobody has done yet."""
    monkeypatch.setattr(outbox, "CONSUMERS", {})
    outbox.register("test", topics={"test.happened"}, handle=lambda _events: None)
    with transaction.atomic():
        event = outbox.record("test.happened", "1")
    return event.deliveries.get()


def test_a_healthy_portal_says_so(db):
    response = Client().get("/health/")
    assert response.status_code == 200
    assert response.json() == {"status": "ok", "checks": {"database": "ok", "cache": "ok", "background": "ok"}}
    assert "no-store" in response["Cache-Control"]


def test_without_the_cache_it_is_degraded_and_says_no_address(db, settings):
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": NO_SERVER}}
    response = Client().get("/health/")
    assert (response.status_code, response.json()["status"]) == (200, "degraded")
    assert response.json()["checks"] == {"database": "ok", "cache": "failed", "background": "ok"}
    assert "127.0.0.1" not in response.content.decode()


def test_without_the_database_it_is_unhealthy_and_asks_no_further(monkeypatch):
    def refuse():
        raise OperationalError("could not connect to the server at db.zone.example")

    monkeypatch.setitem(health.CHECKS, "database", refuse)
    response = Client().get("/health/")
    assert response.status_code == 503
    assert response.json() == {"status": "failed", "checks": {"database": "failed", "cache": "ok"}}


@pytest.mark.parametrize(("seconds", "found"), [(299, "ok"), (301, "stalled")])
def test_background_work_that_waits_is_said_and_takes_no_server_away(waiting, seconds, found):
    OutboxDelivery.objects.update(due_at=timezone.now() - dt.timedelta(seconds=seconds))
    response = Client().get("/health/")
    assert (response.status_code, response.json()["checks"]["background"]) == (200, found)


def test_work_that_is_done_does_not_wait(waiting):
    OutboxDelivery.objects.update(
        due_at=timezone.now() - dt.timedelta(hours=1), state=OutboxDelivery.State.DONE, done_at=timezone.now()
    )
    assert Client().get("/health/").json()["checks"]["background"] == "ok"


def test_a_living_process_answers_without_any_server(settings):
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": NO_SERVER}}
    response = Client().get("/health/live/")  # without the fixture `db`, the database refuses
    assert (response.status_code, response.content) == (200, b"ok\n")


@pytest.mark.parametrize("path", ["/health/", "/health/live/", "/metrics/"])
def test_they_are_only_read(path):
    assert Client().post(path).status_code == 405


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.9.10", "::1"])
def test_metrics_are_for_this_machine(address):
    response = Client(REMOTE_ADDR=address).get("/metrics/")
    assert response.status_code == 200
    assert b"django_http_requests_total" in response.content


@pytest.mark.parametrize("address", ["203.0.113.5", "10.0.0.1", "::2", "", "unix:"])
def test_metrics_are_for_no_other_machine(db, address):
    assert Client(REMOTE_ADDR=address).get("/metrics/").status_code == 404


def test_a_proxy_on_this_machine_does_not_make_a_stranger_of_the_house(db):
    client = Client(REMOTE_ADDR="127.0.0.1", headers={"X-Forwarded-For": "127.0.0.1"})
    assert client.get("/metrics/").status_code == 404


def test_metrics_with_a_key_are_for_whoever_has_it(db, settings):
    settings.METRICS_KEY = "long and random"
    far = Client(REMOTE_ADDR="203.0.113.5", headers={"X-Forwarded-For": "198.51.100.7"})
    assert far.get("/metrics/", headers={"Authorization": "Bearer long and random"}).status_code == 200


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer ", "Bearer other", "long and random", "Bearer löng"])
def test_metrics_with_a_key_are_for_nobody_else_not_even_this_machine(db, settings, header):
    settings.METRICS_KEY = "long and random"
    headers = {} if header is None else {"Authorization": header}
    assert Client(REMOTE_ADDR="127.0.0.1").get("/metrics/", headers=headers).status_code == 404
