"""The kinds of files, as the apps declare them in their `interchange` modules."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

import polars as pl
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext as _

from core.errors import DomainError
from core.interchange.columns import Column

Frames = pl.DataFrame | Iterable[pl.DataFrame]
Kind = TypeVar("Kind", "ImportKind", "ExportKind")


@dataclass(frozen=True)
class Stored:
    """How many rows of a file were new, changed something, or were there already just so. `notes` are what else came
    of it that whoever brought the file should know. `named` says whom the new and changed rows concern, None where they
    are too many to be named."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    notes: tuple[str, ...] = ()
    named: tuple[Any, ...] | None = field(default=None, compare=False)


class Tick(Protocol):
    """Told how many rows are written, of how many."""

    def __call__(self, done: int, total: int) -> None: ...


@dataclass(frozen=True)
class ImportKind:
    """A kind of file that is read.

    Both callables run in one transaction and get a frame of `line` and the columns that the file has, typed, in rows
    without a bad cell and with distinct keys. `check` returns what contradicts other rows or the database
    (`problems.SCHEMA`), with a fixed number of queries; `store` upserts by key as of a day, and records in the outbox
    that something changed: a column that the frame has is written (null clears it), one that it has not stays as it is.
    `about` names the column of codes by which the history of imports says what a file was about.
    """

    name: str
    columns: tuple[Column, ...]
    check: Callable[[pl.DataFrame], pl.DataFrame]
    store: Callable[[pl.DataFrame, dt.date, Tick], Stored]
    about: str = ""

    @property
    def key(self) -> list[str]:
        return [column.name for column in self.columns if column.key]


@dataclass(frozen=True)
class ExportKind:
    """A kind of file that is written.

    `frame(on, month)` gives the rows with the columns' names and types, as one frame or, where they may be many, as
    frames one after the other. `needs` names the options that it understands (`on`, `month`); the others are refused.
    """

    name: str
    frame: Callable[[dt.date | None, dt.date | None], Frames]
    columns: tuple[Column, ...]
    needs: frozenset[str] | set[str] = field(default_factory=frozenset)


IMPORTS: dict[str, ImportKind] = {}
EXPORTS: dict[str, ExportKind] = {}


class UnknownKind(DomainError):
    code = "unknown_kind"


def register(*kinds: ImportKind | ExportKind) -> None:
    """Declare kinds; a name taken by another one is a programming error."""
    for kind in kinds:
        known: dict[str, Any] = IMPORTS if isinstance(kind, ImportKind) else EXPORTS
        if kind.name in known:
            raise RuntimeError(f"two kinds of files are called {kind.name!r}")
        known[kind.name] = kind


def discover() -> None:
    """Load the declarations of all apps."""
    autodiscover_modules("interchange")


def import_kind(name: str) -> ImportKind:
    discover()
    return _named(IMPORTS, name)


def export_kind(name: str) -> ExportKind:
    discover()
    return _named(EXPORTS, name)


def _named(known: "dict[str, Kind]", name: str) -> "Kind":
    if name not in known:
        message = _("There is no kind of file called %(name)s. Known are: %(known)s.")
        raise UnknownKind(message % {"name": name, "known": ", ".join(sorted(known))})
    return known[name]
