"""Suppliers by what people call them: the code, or the name in any spelling that means the same.

Files and founders name suppliers that the zone does not know yet. Such a one is entered under the next code and is not
admitted; whoever looks one up or gives a code out holds `hold_names` until his transaction ends, so that nobody enters
the same one twice.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from core.locks import lock_for_transaction
from core.text import fold
from subsidies.models import Supplier

_GIVEN_OUT = re.compile(r"S-(\d{5,9})")


def hold_names() -> None:
    """Wait for whoever enters suppliers at this moment, and keep others from it until the transaction ends."""
    lock_for_transaction("subsidies.suppliers")


def next_codes(count: int) -> list[str]:
    """The next free codes `S-<number>`."""
    hold_names()
    given = (_GIVEN_OUT.fullmatch(code) for code in _codes())
    last = max((int(match[1]) for match in given if match), default=0)
    return [f"S-{number:05}" for number in range(last + 1, last + count + 1)]


def _codes() -> Iterable[str]:
    return Supplier.objects.filter(code__startswith="S-").values_list("code", flat=True)


def looks_given_out(text: str) -> bool:
    """Whether a text has the form of the codes that the portal gives out, and so is nobody's name."""
    return bool(_GIVEN_OUT.fullmatch(text))


def spelled_alike(text: str) -> str:
    """One form for spellings that differ in case, width or blanks."""
    return " ".join(fold(text).split())


@dataclass(frozen=True)
class Names:
    """The codes of all suppliers, and those that have a name."""

    codes: frozenset[str]
    by_name: dict[str, list[str]]

    @classmethod
    def read(cls) -> Self:
        by_name: dict[str, list[str]] = {}
        rows = list(Supplier.objects.order_by("code").values_list("code", "name"))
        for code, name in rows:
            by_name.setdefault(spelled_alike(name), []).append(code)
        return cls(frozenset(code for code, _name in rows), by_name)

    def matching(self, text: str) -> list[str]:
        """The codes that the text may mean: one, none, or several of the same name."""
        return [text] if text in self.codes else self.by_name.get(spelled_alike(text), [])
