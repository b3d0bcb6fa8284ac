"""The acts on a lease as pages offer them: what each is called, what it says of itself, and its form."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.periods import Day, last_day
from spaces.lives.forms import ActForm, ChangeForm, EndForm, MergeForm, MoveForm, RenewForm, SplitForm
from spaces.models import Lease


@dataclass(frozen=True)
class Act:
    """`code` stands in addresses; `lead` says what the act does, `done` that it was done."""

    code: str
    label: Any
    title: Any
    lead: Any
    icon: str
    form: type[ActForm]
    done: Any
    tone: str = "primary"


ACTS = {
    act.code: act
    for act in (
        Act(
            "renew", pgettext_lazy("act on a lease", "Renew"), _("Renew lease %(number)s"),
            _("The company stays in its unit: another lease begins on the day after the last one of this."),
            icon="refresh", form=RenewForm, done=_("The lease is renewed."),
        ),
        Act(
            "change", _("Change from a day on"), _("Change lease %(number)s from a day on"),
            _(
                "Another area or price from a day on: this lease ends on the day before, and another begins. To correct"
                " what was entered wrongly, use “Correct” on the lease's page."
            ),
            icon="adjustments", form=ChangeForm, done=_("The lease is changed from that day on."),
        ),
        Act(
            "move", _("Move to another unit"), _("Move lease %(number)s to another unit"),
            _("The company has another unit from a day on: this lease ends on the day before, and another begins."),
            icon="arrow-right", form=MoveForm, done=_("The company moves on that day."),
        ),
        Act(
            "split", _("Split"), _("Split lease %(number)s"),
            _("From a day on several leases take the place of this one, each of a unit of its own."),
            icon="arrows-split-2", form=SplitForm, done=_("The lease is split from that day on."),
        ),
        Act(
            "merge", _("Merge"), _("Merge lease %(number)s with others"),
            _("From a day on one lease takes the place of several of the same company."),
            icon="arrows-join", form=MergeForm, done=_("The leases are merged from that day on."),
        ),
        Act(
            "end", pgettext_lazy("act on a lease", "End"), _("End lease %(number)s"),
            _("The company leaves before the agreed day, by notice of either side."),
            icon="logout", form=EndForm, done=_("The lease ends on that day."), tone="danger",
        ),
    )
}  # fmt: skip


def offered(lease: Lease, on: Day) -> list[Act]:
    """The acts that can be done to the lease on the day: none to one that is over long ago, that is void, or that
    another follows."""
    if lease.voided_at is not None or Lease.objects.filter(pk=lease.pk).followed().exists():
        return []
    last = last_day(lease.term)
    if last is not None and last < on:
        return [ACTS["renew"]]
    left = ["renew"] if last is not None else []
    return [ACTS[code] for code in (*left, "change", "move", "split", "merge", "end")]
