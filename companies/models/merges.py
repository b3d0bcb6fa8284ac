"""Merges of companies that stand in the register twice, pairs that look alike, and pairs that are not the same."""

import uuid

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from companies.choices import MergeState
from companies.models.register import Company
from companies.querysets import DistinctionQuerySet, LikenessQuerySet, MergeQuerySet
from core.audit import audited
from core.constraints import never_deleted, one_of

_FIXED = "merged_id, survivor_id, proposed_by_id, touches_money"


def _fixed(row: str) -> str:
    return ", ".join(f"{row}.{name.strip()}" for name in _FIXED.split(","))


@audited()
class Merge(models.Model):
    """One company of the register is the same as another: what is open moves to the surviving one, its history stays.

    `counts` says what became of each relation: its name, how many rows moved and how many stayed. `filled` are the
    fields that the surviving company took over because it did not have them. Where money is touched, another person
    than who proposed it decides.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    merged = models.ForeignKey(Company, models.PROTECT, related_name="merges", verbose_name=_("merged company"))
    survivor = models.ForeignKey(Company, models.PROTECT, related_name="+", verbose_name=_("surviving company"))
    state = models.CharField(_("state"), max_length=9, choices=MergeState, default=MergeState.PROPOSED)
    reason = models.TextField(_("reason"))
    touches_money = models.BooleanField(_("touches money"), default=False)
    counts = models.JSONField(default=list, editable=False)
    filled = models.JSONField(default=list, editable=False)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(auto_now_add=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    answer = models.TextField(_("answer"), blank=True)

    objects = MergeQuerySet.as_manager()

    class Meta:
        verbose_name = _("merge of companies")
        ordering = ["-proposed_at", "-pk"]
        constraints = [
            one_of("state", MergeState.values),
            models.CheckConstraint(
                condition=~Q(merged=F("survivor")),
                name="%(app_label)s_%(class)s_not_itself",
                violation_error_message=_("A company cannot be merged into itself."),
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="%(app_label)s_%(class)s_reason"),
            models.CheckConstraint(
                condition=Q(state=MergeState.PROPOSED, decided_by=None, decided_at=None)
                | (~Q(state=MergeState.PROPOSED) & Q(decided_by__isnull=False, decided_at__isnull=False)),
                name="%(app_label)s_%(class)s_decided",
            ),
            models.CheckConstraint(
                condition=Q(touches_money=False) | ~Q(state=MergeState.DONE) | ~Q(decided_by=F("proposed_by")),
                name="%(app_label)s_%(class)s_four_eyes",
                violation_error_message=_("Whoever proposed a merge that touches money does not decide on it."),
                violation_error_code="four_eyes",
            ),
            models.UniqueConstraint(
                fields=["merged"],
                condition=Q(state__in=[MergeState.PROPOSED, MergeState.DONE]),
                name="%(app_label)s_%(class)s_once",
                violation_error_message=_("A merge of this company is proposed already: decide on that one."),
                violation_error_code="proposed_already",
            ),
        ]
        triggers = [
            never_deleted(),
            pgtrigger.Protect(
                name="stays_as_decided",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    f"(OLD.state <> 'proposed' OR ({_fixed('NEW')}) IS DISTINCT FROM ({_fixed('OLD')}))"
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.merged_id} → {self.survivor_id}: {self.state}"


@audited()
class Distinction(models.Model):
    """Somebody looked at two companies that look alike and said that they are not the same. Who finds that they are
    takes it back; the audit trail keeps both."""

    one = models.ForeignKey(Company, models.PROTECT, related_name="+")
    other = models.ForeignKey(Company, models.PROTECT, related_name="+")
    reason = models.TextField(_("reason"), blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    objects = DistinctionQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], name="%(app_label)s_%(class)s_once"),
            models.CheckConstraint(condition=Q(one__lt=F("other")), name="%(app_label)s_%(class)s_in_order"),
        ]
        triggers = [pgtrigger.Protect(name="stays_as_told", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return f"{self.one_id} ≠ {self.other_id}"


class Likeness(models.Model):
    """Two companies that may be the same, as the search found them: `score` of 100, `signs` the reasons for it with
    what they add. Found anew whenever one of the two changes."""

    one = models.ForeignKey(Company, models.CASCADE, related_name="+")
    other = models.ForeignKey(Company, models.CASCADE, related_name="+")
    score = models.PositiveSmallIntegerField(_("likeness"))
    signs = models.JSONField(default=dict)
    found_at = models.DateTimeField(auto_now=True)

    objects = LikenessQuerySet.as_manager()

    class Meta:
        ordering = ["-score", "one", "other"]
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], name="%(app_label)s_%(class)s_once"),
            models.CheckConstraint(condition=Q(one__lt=F("other")), name="%(app_label)s_%(class)s_in_order"),
            models.CheckConstraint(condition=Q(score__lte=100), name="%(app_label)s_%(class)s_score"),
        ]
        indexes = [models.Index(fields=["-score", "one", "other"], name="companies_likeness_order")]

    def __str__(self) -> str:
        return f"{self.one_id} ~ {self.other_id}: {self.score}"
