"""What a certificate is made of: the parts that the page, the JSON and the PDF show. Data only.

Words are in the language that was active; values are not: yuan, m² and scores with two decimals, days in ISO form,
`true` and `false`. `FORMAT` changes when a field changes its meaning or goes; a new field does not change it.
"""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from core.markup import Tone
from subsidies.choices import Outcome
from subsidies.explaining import RESULT_TONES
from subsidies.rules.points import Per
from subsidies.wording import PERIODS

FORMAT = 1


@dataclass(frozen=True)
class Company:
    """Whom it is for: the code that was sealed, and the names that the register has now."""

    code: str
    name: str
    name_zh: str


@dataclass(frozen=True)
class Clause:
    """A point of the policy in the words of the version."""

    code: str
    name: str
    text: str


@dataclass(frozen=True)
class Version:
    policy: str
    name: str
    effective_from: dt.date
    digest: str


@dataclass(frozen=True)
class Standing:
    """Whether the decision still stands, or since when and by which other it does not."""

    in_force: bool
    superseded_at: dt.datetime | None
    superseded_by: str | None


@dataclass(frozen=True)
class Number:
    """A parameter: `value` with its unit in words; of a series the last value."""

    name: str
    value: str
    provenance: str
    source: str


@dataclass(frozen=True)
class FactSeen:
    """A fact as it was kept; `value` is None where it was not known."""

    name: str
    label: str
    value: str | None
    unit: str
    shown: str


@dataclass(frozen=True)
class CriterionSeen:
    """A criterion as it was judged, or (without a key) the head of a group of which one is enough. `depth` is 1 in it.

    `result` is True, False or None (not known); `value` and `threshold` are as in `FactSeen`.
    """

    key: str
    label: str
    depth: int
    result: bool | None
    op: str
    value: str | None
    threshold: str | None
    unit: str
    seen: str
    wanted: str
    clause: str
    parameters: tuple[Number, ...]

    @property
    def tone(self) -> Tone:
        return RESULT_TONES[self.result]


@dataclass(frozen=True)
class StepTaken:
    """One operation of the amount; `value` in yuan."""

    label: str
    kind: str
    value: str | None
    shown: str
    parameters: tuple[Number, ...]


@dataclass(frozen=True)
class Missing:
    name: str
    label: str
    supplier: str


@dataclass(frozen=True)
class Seal:
    """`value` is the digest of the bytes of `previous` (none for the first) and the UTF-8 of `content`."""

    algorithm: str
    previous: str | None
    content: str
    value: str


@dataclass(frozen=True)
class Certificate:
    """All that a certificate says. `matches`: the record fits its seal, and the rules find the same today.

    Where the rules cannot explain what was kept any more, criteria, steps and `missing` are empty, and nothing matches.
    """

    format: int
    language: str
    id: str
    address: str
    check_code: str
    check_address: str
    company: Company
    point: Clause
    version: Version
    decided_for: dt.date
    decided_at: dt.datetime
    standing: Standing
    outcome: str
    amount: Decimal | None
    currency: str
    per: str
    facts: tuple[FactSeen, ...]
    criteria: tuple[CriterionSeen, ...]
    clauses: tuple[Clause, ...]
    steps: tuple[StepTaken, ...]
    unmet: tuple[str, ...]
    missing: tuple[Missing, ...]
    seal: Seal
    matches: bool

    @property
    def period(self) -> str:
        return str(PERIODS[Per(self.per)])

    @property
    def outcome_label(self) -> str:
        return str(Outcome(self.outcome).label)
