"""The compose file and the image, checked by their structure: no engine is needed to read them."""

import re
from typing import Any

import pytest
import yaml

from zone_portal.embedded.layout import CHECKOUT

COMPOSE = (CHECKOUT / "docker-compose.yml").read_text()
DOCKERFILE = (CHECKOUT / "Dockerfile").read_text()
OURS = ("web", "worker", "beat", "migrate")


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(COMPOSE)["services"]
    return loaded


def test_the_cluster_is_complete(services: dict[str, Any]) -> None:
    assert set(services) == {*OURS, "postgres", "valkey"}


@pytest.mark.parametrize("name", ["web", "worker", "beat"])
def test_what_serves_waits_for_the_tables_and_for_healthy_servers(services: dict[str, Any], name: str) -> None:
    assert services[name]["depends_on"] == {
        "migrate": {"condition": "service_completed_successfully"},
        "postgres": {"condition": "service_healthy"},
        "valkey": {"condition": "service_healthy"},
    }


def test_the_tables_are_migrated_once_and_need_the_database_alone(services: dict[str, Any]) -> None:
    assert services["migrate"]["restart"] == "no"
    assert services["migrate"]["depends_on"] == {"postgres": {"condition": "service_healthy"}}


@pytest.mark.parametrize("name", OURS)
def test_our_containers_have_no_rights_to_spare(services: dict[str, Any], name: str) -> None:
    assert services[name]["read_only"] is True
    assert services[name]["cap_drop"] == ["ALL"]
    assert services[name]["security_opt"] == ["no-new-privileges:true"]
    assert "user" not in services[name]


@pytest.mark.parametrize("name", ["worker", "beat", "postgres", "valkey"])
def test_every_service_without_a_web_server_says_how_its_health_is_checked(services: dict[str, Any], name: str) -> None:
    assert services[name]["healthcheck"]["test"]


@pytest.mark.parametrize("name", [*OURS, "postgres"])
def test_secrets_come_from_the_environment_and_their_absence_is_an_error(services: dict[str, Any], name: str) -> None:
    for variable, value in services[name]["environment"].items():
        if variable in {"DJANGO_SECRET_KEY", "POSTGRES_PASSWORD"}:
            assert re.fullmatch(r"\$\{[A-Z_]+:\?.+\}", value)
        if variable == "DATABASE_URL":
            assert "${POSTGRES_PASSWORD:?" in value


def test_only_the_site_is_published_and_only_to_this_machine(services: dict[str, Any]) -> None:
    published = {name: service["ports"] for name, service in services.items() if "ports" in service}
    assert published == {"web": ["127.0.0.1:${PORT:-8000}:8000"]}


def test_the_database_sorts_and_folds_as_the_embedded_one_does(services: dict[str, Any]) -> None:
    arguments = services["postgres"]["environment"]["POSTGRES_INITDB_ARGS"].split()
    assert {"--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"} <= set(arguments)


def test_the_broker_keeps_its_messages(services: dict[str, Any]) -> None:
    command = " ".join(services["valkey"]["command"])
    assert "--appendonly yes" in command
    assert "--maxmemory-policy noeviction" in command


def test_the_image_runs_without_root_and_holds_no_secret() -> None:
    last_stage = DOCKERFILE.rpartition("\nFROM ")[2]
    assert "\nUSER portal\n" in last_stage
    assert "\nHEALTHCHECK " in last_stage
    assert not re.search(r"^(ENV|ARG).*(SECRET|PASSWORD|TOKEN)", DOCKERFILE, re.MULTILINE)


def test_the_image_installs_what_is_locked() -> None:
    assert "--require-hashes -r requirements.txt" in DOCKERFILE
    assert "npm ci --ignore-scripts" in DOCKERFILE


@pytest.mark.parametrize("kept_out", [".git", ".venv", ".local", ".env", "node_modules"])
def test_what_must_not_get_into_the_image_is_ignored(kept_out: str) -> None:
    assert kept_out in (CHECKOUT / ".dockerignore").read_text().split()
