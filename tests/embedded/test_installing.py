"""What is installed is locked, with hashes and without naming where it comes from."""

import re
import threading
import tomllib
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from scripts import bootstrap, frontend, healthcheck
from zone_portal.embedded.layout import CHECKOUT

LOCKS = ("requirements.txt", "requirements-embedded.txt", "requirements-dev.txt")
PINNED = re.compile(r"^([a-z0-9-]+)(?:\[[a-z0-9,-]+\])?==([^ ;\\]+)", re.MULTILINE)


def pinned(name: str) -> dict[str, str]:
    return dict(PINNED.findall((CHECKOUT / name).read_text()))


def test_every_dependency_is_locked() -> None:
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["project"]
    wanted = [
        *project["dependencies"],
        *(line for extra in project["optional-dependencies"].values() for line in extra),
    ]
    names = {re.split(r"[^A-Za-z0-9-]", line)[0].lower() for line in wanted}
    assert names <= set(pinned("requirements-dev.txt"))


def test_the_lock_files_hold_one_another() -> None:
    plain, embedded, dev = (pinned(name).items() for name in LOCKS)
    assert plain <= embedded <= dev


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_file_has_hashes_and_names_no_package_index(name: str) -> None:
    text = (CHECKOUT / name).read_text()
    blocks = re.split(r"\n(?=[a-z0-9])", text)
    assert all("--hash=sha256:" in block for block in blocks if "==" in block)
    assert not re.search(r"https?://|--index|--find-links", text)


def test_the_lock_of_the_front_end_has_hashes_and_names_no_package_index() -> None:
    text = (CHECKOUT / "package-lock.json").read_text()
    assert '"integrity": "sha512-' in text
    assert '"resolved"' not in text


def test_the_environment_is_made_anew_only_when_the_lock_file_changed(
    tmp_path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = tmp_path / "requirements.txt"
    lock.write_text("polars==1\n")
    monkeypatch.setattr(bootstrap, "VENV", tmp_path)
    monkeypatch.setattr(bootstrap, "is_usable", lambda: True)
    assert not bootstrap.is_installed(lock)
    bootstrap.stamp(lock).write_text(bootstrap.fingerprint(lock))
    assert bootstrap.is_installed(lock)
    lock.write_text("polars==2\n")
    assert not bootstrap.is_installed(lock)


def test_the_front_end_is_built_from_templates_and_modules_too() -> None:
    sources = {str(path.relative_to(CHECKOUT)) for path in frontend.build_sources()}
    assert {"frontend/build.mjs", "zone_portal/settings.py"} <= sources
    assert any(source.startswith("templates/") for source in sources)
    assert not any(source.startswith(("tests/", "build/", "node_modules/")) for source in sources)


@pytest.mark.parametrize(("said", "path_starts_with_ours"), [(18, True), (0, True), (20, False), (24, False)])
def test_node_older_than_20_gives_way_to_the_one_from_the_wheel(
    monkeypatch: pytest.MonkeyPatch, said: int, path_starts_with_ours: bool
) -> None:
    monkeypatch.setattr(frontend, "node_version", lambda: said)
    monkeypatch.setattr(frontend.shutil, "which", lambda _name: "/usr/bin/npm")
    assert frontend.search_path().startswith(str(frontend.OURS)) is path_starts_with_ours


class Answer(BaseHTTPRequestHandler):
    """Answers every question with the status that the server was given, and keeps the question."""

    def do_GET(self) -> None:
        self.server.asked = dict(self.headers)  # type: ignore[attr-defined]
        self.send_response(self.server.status)  # type: ignore[attr-defined]
        self.end_headers()

    def log_message(self, *_words: object) -> None:
        pass


@pytest.fixture
def web() -> Iterator[HTTPServer]:
    with HTTPServer(("127.0.0.1", 0), Answer) as server:
        threading.Thread(target=server.serve_forever).start()
        yield server
        server.shutdown()


@pytest.mark.parametrize(("status", "code"), [(200, 0), (301, 0), (400, 1), (500, 1)])
def test_the_health_check_fails_for_an_answer_that_is_an_error(web: HTTPServer, status: int, code: int) -> None:
    web.status = status  # type: ignore[attr-defined]
    assert healthcheck.main(port=web.server_port) == code


def test_the_health_check_asks_as_the_proxy_does(web: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DJANGO_ALLOWED_HOSTS", "portal.zone.example,localhost")
    web.status = 200  # type: ignore[attr-defined]
    healthcheck.main(port=web.server_port)
    assert web.asked["Host"] == "portal.zone.example"  # type: ignore[attr-defined]
    assert web.asked["X-Forwarded-Proto"] == "https"  # type: ignore[attr-defined]


def test_the_health_check_fails_when_nobody_answers() -> None:
    assert healthcheck.main(port=1) == 1
