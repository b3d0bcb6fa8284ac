"""The tables of grants, and of decisions that wait for one."""

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.markup import Tone
from core.tables import (
    FIGURES,
    DayColumn,
    MoneyColumn,
    PillColumn,
    PortalTable,
    TwoScriptColumn,
    in_two_scripts,
)
from subsidies.choices import GrantState, Point
from subsidies.models import Decision, Grant

GRANT_TONES: dict[str, Tone] = {
    GrantState.PROPOSED: "wait",
    GrantState.APPROVED: "info",
    GrantState.PAID: "good",
    GrantState.REFUSED: "bad",
    GrantState.WITHDRAWN: "quiet",
    GrantState.REVOKED: "bad",
}


def _point(grant: Grant) -> str:
    """The point, and of vouchers the kind."""
    return capfirst(str(grant.get_part_display() if grant.part else grant.get_point_display()))


class _GrantRows(PortalTable):
    """A grant a row, which leads to its page."""

    number = tables.Column(verbose_name=_("Grant"), attrs=FIGURES)
    company = TwoScriptColumn(accessor="company", verbose_name=_("Company"), order_by="company__name_key")
    point = tables.Column(verbose_name=_("Point"))

    class Meta:
        model = Grant
        fields: tuple[str, ...] = ()

    def render_number(self, record: Grant) -> SafeString:
        url = reverse("subsidies:grant", args=[record.public_id])
        return format_html('<a class="zp-row-link" href="{}">{}</a>', url, record.number)

    def render_point(self, record: Grant) -> str:
        return _point(record)


class GrantTable(_GrantRows):
    region = "grants"
    caption = _("Grants")
    empty_title = _("No grants found")
    empty_hint = _("An officer proposes a grant from a decision that says eligible.")

    state = PillColumn(GRANT_TONES, verbose_name=_("State"))
    proposed_on = DayColumn(verbose_name=_("Proposed"))
    amount = MoneyColumn(verbose_name=_("Amount"))
    committed = MoneyColumn(verbose_name=_("Committed"))
    paid = MoneyColumn(verbose_name=_("Paid"))


class ProposableTable(PortalTable):
    """Decisions that can be granted, and the button that proposes one."""

    region = "proposable"
    caption = _("Decisions that can be granted")
    empty_title = _("Nothing waits to be proposed")
    empty_hint = _("Whatever a decision in force gives is proposed or granted already.")

    company = TwoScriptColumn(accessor="company", verbose_name=_("Company"), order_by="company__name_key")
    point = tables.Column(verbose_name=_("Point"))
    decided_for = DayColumn(verbose_name=_("Decided for"))
    amount = MoneyColumn(verbose_name=_("Amount"))
    propose = tables.Column(verbose_name=_("Propose"), empty_values=(), orderable=False)

    class Meta:
        model = Decision
        fields: tuple[str, ...] = ()

    def render_point(self, record: Decision) -> str:
        return capfirst(str(record.get_point_display()))

    def render_propose(self, record: Decision) -> SafeString:
        url = reverse("subsidies:proposal", args=[record.public_id])
        words = gettext("Look at it")
        return format_html(
            '<a class="btn btn-sm" href="{}">{}<span class="visually-hidden"> {} {}</span></a>',
            url, words, record.company.code, record.get_point_display(),
        )  # fmt: skip


class SupplementTable(_GrantRows):
    """Grants that more is due for, by what is known now."""

    region = "supplements"
    caption = _("Grants to supplement")
    empty_title = _("No grant is to be supplemented")
    empty_hint = _("When a correction shows that more is due for what was granted, the grant stands here.")

    granted_on = DayColumn(verbose_name=_("Granted on"))
    amount = MoneyColumn(verbose_name=_("Amount"))
    more_due = MoneyColumn(verbose_name=_("More is due"))


class LateTable(PortalTable):
    """What companies paid last year for a point that counts by the year, and no grant holds. Rows: company__code,
    company__name, company__name_zh, point, total."""

    region = "late"
    caption = _("Costs of last year")
    empty_title = _("Nothing is left of last year")
    empty_hint = _("Every cost of last year is in a grant, or waits in a proposal.")

    company = tables.Column(accessor="company__name", verbose_name=_("Company"))
    point = tables.Column(verbose_name=_("Point"))
    total = MoneyColumn(verbose_name=_("Paid"))
    propose = tables.Column(verbose_name=_("Propose"), empty_values=(), orderable=False)

    class Meta:
        fields: tuple[str, ...] = ()
        orderable = False

    def render_company(self, record: Mapping[str, Any]) -> SafeString:
        return in_two_scripts(SimpleNamespace(name=record["company__name"], name_zh=record["company__name_zh"]))

    def render_point(self, value: str) -> str:
        return capfirst(str(Point(value).label))

    def render_propose(self, record: Mapping[str, Any]) -> SafeString:
        url = reverse("subsidies:late_proposal", args=[record["company__code"], record["point"]])
        return format_html(
            '<a class="btn btn-sm" href="{}">{}<span class="visually-hidden"> {} {}</span></a>',
            url, gettext("Look at it"), record["company__code"], Point(record["point"]).label,
        )  # fmt: skip
