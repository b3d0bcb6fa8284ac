"""A version of the policy in parts that a person reads or edits at once: a point or a stage, its words and numbers."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from subsidies import policy
from subsidies.choices import Provenance
from subsidies.models import PolicyParameter, PolicyVersion
from subsidies.rules.catalogue import PARAMETERS, POINT_CODES, STAGE_CODES
from subsidies.values import value_of

GENERAL = "general"  # numbers of all stages, and what belongs to no point: they have no words of their own
CODES = (*POINT_CODES, *STAGE_CODES, GENERAL)
ELSEWHERE = {"lpr_1y": "loan_interest"}


@dataclass(frozen=True)
class Number:
    """A parameter as a page shows it. `steps` are those of a series."""

    name: str
    value: str
    steps: tuple[tuple[dt.date, Any], ...]
    unit: str
    provenance: str
    source: str
    confirmed_at: dt.datetime | None

    @property
    def waits(self) -> bool:
        """An assumed value that nobody confirmed."""
        return self.provenance == Provenance.ASSUMED and self.confirmed_at is None


@dataclass(frozen=True)
class Section:
    """A point, a stage or the general numbers; `name` and `clause` in the reader's language."""

    code: str
    name: str
    clause: str
    numbers: tuple[Number, ...]

    @property
    def waiting(self) -> int:
        return sum(number.waits for number in self.numbers)


def section_of(name: str) -> str:
    """The code of the section that a parameter belongs to."""
    head, *rest = name.split(".")
    code = rest[0] if head == "stages" and len(rest) > 1 else ELSEWHERE.get(name, head)
    return code if code in CODES else GENERAL


def title_of(version: PolicyVersion | None, code: str) -> str:
    """What the section is called in the reader's language."""
    return policy.words(version, code, "name") or (_("All stages") if code == GENERAL else code)


def sections(version: PolicyVersion) -> list[Section]:
    """All of a version, in the order of the policy, those without content left out."""
    numbers = numbers_of(version)
    found = (
        Section(
            code,
            title_of(version, code),
            policy.words(version, code, "clause"),
            tuple(number for name, number in numbers.items() if section_of(name) == code),
        )
        for code in CODES
    )
    return [section for section in found if section.clause or section.numbers]


def names_in(code: str) -> list[str]:
    """The parameters that a section has in every complete version."""
    return [name for name in PARAMETERS if section_of(name) == code]


def numbers_of(version: PolicyVersion | None) -> Mapping[str, Number]:
    """The version's parameters by name, in the order of the catalogue."""
    return {row.name: number_of(row) for row in rows_of(version)} if version else {}


def rows_of(version: PolicyVersion) -> list[PolicyParameter]:
    """The rows of the version's parameters in the order of the catalogue, others behind them."""
    rows = {row.name: row for row in version.parameters.all()}
    return [rows[name] for name in [*(name for name in PARAMETERS if name in rows), *sorted(rows.keys() - PARAMETERS)]]


def number_of(row: PolicyParameter) -> Number:
    parameter = policy.parameter_of(row)
    steps = parameter.value if isinstance(parameter.value, tuple) else ()
    return Number(
        name=row.name,
        value=value_of(parameter),
        steps=tuple((step.day, step.value) for step in steps),
        unit=row.unit,
        provenance=row.provenance,
        source=row.source,
        confirmed_at=row.confirmed_at,
    )


def entries(version: PolicyVersion, codes: tuple[str, ...]) -> Iterator[dict[str, str]]:
    """Points or stages in words."""
    for code in codes:
        yield {"code": code, "name": title_of(version, code), "clause": policy.words(version, code, "clause")}
