"""What a figure with rows behind it is: what it counts, in words, and the rows that it counts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from core.tables import PortalTable


@dataclass(frozen=True)
class Figure:
    """`rows` gives the rows on a day; `choose`, the parameter that may narrow them and the values it knows, or what
    finds them. `route` is the page that shows the figure."""

    title: Any
    rule: Any
    table: type[PortalTable]
    rows: Callable[..., Any]
    choose: str = ""
    values: Mapping[str, Any] | Callable[[], Mapping[str, Any]] | None = None
    route: str = "dashboard"

    @property
    def known(self) -> Mapping[str, Any]:
        """The values that `choose` may have, with their names."""
        return self.values() if callable(self.values) else self.values or {}
