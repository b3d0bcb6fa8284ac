"""`make demo` once: a second one in the same checkout is told where the first one answers."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from zone_portal.embedded.demo import only_demo
from zone_portal.embedded.errors import EmbeddedError
from zone_portal.embedded.layout import CHECKOUT

HOLDER = """
import sys, time
from pathlib import Path
from zone_portal.embedded.demo import only_demo
with only_demo(Path(sys.argv[1]), 8123):
    print("up", flush=True)
    time.sleep(600)
"""


@pytest.fixture
def running(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path)], cwd=CHECKOUT, stdout=subprocess.PIPE, text=True
    )
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == "up\n"
        yield process
        process.kill()


def test_a_second_demo_is_told_where_the_first_one_answers(tmp_path: Path, running: subprocess.Popen[str]) -> None:
    with pytest.raises(EmbeddedError, match="http://localhost:8123/"), only_demo(tmp_path, 8124):
        pass


def test_a_demo_takes_the_place_of_one_that_was_killed(tmp_path: Path, running: subprocess.Popen[str]) -> None:
    running.kill()
    running.wait()
    with only_demo(tmp_path, 8124):
        assert (tmp_path / "demo.lock").read_text() == "8124"


def test_another_port_of_the_same_checkout_is_refused_before_anything_starts(
    tmp_path: Path, running: subprocess.Popen[str]
) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "zone_portal.embedded", "demo", "--port", "8124"],
        cwd=CHECKOUT,
        env={**os.environ, "PORTAL_STATE_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 1
    assert "runs already" in ran.stderr + ran.stdout
    assert not (tmp_path / "pg").exists()
