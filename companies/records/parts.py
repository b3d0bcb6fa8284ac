"""What the pages of a kind of record say and offer."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

Crumb = tuple[Any, str]
"""A page on the way to another: its label and address."""

Facts = Sequence[tuple[Any, Any]]
"""What a page tells about a record: each a label and a value."""


@dataclass(frozen=True)
class Act:
    """Something that may be done to a record: a page of its own, or with `asks` a question that is answered at once.

    `asks` is the question, `tells` what will follow from it.
    """

    label: Any
    url: str
    icon: str
    asks: Any = ""
    tells: Any = ""
    tone: str = "primary"

    @property
    def anchor(self) -> str:
        """The id of the dialog that asks."""
        return f"ask-{self.url.strip('/').split('/')[0]}"


@dataclass(frozen=True)
class Words:
    """What the pages of a kind say. `why` tells which point of the policy rests on such records."""

    one: Any
    many: Any
    enter: Any
    change: Any
    why: Any
    void: Any = ""
    none: Any = ""
