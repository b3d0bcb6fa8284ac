"""Simulations: what a draft of the policy would decide, found for exactly one content and one state of the facts.

What one found is kept as sums (`SimulationCell`), as the companies that it touches (`SimulationChange`) and as the
billed months that come out otherwise (`SimulationCorrection`); all are written by the workers of its run, in parts, and
read by the pages.
"""

import pgtrigger
from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from companies.models import Company
from core.models import Run, RunState
from core.money import MoneyField
from subsidies.choices import Outcome, Point, PolicyChange
from subsidies.models.policy import PolicyVersion

_FIXED = ("version_id", "content_hash", "day", "months", "facts_mark", "created_by_id", "created_at")
MOST_MONTHS = 36


def _columns(row: str) -> str:
    return ", ".join(f"{row}.{name}" for name in _FIXED)


class Simulation(models.Model):
    """One simulation of a version. It stands for `content_hash` on the facts of `facts_mark` and for nothing else:
    a draft that was edited, or facts that changed, want another one."""

    public_id = models.UUIDField(db_default=RandomUUID(), unique=True, editable=False)
    version = models.ForeignKey(PolicyVersion, models.CASCADE, related_name="simulations")
    content_hash = models.CharField(max_length=64)
    day = models.DateField(_("day"))
    months = models.PositiveSmallIntegerField(_("months"), default=MOST_MONTHS)
    facts_mark = models.CharField(max_length=64)
    state = models.CharField(_("state"), max_length=8, choices=RunState, default=RunState.QUEUED)
    run = models.ForeignKey(Run, models.PROTECT, null=True, blank=True, related_name="+")
    result = models.JSONField(default=dict)
    created_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(months__gte=1) & models.Q(months__lte=MOST_MONTHS),
                name="%(app_label)s_%(class)s_months",
            )
        ]
        indexes = [models.Index(fields=["version", "content_hash"], name="subsidies_simulation_content")]
        triggers = [
            pgtrigger.Protect(
                name="stands_for_one_content",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(f"(({_columns('NEW')}) IS DISTINCT FROM ({_columns('OLD')}))"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.version_id} {self.content_hash[:12]}: {self.state}"


class SimulationCell(models.Model):
    """What a month costs under today's law and under the draft, for one point, stage and campus ("" = none).

    `eligible` and `unknown` count companies on the month's first day; `untold` those that are due something of which
    nobody can tell how much.
    """

    simulation = models.ForeignKey(Simulation, models.CASCADE, related_name="cells")
    month = models.DateField(_("month"))
    point = models.CharField(_("point"), max_length=16, choices=Point)
    stage = models.CharField(_("stage"), max_length=10, blank=True)
    campus = models.CharField(_("campus"), max_length=60, blank=True)
    eligible_before = models.PositiveIntegerField()
    eligible_after = models.PositiveIntegerField()
    unknown_before = models.PositiveIntegerField()
    unknown_after = models.PositiveIntegerField()
    untold_before = models.PositiveIntegerField()
    untold_after = models.PositiveIntegerField()
    cost_before = MoneyField()
    cost_after = MoneyField()

    class Meta:
        ordering = ["month", "point", "stage", "campus"]
        constraints = [
            models.UniqueConstraint(
                fields=["simulation", "month", "point", "stage", "campus"], name="%(app_label)s_%(class)s_once"
            ),
            models.CheckConstraint(condition=models.Q(month__day=1), name="%(app_label)s_%(class)s_month_starts"),
        ]

    def __str__(self) -> str:
        return f"{self.simulation_id}: {self.month:%Y-%m} {self.point}"


class SimulationChange(models.Model):
    """A company for which the draft would decide a point otherwise on the simulated day.

    `criteria` are the keys of the criteria that come out differently, `;` between; "" where the amount alone differs.
    """

    simulation = models.ForeignKey(Simulation, models.CASCADE, related_name="changes", db_index=False)
    company = models.ForeignKey(Company, models.PROTECT, related_name="+")
    point = models.CharField(_("point"), max_length=16, choices=Point)
    change = models.CharField(_("change"), max_length=8, choices=PolicyChange)
    outcome_before = models.CharField(_("outcome today"), max_length=12, choices=Outcome)
    outcome_after = models.CharField(_("outcome by the draft"), max_length=12, choices=Outcome)
    amount_before = MoneyField(_("amount today"), null=True)
    amount_after = MoneyField(_("amount by the draft"), null=True)
    criteria = models.CharField(max_length=400, blank=True)
    missing = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering = ["simulation", "point", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["simulation", "point", "company"], name="%(app_label)s_%(class)s_once")
        ]

    def __str__(self) -> str:
        return f"{self.simulation_id}: {self.company_id} {self.point} {self.change}"


class SimulationCorrection(models.Model):
    """A month that is billed already, and for which the draft, which begins on a past day, grants a company another
    amount of rent relief or interest support.

    `issued` is what issued statements add up to, adjustments included; null for an open month, whose statement is
    computed again. `before` and `after` are all that is granted for the month by the law and with the draft: publishing
    posts `after` less `issued` as adjustments.
    """

    simulation = models.ForeignKey(Simulation, models.CASCADE, related_name="corrections", db_index=False)
    company = models.ForeignKey(Company, models.PROTECT, related_name="+")
    point = models.CharField(_("point"), max_length=16, choices=Point)
    month = models.DateField(_("month"))
    issued = MoneyField(_("issued"), null=True, blank=True)
    before = MoneyField(_("granted today"))
    after = MoneyField(_("granted by the draft"))

    class Meta:
        ordering = ["simulation", "point", "month", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["simulation", "point", "month", "company"], name="%(app_label)s_%(class)s_once"
            ),
            models.CheckConstraint(condition=models.Q(month__day=1), name="%(app_label)s_%(class)s_month_starts"),
        ]

    def __str__(self) -> str:
        return f"{self.simulation_id}: {self.company_id} {self.point} {self.month:%Y-%m}"
