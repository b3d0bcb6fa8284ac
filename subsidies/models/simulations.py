"""Simulations: what a draft of the policy would decide, found for exactly one content and one state of the facts."""

import pgtrigger
from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.models import Run, RunState
from subsidies.models.policy import PolicyVersion

_FIXED = ("version_id", "content_hash", "day", "facts_mark", "created_by_id", "created_at")


def _columns(row: str) -> str:
    return ", ".join(f"{row}.{name}" for name in _FIXED)


class Simulation(models.Model):
    """One simulation of a version. It stands for `content_hash` on the facts of `facts_mark` and for nothing else:
    a draft that was edited, or facts that changed, want another one."""

    public_id = models.UUIDField(db_default=RandomUUID(), unique=True, editable=False)
    version = models.ForeignKey(PolicyVersion, models.CASCADE, related_name="simulations")
    content_hash = models.CharField(max_length=64)
    day = models.DateField(_("day"))
    facts_mark = models.CharField(max_length=64)
    state = models.CharField(_("state"), max_length=8, choices=RunState, default=RunState.QUEUED)
    run = models.ForeignKey(Run, models.PROTECT, null=True, blank=True, related_name="+")
    result = models.JSONField(default=dict)
    created_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
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
