"""Moves of companies from one stage to another, as the evidence speaks for them, and what people made of them."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from companies.choices import Stage
from companies.models import Company
from core.constraints import never_deleted, one_of
from subsidies.choices import ProposalState
from subsidies.models.grants import differs
from subsidies.models.policy import PolicyVersion
from subsidies.querysets import StageAppealQuerySet, StageProposalQuerySet
from subsidies.rules.evaluate import SEPARATOR
from subsidies.rules.stages import RANKS

EVIDENCE = (
    "id", "public_id", "company_id", "stage", "proposed", "criteria", "facts", "reports", "unmet", "missing",
    "version_id", "proposed_for", "proposed_at", "fingerprint",
)  # fmt: skip


class StageProposal(models.Model):
    """That a company moves from `stage` ("" for none yet) to `proposed`, with the evidence as it was seen.

    `criteria` has the results of all four stages, `;` between, a character a criterion in the order of the stage's tree
    (1 met, 0 not met, ? unknown); `facts` are the values that they saw on `proposed_for`; `reports` are the last days
    of the reports by which the company falls short, `;` between, for a move down. `unmet` and `missing` are about the
    stage that it falls short of, or the next one after the proposed. `fingerprint` is a hash of it all: an unchanged
    run compares it and writes nothing, and what was refused is not proposed again while nothing changed. The row is its
    own audit trail: the database refuses edits of the evidence, and deletions.
    """

    id = models.BigAutoField(primary_key=True)
    public_id = models.UUIDField(db_default=RandomUUID(), unique=True, editable=False)
    company = models.ForeignKey(Company, models.PROTECT, related_name="stage_proposals", verbose_name=_("company"))
    stage = models.CharField(_("stage"), max_length=8, choices=Stage, blank=True)
    proposed = models.CharField(_("proposed stage"), max_length=8, choices=Stage)
    criteria = models.CharField(max_length=100)
    facts = models.JSONField(default=dict)
    reports = models.CharField(max_length=200, blank=True)
    unmet = models.CharField(max_length=400, blank=True)
    missing = models.CharField(max_length=400, blank=True)
    version = models.ForeignKey(PolicyVersion, models.PROTECT, related_name="stage_proposals", db_index=False)
    proposed_for = models.DateField(_("day"))
    proposed_at = models.DateTimeField(db_default=Now())
    fingerprint = models.BigIntegerField()
    state = models.CharField(_("state"), max_length=10, choices=ProposalState, db_default=ProposalState.OPEN)
    superseded_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(_("reason"), db_default="", blank=True)

    objects = StageProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("proposed stage")
        verbose_name_plural = _("proposed stages")
        ordering = ["-pk"]
        constraints = [
            one_of("stage", [*Stage.values, ""]),
            one_of("proposed", Stage.values),
            one_of("state", ProposalState.values),
            models.CheckConstraint(condition=~Q(stage=F("proposed")), name="%(app_label)s_%(class)s_moves"),
            models.UniqueConstraint(
                fields=["company"], condition=Q(state="open"), name="%(app_label)s_%(class)s_one_open"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "superseded"], decided_by=None, decided_at=None)
                | Q(state__in=["confirmed", "refused"], decided_by__isnull=False, decided_at__isnull=False),
                name="%(app_label)s_%(class)s_decided_by",
            ),
            models.CheckConstraint(
                condition=Q(state="superseded", superseded_at__isnull=False)
                | ~Q(state="superseded") & Q(superseded_at=None),
                name="%(app_label)s_%(class)s_superseded_at",
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(reason=""),
                name="%(app_label)s_%(class)s_refused_with_reason",
                violation_error_message=_("Say why the move is refused."),
            ),
        ]
        indexes = [models.Index(fields=["company", "-id"], name="subsidies_stageproposal_by")]
        triggers = [
            never_deleted(),
            pgtrigger.FSM(
                name="state_by_state",
                field="state",
                transitions=[
                    ("open", "confirmed"), ("open", "refused"), ("open", "superseded"),
                    ("refused", "confirmed"), ("confirmed", "refused"),  # by an appeal
                ],
            ),
            pgtrigger.Protect(
                name="evidence_stands",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(differs(*EVIDENCE)),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.company_id}: {self.stage} → {self.proposed}"

    @property
    def is_up(self) -> bool:
        """Whether it is a move up, the first stage included."""
        return not self.stage or RANKS[self.proposed] > RANKS[self.stage]

    @property
    def results(self) -> dict[str, str]:
        """The results of each stage's criteria, as `rules.evaluate` writes them."""
        return dict(zip(RANKS, self.criteria.split(SEPARATOR), strict=True))


class StageAppeal(models.Model):
    """That a company asks for another look: at a move up that was refused, or at one down that was confirmed. Another
    officer than the one who decided answers it, once."""

    proposal = models.OneToOneField(StageProposal, models.PROTECT, related_name="appeal")
    text = models.TextField(_("why you disagree"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    upheld = models.BooleanField(null=True, blank=True)
    answer = models.TextField(_("answer"), blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = StageAppealQuerySet.as_manager()

    class Meta:
        verbose_name = _("appeal")
        verbose_name_plural = _("appeals")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="%(app_label)s_%(class)s_says_why"),
            models.CheckConstraint(
                condition=Q(answered_at=None, answered_by=None, upheld=None, answer="")
                | Q(answered_at__isnull=False, answered_by__isnull=False, upheld__isnull=False) & ~Q(answer=""),
                name="%(app_label)s_%(class)s_answered_whole",
            ),
        ]
        triggers = [
            never_deleted(),
            pgtrigger.Protect(
                name="answered_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    f"OLD.answered_at IS NOT NULL OR {differs('id', 'proposal_id', 'text', 'by_id', 'created_at')}"
                ),
            ),
            pgtrigger.Trigger(
                name="answered_by_another",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.Condition("NEW.answered_by_id IS NOT NULL"),
                func="""
                    IF EXISTS (
                        SELECT FROM subsidies_stageproposal
                        WHERE id = NEW.proposal_id AND decided_by_id = NEW.answered_by_id
                    ) THEN
                        RAISE EXCEPTION 'another officer than the one who decided answers an appeal'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'subsidies_stageappeal_four_eyes';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.proposal}"
