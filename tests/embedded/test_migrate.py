"""Several processes may migrate an empty database at once, as the containers of a cluster do."""

import os
import subprocess
import sys

import pytest

from tests.embedded.clients import query
from zone_portal.embedded.layout import CHECKOUT
from zone_portal.embedded.sharing import Servers


@pytest.mark.slow
def test_migrations_that_start_at_once_all_succeed(servers: Servers) -> None:
    environment = os.environ | servers.addresses | {"DJANGO_SECRET_KEY": "for-this-test-only"}
    command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    running = [
        subprocess.Popen(command, cwd=CHECKOUT, env=environment, stderr=subprocess.PIPE, text=True) for _ in range(3)
    ]
    said = [process.communicate(timeout=120)[1] for process in running]
    assert [process.returncode for process in running] == [0, 0, 0], said
    assert query(servers, "SELECT count(*) = count(DISTINCT (app, name)) FROM django_migrations") == [(True,)]
