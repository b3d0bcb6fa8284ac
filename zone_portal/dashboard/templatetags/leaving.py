"""Signals of leaving in words."""

from collections.abc import Iterable

from django import template

from core.markup import listed
from zone_portal.dashboard.leaving.signals import code_of
from zone_portal.dashboard.leaving.values import SIGNALS

register = template.Library()


@register.filter
def signal_names(keys: Iterable[str]) -> str:
    """The signals that are meant, in their order."""
    codes = {code_of(key) for key in keys}
    return listed(signal.label for code, signal in SIGNALS.items() if code in codes)
