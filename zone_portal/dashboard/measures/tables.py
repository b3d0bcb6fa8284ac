"""Tables of the rows behind what the zone measures. A row is a dict with a Firm in it (`measures.firms`)."""

from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.markup import number, pill
from core.tables import RIGHT, CountColumn, DayColumn, MoneyColumn, PercentColumn, PortalTable, TwoScriptColumn
from zone_portal.dashboard.tables import ROW_LINK


def firm_column(name: str, label: Any, **options: Any) -> TwoScriptColumn:
    """The company under `name` in the row, leading to its page."""
    return TwoScriptColumn(
        accessor=name,
        linkify=lambda record: reverse("companies:detail", args=[record[name].code]),
        order_by=f"{name}_key",
        verbose_name=label,
        **options,
    )


class FirmRows(PortalTable):
    """Companies, and nothing but what they are."""

    caption = _("Companies")
    empty_title = _("No company is counted here")
    company = firm_column("company", _("Company"), attrs=ROW_LINK)
    code = tables.Column(accessor="company__code", verbose_name=_("Code"))
    industry = tables.Column(verbose_name=_("Industry"))

    class Meta:
        order_by = "company"


class CountryRows(FirmRows):
    country = tables.Column(verbose_name=_("Country"))


class JobRows(FirmRows):
    employees = CountColumn(verbose_name=_("Jobs"))
    told_until = DayColumn(verbose_name=_("Reported for the time until"))

    class Meta:
        order_by = "-employees"
        exclude = ("industry",)


class OutputRows(FirmRows):
    revenue = MoneyColumn(verbose_name=_("Revenue of twelve months"))
    until = DayColumn(verbose_name=_("until"))

    class Meta:
        order_by = "-revenue"
        exclude = ("industry",)


class ExportRows(OutputRows):
    exported = MoneyColumn(verbose_name=_("of it from exports"))

    class Meta:
        order_by = "-exported"


class GrowthRows(OutputRows):
    earlier = MoneyColumn(verbose_name=_("The twelve months before"))
    rate = PercentColumn(verbose_name=_("Growth"))

    class Meta:
        order_by = "-rate"


class ReachedRows(FirmRows):
    is_here = tables.Column(empty_values=(), verbose_name=_("On the day"))

    class Meta:
        exclude = ("industry",)

    def render_is_here(self, value: bool | None) -> SafeString:
        return pill(gettext("in the zone"), "good") if value else pill(gettext("not in the zone"))


class SpellRows(FirmRows):
    since = DayColumn(verbose_name=_("In the stage since"))
    until = DayColumn(empty_values=(), verbose_name=_("until"))
    months = tables.Column(attrs=RIGHT, verbose_name=_("Months"))
    moved_up = tables.Column(verbose_name=_("What followed"))

    class Meta:
        order_by = "-months"
        exclude = ("industry",)

    def render_months(self, value: Any) -> str:
        return number(value, 1)

    def render_moved_up(self, value: bool, record: Any) -> SafeString:
        if value:
            return pill(gettext("a higher stage"), "good")
        return pill(gettext("something else")) if record["until"] else pill(gettext("still in it"), "info")


class AnchorRows(PortalTable):
    caption = _("Companies and anchor companies")
    empty_title = _("Nobody in the zone is related to an anchor company")
    anchor = firm_column("anchor", _("Anchor company"))
    company = firm_column("company", _("Company"), attrs=ROW_LINK)
    kind = tables.Column(verbose_name=_("Relation"))
    since = DayColumn(verbose_name=_("Since"))
    title_column = "company"

    class Meta:
        order_by = "anchor"


class CrossingRows(PortalTable):
    caption = _("Relations between culture and technology")
    empty_title = _("No relation between the two is on record")
    empty_hint = _("It takes two related companies in the zone, one of an industry of culture, one of technology.")
    company = firm_column("company", _("Of culture"), attrs=ROW_LINK)
    other = firm_column("other", _("Of technology"))
    kind = tables.Column(verbose_name=_("Relation"))
    since = DayColumn(verbose_name=_("Since"))

    class Meta:
        order_by = "company"


class ProjectRows(PortalTable):
    caption = _("Projects that cross the two")
    empty_title = _("No such project was scored")
    code = tables.Column(
        linkify=lambda record: reverse("funding:project", args=[record["code"]]),
        attrs=ROW_LINK,
        verbose_name=_("Project"),
    )
    company = firm_column("company", _("Company"))
    score = tables.Column(attrs=RIGHT, verbose_name=_("Score"))
    scored_on = DayColumn(verbose_name=_("Scored on"))
    granted = tables.Column(verbose_name=_("Grant"))

    class Meta:
        order_by = "-scored_on"

    def render_granted(self, value: bool) -> SafeString:
        return pill(gettext("granted"), "good") if value else pill(gettext("none"))


class GivenRows(FirmRows):
    relief = MoneyColumn(verbose_name=_("Rent relief"))
    interest = MoneyColumn(verbose_name=_("Interest support"))
    grants = MoneyColumn(verbose_name=_("Grants"))
    given = MoneyColumn(verbose_name=_("In all"))

    class Meta:
        order_by = "-given"
        exclude = ("industry", "code")


class EffectRows(GivenRows):
    outcome = tables.Column(verbose_name=_("What became of it"))

    class Meta:
        order_by = "-given"
