"""Which servers are used: the user's when both addresses are set, the embedded ones when neither is."""

import os

import pytest

from zone_portal.embedded.addresses import are_given, environment, variables
from zone_portal.embedded.errors import EmbeddedError


def test_addresses_that_are_set_start_nothing_and_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://elsewhere/portal")
    monkeypatch.setenv("REDIS_URL", "redis://elsewhere:6379/0")
    with environment() as servers:
        assert servers is None
    assert os.environ["DATABASE_URL"] == "postgresql://elsewhere/portal"


@pytest.mark.parametrize(("given", "missing"), [("DATABASE_URL", "REDIS_URL"), ("REDIS_URL", "DATABASE_URL")])
def test_one_address_alone_is_refused_and_the_missing_one_named(
    monkeypatch: pytest.MonkeyPatch, given: str, missing: str
) -> None:
    monkeypatch.setenv(given, "somewhere")
    monkeypatch.delenv(missing, raising=False)
    with pytest.raises(EmbeddedError, match=f"{given} is set and {missing} is not"):
        are_given()


def test_an_empty_address_counts_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "")
    monkeypatch.setenv("REDIS_URL", "")
    assert not are_given()


def test_variables_are_put_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTAL_A", "before")
    monkeypatch.delenv("PORTAL_B", raising=False)
    with variables({"PORTAL_A": "during", "PORTAL_B": "during"}):
        assert os.environ["PORTAL_B"] == "during"
    assert os.environ["PORTAL_A"] == "before"
    assert "PORTAL_B" not in os.environ


def test_every_worker_of_a_test_run_has_its_own_prefix_in_valkey() -> None:
    assert os.environ.get("PYTEST_XDIST_WORKER", "main") in os.environ["REDIS_KEY_PREFIX"]
