"""The words that invented names are made of. Data, read once from `data/`."""

import csv
from dataclasses import dataclass
from pathlib import Path

DATA = Path(__file__).resolve().parent / "data"


@dataclass(frozen=True)
class Brand:
    """What a company calls itself, in both scripts."""

    han: str
    latin: str


@dataclass(frozen=True)
class Trade:
    """What a company does, as it stands in its name, and the industry that it counts as."""

    industry: str
    name: str
    name_zh: str


def _rows(file: str) -> list[list[str]]:
    with (DATA / file).open(encoding="utf-8", newline="") as lines:
        return list(csv.reader(lines))[1:]


BRANDS = tuple(Brand(*row) for row in _rows("brands.csv"))
TRADES = tuple(Trade(*row) for row in _rows("trades.csv"))
# Single characters whose reading does not depend on their neighbours, for names by the hundred thousand.
SYLLABLES = tuple(Brand(*row) for row in _rows("syllables.csv"))
