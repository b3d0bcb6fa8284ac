"""Links from the dashboard's figures to the rows behind them, on the day that is shown."""

from typing import Any

from django import template
from django.urls import reverse
from django.utils.http import urlencode

from core import periods

register = template.Library()

register.filter("last_day", periods.last_day)


def rows_url(figure: str, form: Any, **chosen: str) -> str:
    """The rows of a figure; the day is named only when it is not the present one, so that links stay current."""
    query = {**({} if form.day == form.today else {"on": form.day.isoformat()}), **chosen}
    url = reverse("dashboard_rows", args=[figure])
    return f"{url}?{urlencode(query)}" if query else url


@register.simple_tag(takes_context=True)
def rows(context: template.Context, figure: str, **chosen: str) -> str:
    return rows_url(figure, context["form"], **chosen)


@register.simple_tag(takes_context=True)
def stays(context: template.Context, group: Any, is_all: bool = False, **chosen: Any) -> str:
    """The companies behind a number of who stays; of all groups together with `is_all`."""
    form = context["form"]
    narrowed = {} if is_all or not form.grouping else {"by": form.grouping, "group": group.key}
    return _address("who_stays_rows", form, {**narrowed, **chosen})


@register.simple_tag(takes_context=True)
def stays_page(context: template.Context, by: str = "") -> str:
    """The page of who stays, on the day that is shown."""
    return _address("who_stays", context["form"], {"by": by} if by else {})


def _address(route: str, form: Any, chosen: dict[str, Any]) -> str:
    query = {**({} if form.day == form.today else {"on": form.day.isoformat()}), **chosen}
    return f"{reverse(route)}?{urlencode(query)}" if query else reverse(route)
