"""What becomes of one relation to a company when the company is merged, and the list of all such rules.

An app says it for each of its relations; a test walks all models and fails for a relation that nobody thought of.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from companies.models import Company
from core.errors import Conflict

NAMED = 5  # how many numbers a sentence names


class Treatment(models.TextChoices):
    MOVES = "moves", _("moves to the surviving company")
    ONCE = "once", _("moves, and is kept once where both have it")
    STAYS = "stays", _("stays with the merged company, and is shown with the surviving one")


Conflicts = Callable[[Company, Company], Iterable[Any]]  # of the merged company and the surviving one


def nothing(_merged: Company, _survivor: Company) -> Iterable[Any]:
    """No conflict."""
    return ()


CONTRADICTS = _("What both companies have contradicts each other.")


@dataclass(frozen=True)
class Rule:
    """A relation `model.field` (`spaces.Lease`, `company`) and how it is merged.

    `chosen` narrows down the rows that move: the others are history and stay. `once` is called before they move, and
    takes out of the way what the surviving company has already. `conflicts` are sentences, each with the way out: with
    one of them nothing is merged. `money` says that the rows are money that was billed, granted or paid, or asks of a
    company whether some of them are: then two people merge. `refused` is told where the database refuses what
    `conflicts` did not see.
    """

    model: str
    field: str
    treatment: Treatment
    label: Any
    chosen: Callable[[Any], Any] | None = None
    once: Callable[[Company, Company], object] | None = None
    conflicts: Conflicts = nothing
    money: bool | Callable[[Company], bool] = False
    refused: Any = CONTRADICTS

    @property
    def name(self) -> str:
        return f"{self.model}.{self.field}"

    def rows(self, company: Company) -> Any:
        """All rows of a company."""
        return apps.get_model(self.model)._base_manager.filter(**{self.field: company})

    def touches_money(self, company: Company) -> bool:
        """Whether the company has rows that are money."""
        return self.money(company) if callable(self.money) else self.money and self.rows(company).exists()

    def moving(self, company: Company) -> Any:
        """Those that move when the company is merged."""
        rows = self.rows(company)
        if self.treatment == Treatment.STAYS:
            return rows.none()
        return self.chosen(rows) if self.chosen else rows

    def move(self, merged: Company, survivor: Company) -> int:
        """Give the rows to the surviving company; returns how many. Conflict where the database refuses it."""
        if self.treatment == Treatment.STAYS:
            return 0
        try:
            with transaction.atomic():
                if self.once is not None:
                    self.once(merged, survivor)
                return int(self.moving(merged).update(**self._changes(survivor)))
        except IntegrityError as error:
            raise Conflict(f"{self.label}: {self.refused}", code="merge_contradicts") from error

    def _changes(self, survivor: Company) -> dict[str, Any]:
        fields = {field.name for field in apps.get_model(self.model)._meta.concrete_fields}
        return {self.field: survivor} | ({"updated_at": Now()} if "updated_at" in fields else {})


@dataclass(frozen=True)
class TextRule:
    """A column of text, or of JSON, that may hold a company's code, and why it is right to leave it."""

    model: str
    field: str
    why: str


RULES: dict[str, Rule] = {}
TEXTS: dict[str, TextRule] = {}
LOCKS: list[Callable[[Sequence[int]], None]] = []


def register(*rules: Rule | TextRule) -> None:
    """Make rules known, in the order in which they are carried out; called from `AppConfig.ready`."""
    for rule in rules:
        if isinstance(rule, TextRule):
            TEXTS[f"{rule.model}.{rule.field}"] = rule
        else:
            RULES[rule.name] = rule


def lock_before(lock: Callable[[Sequence[int]], None]) -> None:
    """`lock` is called with the ids of both companies before anything about them is read."""
    if lock not in LOCKS:
        LOCKS.append(lock)


def conflicts(merged: Company, survivor: Company) -> Iterator[str]:
    """Everything that stands in the way, in sentences that say the way out."""
    for rule in RULES.values():
        yield from map(str, rule.conflicts(merged, survivor))


def named(numbers: Iterable[Any]) -> str:
    """The first few of what a sentence is about."""
    listed = [str(number) for number in numbers]
    return ", ".join(listed[:NAMED]) + (" …" if len(listed) > NAMED else "")
