"""Files on disk, and the road into the database that commands take."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from core.interchange import exporting, importing, kinds
from core.interchange.importing import Imported
from core.interchange.problems import FileRefused

TODAY = dt.date(2026, 6, 15)

Import = Callable[..., Imported]


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, str], Path]:
    """Write a CSV file of a kind."""

    def to_file(kind: str, content: str) -> Path:
        path = tmp_path / f"{kind}.csv"
        path.write_text(content, encoding="utf-8")
        return path

    return to_file


@pytest.fixture
def bring(write) -> Import:
    """Import the content of a CSV file."""

    def into_the_portal(kind: str, content: str, **options: Any) -> Imported:
        return importing.import_file(kinds.import_kind(kind), write(kind, content), on=TODAY, **options)

    return into_the_portal


@pytest.fixture
def refusals(bring) -> Callable[[str, str], list[tuple[int, str, str, str]]]:
    """The problems for which a file is refused: line, column, value, reason."""

    def of_file(kind: str, content: str) -> list[tuple[int, str, str, str]]:
        with pytest.raises(FileRefused) as refused:
            bring(kind, content)
        return refused.value.problems.rows()

    return of_file


@pytest.fixture
def export(tmp_path: Path) -> Callable[..., str]:
    """What a kind is as a CSV file."""

    def as_csv(kind: str, **options: Any) -> str:
        path = tmp_path / f"{kind}-out.csv"
        exporting.export_file(kinds.export_kind(kind), path, **options)
        return path.read_text(encoding="utf-8")

    return as_csv
