"""Columns and the base of tables: sorted and turned by htmx, cards on a phone, alike on every page.

A table names its `region` (the id that htmx replaces) and its `caption` (read out, and the name of the scrolling area).
"""

from collections.abc import Mapping
from typing import Any

import django_tables2 as tables
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from core import markup
from core.markup import Tone
from core.periods import first_day, last_day
from core.templatetags import ui

RIGHT = {"td": {"class": "zp-right zp-num"}, "th": {"class": "zp-right"}}
FIGURES = {"td": {"class": "zp-num"}}


class PortalTable(tables.Table):
    """Base of the portal's tables. Subclasses set `region`, `caption` and `title_column` (head of a phone's card)."""

    region = "rows"
    caption: Any = _("Table")
    title_column = ""
    empty_title: Any = _("Nothing here yet")
    empty_hint: Any = ""

    @property
    def region_id(self) -> str:
        """The id of the part that htmx replaces; two tables of a kind on one page differ by their prefix."""
        return f"{self.prefix}{self.region}"

    @property
    def heading(self) -> str:
        """The name of the column that becomes the title of a card on a phone: the first that is no pick box."""
        names = [name for name in self.columns.names() if name != "pick"]
        return self.title_column or names[0]


class MoneyColumn(tables.Column):
    """Yuan and fen, right-aligned; exported as the plain number."""

    def __init__(self, **kwargs: Any):
        super().__init__(**{"attrs": RIGHT, **kwargs})

    def render(self, value: Any) -> str:
        return markup.money(value)

    def value(self, value: Any) -> Any:
        return value


class NumberColumn(tables.Column):
    """A plain number, right-aligned."""

    def __init__(self, **kwargs: Any):
        super().__init__(**{"attrs": RIGHT, **kwargs})


class CountColumn(NumberColumn):
    """How many there are, with separators; exported as the plain number."""

    def render(self, value: Any) -> str:
        return str(markup.count(value))

    def value(self, value: Any) -> Any:
        return value


class PercentColumn(MoneyColumn):
    """A share of one as a percentage; exported as the share."""

    def render(self, value: Any) -> str:
        return markup.percent(value)


class DayColumn(tables.Column):
    """A day as `2026-03-01`."""

    def __init__(self, **kwargs: Any):
        super().__init__(**{"attrs": FIGURES, **kwargs})

    def render(self, value: Any) -> SafeString | str:
        return ui.day(value)

    def value(self, value: Any) -> Any:
        return value


class MonthColumn(DayColumn):
    """A month as `2026-03`."""

    def render(self, value: Any) -> SafeString | str:
        return ui.month(value)


class PeriodColumn(DayColumn):
    """A period with both days included."""

    def render(self, value: Any) -> SafeString | str:
        return ui.period(value)

    def value(self, value: Any) -> Any:
        return f"{first_day(value) or ''}/{last_day(value) or ''}" if value else ""


class PillColumn(tables.Column):
    """A choice as a pill; `tones` maps its codes to tones, others are quiet. Exported as the word."""

    def __init__(self, tones: Mapping[str, Tone], **kwargs: Any):
        super().__init__(**kwargs)
        self.tones = tones

    def render(self, value: Any, record: Any, bound_column: Any) -> SafeString:
        # django-tables2 hands over the word of a choice; the code is what the record holds
        code = bound_column.accessor.resolve(record)
        return markup.pill(str(value), self.tones.get(code, "quiet"))

    def value(self, value: Any) -> Any:
        return value


def in_two_scripts(thing: Any) -> SafeString:
    """A thing with `name` and `name_zh`: the reader's first, the other below it."""
    other = markup.other_name(thing)
    second = format_html('<span class="zp-row-second">{}</span>', other) if other else ""
    return format_html("{}{}", markup.local_name(thing), second)


class TwoScriptColumn(tables.Column):
    """A thing with `name` and `name_zh`: the reader's first, as the row's link, the other below it."""

    def render(self, record: Any, bound_column: Any) -> SafeString:
        return in_two_scripts(self._thing(record, bound_column))

    def value(self, record: Any, bound_column: Any) -> str:
        return str(self._thing(record, bound_column).name)

    def _thing(self, record: Any, bound_column: Any) -> Any:
        """The record itself, or what the accessor leads to: `company.name` and `company` both mean the company."""
        found = bound_column.accessor.resolve(record, quiet=True)
        if not isinstance(found, str):
            return found
        return bound_column.accessor.penultimate(record, quiet=True)[0]


class PickColumn(tables.Column):
    """A box that picks the row for a bulk action; sends `pick=<value>`."""

    def __init__(self, accessor: str = "pk", **kwargs: Any):
        attrs = {"td": {"class": "zp-cell-pick"}}
        super().__init__(accessor=accessor, orderable=False, exclude_from_export=True, attrs=attrs, **kwargs)

    def render(self, value: Any, record: Any) -> SafeString:
        return format_html(
            '<input type="checkbox" class="zp-pick" name="pick" value="{}" aria-label="{}" data-pick>', value, record
        )
