"""Makes .venv from a lock file, on a machine with nothing but Python: `python3 scripts/bootstrap.py LOCK...`.

Runs on the system's Python, so it uses the standard library only. Each lock file holds everything of the ones named
before it; the last is installed. Nothing happens when .venv was made from the same files by the same Python.
"""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
VENV = CHECKOUT / ".venv"
PYTHON = VENV / "bin" / "python"
SYSTEM_WHEELS = Path("/usr/share/python-wheels")
VERSION = f"{sys.version_info.major}.{sys.version_info.minor}"


def main(names: list[str]) -> int:
    """Install the last of `names`; returns the exit code and says what to do when something is missing."""
    locks = [CHECKOUT / name for name in names]
    if is_installed(locks[-1]):
        return 0
    begun = time.monotonic()
    try:
        if not is_usable():
            make_environment()
        install(locks[-1])
    except SetUpError as error:
        print(error, file=sys.stderr)
        return 1
    for lock in locks:
        stamp(lock).write_text(fingerprint(lock))
    print(f"  {time.monotonic() - begun:5.1f} s  Python packages of {locks[-1].name}")
    return 0


class SetUpError(Exception):
    """The environment cannot be made; the message names the way out."""


def stamp(lock: Path) -> Path:
    return VENV / f".installed-{lock.stem}"


def fingerprint(lock: Path) -> str:
    """What the environment depends on. The path is part of it: an environment does not survive being moved."""
    return f"{hashlib.sha256(lock.read_bytes()).hexdigest()} {VENV}\n"


def is_installed(lock: Path) -> bool:
    return is_usable() and stamp(lock).exists() and stamp(lock).read_text() == fingerprint(lock)


def is_usable() -> bool:
    """Does .venv have a Python that runs, at this path, with pip? An upgrade of the system may have taken it away."""
    question = "import pip, sys; print(sys.prefix)"
    try:
        answer = subprocess.run([PYTHON, "-c", question], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return False
    return answer.stdout.strip() == str(VENV)


def make_environment() -> None:
    """Create .venv with pip, by Debian's packages where the standard library was taken apart."""
    shutil.rmtree(VENV, ignore_errors=True)
    if not has_ensurepip() and os.geteuid() == 0:
        apt_install(f"python{VERSION}-venv")
    if has_ensurepip():
        call([sys.executable, "-m", "venv", VENV])
        return
    call([sys.executable, "-m", "venv", "--without-pip", VENV])
    with tempfile.TemporaryDirectory() as folder:
        wheel = find_pip_wheel(Path(folder))
        call([PYTHON, wheel / "pip", "install", "--quiet", "--no-index", "--no-deps", wheel])


def has_ensurepip() -> bool:
    importlib.invalidate_caches()
    return importlib.util.find_spec("ensurepip") is not None


def apt_install(package: str) -> None:
    """Try to install a package of Debian's; whether that helped is for the caller to see."""
    if shutil.which("apt-get"):
        print(f"Installing {package} ...")
        quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        command = ["apt-get", "install", "-y", "-q", "--no-install-recommends", package]
        if subprocess.run(command, env=quiet, check=False, stdout=subprocess.DEVNULL).returncode:
            subprocess.run(["apt-get", "update", "-q"], env=quiet, check=False, stdout=subprocess.DEVNULL)
            subprocess.run(command, env=quiet, check=False, stdout=subprocess.DEVNULL)


def find_pip_wheel(folder: Path) -> Path:
    """Debian's wheel of pip: installed, or fetched and unpacked into `folder`, which needs no rights."""
    for wheel in SYSTEM_WHEELS.glob("pip-*.whl"):
        return wheel
    if shutil.which("apt-get") and shutil.which("dpkg-deb"):
        subprocess.run(["apt-get", "download", "-q", "python3-pip-whl"], cwd=folder, check=False, capture_output=True)
        for package in folder.glob("*.deb"):
            call(["dpkg-deb", "-x", package, folder])
    for wheel in folder.rglob("pip-*.whl"):
        return wheel
    raise SetUpError(f"Python's venv module is incomplete here. Type: sudo apt-get install python{VERSION}-venv")


def install(lock: Path) -> None:
    """Install exactly what the lock file names, hashes checked, with a line on how far it is."""
    total = sum(line[:1].isalnum() for line in lock.read_text().splitlines())
    print(f"Installing {total} Python packages from {lock.name} ...", flush=True)
    command = [PYTHON, "-m", "pip", "install", "--require-hashes", "--no-compile", "--progress-bar", "off", "-r", lock]
    with subprocess.Popen(
        [str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as pip:
        assert pip.stdout is not None
        said = show_progress(iter(pip.stdout.readline, ""), total)
    if pip.returncode:
        raise SetUpError("pip could not install the packages:\n" + "".join(said[-20:]))


def show_progress(lines: Iterable[str], total: int) -> list[str]:
    """Count the packages that pip names; on a terminal in one line, elsewhere now and then. Returns what pip said."""
    said: list[str] = []
    done = 0
    step, ending = (1, "\r") if sys.stdout.isatty() else (25, "\n")
    for line in lines:
        said.append(line)
        if line.startswith("Collecting "):
            done += 1
            if done % step == 0:
                print(f"  {min(done, total)} of {total}  {line.split()[1][:40]:40}", end=ending, flush=True)
        elif line.startswith("Installing collected"):
            print(f"  unpacking{'':50}", end=ending, flush=True)
    return said


def call(command: list[object]) -> None:
    """Run a step that must succeed; SetUpError with its output otherwise."""
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False)
    if done.returncode:
        raise SetUpError(f"{' '.join(str(word) for word in command)} failed:\n{done.stdout}{done.stderr}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
