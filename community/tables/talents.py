"""The table of talents."""

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from community.models import Talent
from core.tables import PeriodColumn, PortalTable, TwoScriptColumn

NUMBER = {"a": {"class": "zp-row-link"}, "td": {"class": "zp-num"}}


class TalentTable(PortalTable):
    region = "talents"
    caption = _("Talents")
    empty_title = _("No talents found")
    empty_hint = _("Try fewer words, or clear the filters.")

    code = tables.Column(verbose_name=_("Talent"), linkify=("community:talent", [tables.A("code")]), attrs=NUMBER)
    name = tables.Column(verbose_name=_("Name"))
    grade = tables.Column(verbose_name=_("Class"))
    company = TwoScriptColumn(accessor="company", verbose_name=_("Company"), order_by="company__name_key")
    employment = PeriodColumn(verbose_name=_("Employed"))

    class Meta:
        model = Talent
        fields: tuple[str, ...] = ()
        order_by = "code"
