"""`{{ item|granted }}` and `{{ line|given }}`: an amount of support in words; `{{ amount|plain }}`: with the decimals
that it has."""

from decimal import Decimal

from django import template
from django.utils.translation import gettext as _

from community.choices import SupportKind
from community.models import SupportItem
from community.support import Line
from core import markup

register = template.Library()
register.filter("plain", markup.plain_number)


@register.filter
def granted(item: SupportItem) -> str:
    """What an item gives: `20 hours a year`, `no limit`, or which point of the policy it is."""
    return _in_words(item, item.amount)


@register.filter
def given(line: Line) -> str:
    """What a line gives in its period: of room credits what the rooms grant by now."""
    return _in_words(line.item, line.granted)


def _in_words(item: SupportItem, amount: Decimal | None) -> str:
    if item.kind == SupportKind.POINT:
        return _("point of the policy: %(point)s") % {"point": item.get_point_display()}
    if amount is None:
        return _("%(unit)s without a limit") % {"unit": item.get_unit_display()}
    words = {"amount": markup.plain_number(amount), "unit": item.get_unit_display(), "per": item.get_per_display()}
    return _("%(amount)s %(unit)s %(per)s") % words
