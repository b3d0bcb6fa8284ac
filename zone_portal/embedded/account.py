"""Which user runs the servers. PostgreSQL refuses uid 0, so root starts both as somebody without rights."""

import contextlib
import os
import pwd
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TypedDict

from zone_portal.embedded.errors import EmbeddedError


class Identity(TypedDict, total=False):
    """The arguments of `subprocess.Popen` that change the user."""

    user: int
    group: int
    extra_groups: list[int]


def server_account(clusters: Iterable[Path]) -> pwd.struct_passwd | None:
    """The account to switch to: None when we are not root and the servers are simply ours.

    An existing cluster keeps its owner: a `postgres` user that was installed later must not lock us out of it.
    A bare uid would not do, `initdb` wants an entry in the passwd file.
    """
    if os.geteuid() != 0:
        return None
    for account in _candidates(clusters):
        if account.pw_uid != 0:
            return account
    raise EmbeddedError("Running as root, and there is no unprivileged user: set PORTAL_RUN_AS to the name of one.")


def _candidates(clusters: Iterable[Path]) -> Iterator[pwd.struct_passwd]:
    named = os.environ.get("PORTAL_RUN_AS")
    if named:
        try:
            yield pwd.getpwnam(named)
        except KeyError:
            raise EmbeddedError(f"PORTAL_RUN_AS is {named!r}, and this machine has no such user.") from None
    for cluster in clusters:
        with contextlib.suppress(FileNotFoundError, KeyError):
            yield pwd.getpwuid(cluster.stat().st_uid)
    for name in (os.environ.get("SUDO_USER"), "postgres", "nobody"):
        with contextlib.suppress(KeyError):
            if name:
                yield pwd.getpwnam(name)


def identity(account: pwd.struct_passwd | None) -> Identity:
    """What `subprocess.Popen` needs to run as `account`."""
    if account is None:
        return {}
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def can_reach(path: Path, account: pwd.struct_passwd | None) -> bool:
    """May `account` go down to `path`, by the mode bits of every directory on the way? Parts that are not there
    yet are left out. Access lists are not read: at worst a directory is thought closed that is open."""
    if account is None:
        return True
    return all(_may_pass(step.stat(), account) for step in (path, *path.parents) if step.exists())


def _may_pass(status: os.stat_result, account: pwd.struct_passwd) -> bool:
    if status.st_uid == account.pw_uid:
        return bool(status.st_mode & stat.S_IXUSR)
    if status.st_gid == account.pw_gid:
        return bool(status.st_mode & stat.S_IXGRP)
    return bool(status.st_mode & stat.S_IXOTH)
