"""The table of recoveries, of grants and of interest."""

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.markup import Tone
from core.tables import FIGURES, DayColumn, MoneyColumn, PillColumn, PortalTable, TwoScriptColumn
from subsidies.models import Recovery

RECOVERY_TONES: dict[str, Tone] = {"open": "wait", "confirmed": "info", "settled": "good", "dropped": "quiet"}


def page_of(recovery: Recovery) -> str:
    """The page of what a recovery is about."""
    route = "subsidies:grant" if recovery.statement_id is None else "subsidies:interest_statement"
    return reverse(route, args=[recovery.about.public_id])


def title_of(recovery: Recovery) -> str:
    """What a recovery is about, in the reader's language."""
    if recovery.statement_id is None:
        return recovery.name
    return gettext("Interest statement %(month)s") % {"month": recovery.name}


class RecoveryTable(PortalTable):
    region = "recoveries"
    caption = _("Recoveries")
    empty_title = _("No recoveries found")
    empty_hint = _("When a correction shows that too much was paid, what is to be paid back stands here.")

    about = tables.Column(accessor="pk", verbose_name=_("About"), attrs=FIGURES, orderable=False)
    company = TwoScriptColumn(accessor="company", verbose_name=_("Company"), orderable=False)
    state = PillColumn(RECOVERY_TONES, verbose_name=_("State"))
    opened_at = DayColumn(verbose_name=_("Opened on"))
    settled_on = DayColumn(verbose_name=_("Settled on"))
    amount = MoneyColumn(verbose_name=_("Amount"))

    class Meta:
        model = Recovery
        fields: tuple[str, ...] = ()

    def render_about(self, record: Recovery) -> SafeString:
        return format_html('<a class="zp-row-link" href="{}">{}</a>', page_of(record), title_of(record))
