"""Figures as they were known when somebody kept them: what is published is such a snapshot and nothing else."""

import uuid

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.audit import audited
from core.constraints import calendar_day, never_deleted

_FIXED = ("public_id", "day", "sheet", "kept_by_id", "kept_at")


def _told_once(name: str) -> str:
    """SQL: a moment and who it was, written once, are changed."""
    new, old = (f"({row}.{name}_at, {row}.{name}_by_id)" for row in ("NEW", "OLD"))
    return f"(OLD.{name}_at IS NOT NULL AND {new} IS DISTINCT FROM {old})"


def _changes() -> str:
    new, old = (", ".join(f"{row}.{name}" for name in _FIXED) for row in ("NEW", "OLD"))
    return f"(({new}) IS DISTINCT FROM ({old}) OR {_told_once('published')} OR {_told_once('withdrawn')})"


@audited(exclude=["sheet"])
class Snapshot(models.Model):
    """`sheet` are the protected figures (`measures.sheet`) of the `day`, as they were known when it was kept. It never
    changes. Another person than who kept it publishes it; withdrawn, it stays on record and is shown to staff alone."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    day = models.DateField(_("day"))
    sheet = models.JSONField()
    kept_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    kept_at = models.DateTimeField(auto_now_add=True)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_reason = models.TextField(_("why it is withdrawn"), blank=True)

    class Meta:
        verbose_name = _("snapshot")
        ordering = ["-kept_at", "-pk"]
        constraints = [
            calendar_day("day"),
            models.CheckConstraint(
                condition=Q(published_at=None, published_by=None)
                | Q(published_at__isnull=False, published_by__isnull=False),
                name="%(app_label)s_%(class)s_published_by",
            ),
            models.CheckConstraint(
                condition=Q(published_by=None) | ~Q(published_by=F("kept_by")),
                name="%(app_label)s_%(class)s_four_eyes",
                violation_error_message=_("Another person than who kept the figures publishes them."),
                violation_error_code="four_eyes",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by=None, withdrawn_reason="")
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False, published_at__isnull=False)
                & ~Q(withdrawn_reason=""),
                name="%(app_label)s_%(class)s_withdrawn_by",
            ),
        ]
        triggers = [
            never_deleted(),
            pgtrigger.Protect(
                name="stays_as_kept", operation=pgtrigger.Update, condition=pgtrigger.Condition(_changes())
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.public_id}"

    @property
    def is_public(self) -> bool:
        return self.published_at is not None and self.withdrawn_at is None
