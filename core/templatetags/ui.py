"""What every template can use without {% load %}: icons, states, money, periods, names in two scripts, small charts."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import pgettext

from core import charts, markup
from core.periods import first_day, last_day

register = template.Library()

register.simple_tag(markup.icon, name="icon")
register.simple_tag(markup.pill, name="pill")
register.filter("money", markup.money)
register.filter("whole_money", markup.whole_money)
register.filter("short_money", markup.short_money)
register.filter("percent", markup.percent)
register.filter("number", markup.number)
register.filter("count", markup.count)
register.filter("duration", markup.duration)
register.filter("listed", markup.listed)
register.filter("html_lang", markup.html_lang)
register.filter("local_name", markup.local_name)
register.filter("other_name", markup.other_name)


@register.filter
def waited(since: dt.datetime) -> str:
    """How long it is from that moment to now, see `duration`."""
    return markup.duration(timezone.now() - since)


@register.filter
def day(value: dt.date | dt.datetime | None) -> SafeString | str:
    """A day as all three languages read it: `2026-03-01`."""
    if not value:
        return markup.NOTHING
    text = value.strftime("%Y-%m-%d")
    return format_html('<time datetime="{}">{}</time>', text, text)


@register.filter
def month(value: dt.date | None) -> SafeString | str:
    """A month: `2026-03`."""
    if not value:
        return markup.NOTHING
    return format_html('<time datetime="{0}">{0}</time>', value.strftime("%Y-%m"))


@register.filter
def period(span: Any) -> SafeString | str:
    """A period with both days included, from a half-open range of the database."""
    if span is None:
        return markup.NOTHING
    first, last = first_day(span), last_day(span)
    if first and last:
        return format_html(
            '<span class="zp-nowrap">{} –</span> <span class="zp-nowrap">{}</span>', day(first), day(last)
        )
    if first:
        return format_html(pgettext("period without an end", "since {}"), day(first))
    if last:
        return format_html(pgettext("period with an unknown first day", "until {}"), day(last))
    return pgettext("period", "unknown")


@register.filter
def times(value: Decimal | int, factor: Decimal | int) -> Decimal:
    """The product, for shares of 100 and the like."""
    return Decimal(value) * Decimal(factor)


@register.inclusion_tag("figures/sparkline.html")
def sparkline(values: Sequence[int | Decimal]) -> dict[str, Any]:
    """The course of a few values, as decoration beside the figure that tells it."""
    return {"spark": charts.sparkline(list(values))}


@register.inclusion_tag("figures/bars.html")
def bar_chart(
    labels: Sequence[str],
    series: Sequence[tuple[str, Sequence[int | Decimal]]],
    title: str,
    unit: str = "",
) -> dict[str, Any]:
    """Bars by label with a table of the same numbers. `series` is (name, values); `unit="money"` writes yuan."""
    labels = [str(label) for label in labels]
    values = [list(row) for _name, row in series]
    return {
        "chart": charts.bar_chart(labels, values),
        "title": title,
        "unit": unit,
        "names": [name for name, _row in series],
        "rows": list(zip(labels, *values, strict=True)),
    }


@register.inclusion_tag("figures/steps.html")
def step_chart(
    curves: Sequence[tuple[str, Sequence[charts.Step]]], title: str, axis: str, every: int
) -> dict[str, Any]:
    """Shares that fall step by step, each curve with its band. `curves` is (name, steps), `axis` says what runs along
    it, with a label at each multiple of `every`. The numbers stand beside it: the page shows them in a table."""
    return {
        "chart": charts.step_chart([steps for _name, steps in curves], every=every),
        "title": title,
        "axis": axis,
        "names": [name for name, _steps in curves],
    }
