"""Decisions: what a company was entitled to, as the policy saw it on a day. Superseded, never edited."""

import pgtrigger
from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import Q
from django.db.models.functions import Length, Now
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _

from companies.models import Company
from core.constraints import never_deleted
from core.money import MoneyField
from subsidies.choices import Outcome, Point
from subsidies.models.policy import PolicyVersion
from subsidies.querysets import DecisionQuerySet
from subsidies.seals import SIZE

# All but `superseded_at`, which is set once. A test holds this list to the model.
FIXED = (
    "id", "public_id", "company_id", "company_code", "point", "version_id", "decided_for", "outcome", "amount",
    "criteria", "facts", "unmet", "missing", "fingerprint", "decided_at", "seal",
)  # fmt: skip


def _columns(row: str) -> str:
    return ", ".join(f"{row}.{name}" for name in FIXED)


def refers_to_what_is_there() -> pgtrigger.Trigger:
    """What foreign keys do, once a statement and not once a row: they were half of what it takes to write decisions.

    A row that was there stays there: no company and no published version is ever deleted, which triggers of theirs see
    to. So nobody has to be kept waiting.
    """
    return pgtrigger.Trigger(
        name="refers_to_what_is_there",
        level=pgtrigger.Statement,
        operation=pgtrigger.Insert,
        when=pgtrigger.After,
        referencing=pgtrigger.Referencing(new="new_values"),
        func="""
            IF EXISTS (
                SELECT FROM (SELECT DISTINCT company_id FROM new_values) decided
                    WHERE NOT EXISTS (SELECT FROM companies_company company WHERE company.id = decided.company_id)
            ) THEN
                RAISE EXCEPTION 'a decision is about a company of the register'
                    USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'subsidies_decision_company';
            END IF;
            IF EXISTS (
                SELECT FROM (SELECT DISTINCT version_id FROM new_values) decided
                    WHERE NOT EXISTS (
                        SELECT FROM subsidies_policyversion version
                            WHERE version.id = decided.version_id AND version.state = 'published'
                    )
            ) THEN
                RAISE EXCEPTION 'a decision goes by a published version of the policy'
                    USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'subsidies_decision_version';
            END IF;
            RETURN NULL;
        """,
    )


class Decision(models.Model):
    """The outcome of one point for one company, with all that it rests on.

    `decided_for` is the first day for which it was found; it stands until it is superseded. `criteria` has one
    character a criterion in the order of the point's tree (1 met, 0 not met, ? unknown); `facts` are the values the
    point saw; `fingerprint` is a hash of outcome, amount, criteria, facts and version: an unchanged run compares it
    and writes nothing. `seal` is a digest of the row, of the version's content and of the seal of the decision before
    it on the same company and point (`subsidies.seals`); `company_code` is the code that was sealed, whatever it is
    now. The row is its own audit trail: the database refuses edits and deletions.
    """

    id = models.BigAutoField(primary_key=True)
    public_id = models.UUIDField(db_default=RandomUUID(), unique=True, editable=False)
    # Kept by `refers_to_what_is_there`, as the version is.
    company = models.ForeignKey(Company, models.PROTECT, related_name="decisions", db_constraint=False)
    company_code = models.CharField(max_length=32, editable=False)
    point = models.CharField(_("point"), max_length=16, choices=Point)
    # No index: a version has too many decisions for one to help, and every decision would have to be written into it.
    version = models.ForeignKey(
        PolicyVersion, models.PROTECT, related_name="decisions", db_index=False, db_constraint=False
    )
    decided_for = models.DateField(_("day"))
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome)
    amount = MoneyField(_("amount"), null=True, blank=True)
    criteria = models.CharField(max_length=40)
    facts = models.JSONField(default=dict)
    unmet = models.CharField(max_length=400, blank=True)
    missing = models.CharField(max_length=400, blank=True)
    fingerprint = models.BigIntegerField()
    decided_at = models.DateTimeField(db_default=Now())
    superseded_at = models.DateTimeField(null=True, blank=True)
    seal = models.BinaryField(max_length=SIZE)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        ordering = ["company", "point", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["company", "point"],
                condition=Q(superseded_at=None),
                name="%(app_label)s_%(class)s_one_in_force",
            ),
            models.CheckConstraint(
                condition=Q(outcome="eligible") | Q(amount=None),
                name="%(app_label)s_%(class)s_amount_when_eligible",
            ),
            models.CheckConstraint(condition=Exact(Length("seal"), SIZE), name="%(app_label)s_%(class)s_sealed"),
        ]
        triggers = [
            refers_to_what_is_there(),
            never_deleted(),
            pgtrigger.Protect(
                name="never_edited",
                operation=pgtrigger.Update,
                # Named one by one, as comparing the rows as JSON takes longer than writing them.
                condition=pgtrigger.Condition(
                    f"OLD.superseded_at IS NOT NULL OR ({_columns('NEW')}) IS DISTINCT FROM ({_columns('OLD')})"
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.company_id} {self.point}: {self.outcome}"
