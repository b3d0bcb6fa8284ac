"""Values of targets, in the unit of their figure."""

from decimal import Decimal

from django import template

from zone_portal.dashboard.measures.showing import write_value
from zone_portal.dashboard.measures.targets import unit_of

register = template.Library()


@register.filter
def in_unit(value: Decimal | None, figure: str) -> str:
    """Yuan, a percentage or a count."""
    return write_value(value, unit_of(figure))
