"""The table of proposed stages."""

import django_tables2 as tables
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from companies.choices import Stage
from core.markup import NOTHING, Tone, pill
from core.tables import DayColumn, PillColumn, PortalTable, TwoScriptColumn
from subsidies.models import StageProposal

PROPOSAL_TONES: dict[str, Tone] = {"open": "wait", "confirmed": "good", "refused": "bad", "superseded": "quiet"}


class StageProposalTable(PortalTable):
    region = "stage_proposals"
    caption = _("Proposed stages")
    empty_title = _("No proposed stages found")
    empty_hint = _("When the evidence speaks for another stage than a company is in, it stands here.")

    proposed = tables.Column(
        verbose_name=_("Proposed stage"),
        linkify=("subsidies:stage_proposal", [tables.A("public_id")]),
        attrs={"a": {"class": "zp-row-link"}},
    )
    company = TwoScriptColumn(accessor="company", verbose_name=_("Company"), order_by="company__name_key")
    stage = tables.Column(verbose_name=_("From"), empty_values=())
    direction = tables.Column(accessor="pk", verbose_name=_("Move"), orderable=False)
    state = PillColumn(PROPOSAL_TONES, verbose_name=_("State"))
    proposed_for = DayColumn(verbose_name=_("Proposed for"))

    class Meta:
        model = StageProposal
        fields: tuple[str, ...] = ()

    def render_stage(self, record: StageProposal) -> str:
        return str(Stage(record.stage).label) if record.stage else NOTHING

    def render_direction(self, record: StageProposal) -> SafeString:
        return pill(gettext("up"), "good") if record.is_up else pill(gettext("down"), "bad")
