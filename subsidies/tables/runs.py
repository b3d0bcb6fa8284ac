"""The table of runs, and what a run is called."""

from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core import markup
from core.markup import NOTHING, Tone
from core.models import Run, RunState
from core.tables import (
    NumberColumn,
    PillColumn,
    PortalTable,
)

RUN_TONES: dict[str, Tone] = {
    RunState.QUEUED: "quiet",
    RunState.RUNNING: "info",
    RunState.DONE: "good",
    RunState.FAILED: "bad",
}


def title_of(run: Run) -> str:
    """What a run does, in words."""
    if run.kind == "assess":
        return gettext("Assessment")
    if run.kind == "bill":
        return gettext("Rent billing") if run.arguments.get("month") else gettext("Open statements computed again")
    if run.kind == "simulate":
        return gettext("Simulation")
    return str(run.kind)


def subject_of(run: Run) -> str:
    """For which day, month or company."""
    return " · ".join(
        str(run.arguments[name]) for name in ("version", "on", "month", "company") if run.arguments.get(name)
    )


class RunTable(PortalTable):
    region = "runs"
    caption = _("Runs")
    empty_title = _("Nothing has run yet")
    empty_hint = _("Every night all companies are decided; on the first of a month the month before is billed.")

    kind = tables.Column(verbose_name=_("Run"))
    subject = tables.Column(accessor="arguments", verbose_name=_("For"), orderable=False)
    state = PillColumn(RUN_TONES, verbose_name=_("State"))
    done = NumberColumn(verbose_name=_("Parts done"))
    requested_by = tables.Column(verbose_name=_("Asked for by"), orderable=False, empty_values=())
    created_at = tables.DateTimeColumn(verbose_name=_("Asked for"), format="Y-m-d H:i")
    finished_at = tables.DateTimeColumn(verbose_name=_("Ended"), format="Y-m-d H:i")

    class Meta:
        model = Run
        fields: tuple[str, ...] = ()

    def render_kind(self, record: Run) -> SafeString:
        url = reverse("subsidies:run", args=[record.public_id])
        return format_html('<a class="zp-row-link" href="{}">{}</a>', url, title_of(record))

    def render_subject(self, record: Run) -> str:
        return subject_of(record) or NOTHING

    def render_done(self, record: Run) -> str:
        return f"{markup.count(record.done)} / {markup.count(record.total)}" if record.total else NOTHING

    def render_requested_by(self, record: Run) -> Any:
        return record.requested_by or gettext("the portal")
