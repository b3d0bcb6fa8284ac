"""Everything the demo needs from Django before it serves, in one process: each start of Django costs seconds.

`python -m zone_portal.embedded.prepare ACCOUNTS` brings the tables and the static files up to date, loads the demo
zone when it is not there, and writes its accounts to the file ACCOUNTS.
"""

import os
import sys
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command

from zone_portal.embedded.layout import CHECKOUT
from zone_portal.embedded.progress import Clock


def main(accounts: Path) -> None:
    """Run the steps; a command that fails ends the process with its own message."""
    clock = Clock()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zone_portal.settings")
    django.setup()
    call_command("migrate", verbosity=0, interactive=False)
    clock.lap("the tables are up to date")
    if static_files_are_stale():
        call_command("collectstatic", verbosity=0, interactive=False)
        clock.lap("the static files are collected")
    call_command("load_demo", verbosity=0)  # the accounts are listed when the site answers
    with accounts.open("w") as listing:
        call_command("load_demo", accounts=True, stdout=listing)
    clock.lap("the demo zone is there")


def static_files_are_stale() -> bool:
    """Was something built, installed or edited since the files were collected last?"""
    collected = Path(settings.STATIC_ROOT) / "staticfiles.json"
    if not collected.exists():
        return True
    sources = [CHECKOUT / "build" / "static.built", Path(sys.prefix) / ".installed-requirements-embedded"]
    ours = (path for folder in settings.STATICFILES_DIRS for path in Path(folder).rglob("*"))
    since = collected.stat().st_mtime
    return any(path.stat().st_mtime >= since for path in (*sources, *ours) if path.exists())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
