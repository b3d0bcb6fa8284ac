"""Versions of the policy: text and dated parameters. A published version is immutable; the database sees to it."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.audit import audited
from subsidies.choices import PolicyState, Provenance
from subsidies.querysets import PolicyVersionQuerySet

_DRAFTS_ONLY = pgtrigger.Protect(
    name="drafts_only",
    operation=pgtrigger.Delete,
    condition=~pgtrigger.Q(old__state="draft"),
)


@audited()
class PolicyVersion(models.Model):
    """A version of a policy, in force from `effective_from` until the next published one.

    `texts` holds names and clauses of the points and stages by language, as in a policy pack.
    """

    policy = models.CharField(_("policy"), max_length=60)
    version = models.CharField(_("version"), max_length=40)
    effective_from = models.DateField(_("in force from"))
    state = models.CharField(_("state"), max_length=12, choices=PolicyState, default=PolicyState.DRAFT)
    texts = models.JSONField(_("texts"))
    published_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = PolicyVersionQuerySet.as_manager()

    class Meta:
        ordering = ["policy", "effective_from", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["policy", "version"],
                name="%(app_label)s_%(class)s_version",
                violation_error_message=_("The portal has a version of this name already."),
            ),
            models.UniqueConstraint(
                fields=["policy", "effective_from"],
                condition=Q(state="published"),
                name="%(app_label)s_%(class)s_one_from_a_day",
                violation_error_message=_("Another published version is in force from this day."),
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(published_at__isnull=False),
                name="%(app_label)s_%(class)s_published_at",
            ),
        ]
        triggers = [
            _DRAFTS_ONLY,
            pgtrigger.Protect(
                name="published_is_immutable",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.state <> 'draft' AND (NEW.state = 'draft' OR"
                    " (NEW.policy, NEW.version, NEW.effective_from, NEW.texts, NEW.published_at) IS DISTINCT FROM"
                    " (OLD.policy, OLD.version, OLD.effective_from, OLD.texts, OLD.published_at))"
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.policy} {self.version}"


@audited()
class PolicyParameter(models.Model):
    """One value of a version (or, for a series such as `lpr_1y`, a list of `from` and `value`), with where it is from.

    Decimal values are kept as text in `value`, so that no float ever touches them.
    """

    version = models.ForeignKey(PolicyVersion, models.CASCADE, related_name="parameters")
    name = models.CharField(_("name"), max_length=80)
    value = models.JSONField(_("value"))
    unit = models.CharField(_("unit of measure"), max_length=40, blank=True)
    provenance = models.CharField(_("provenance"), max_length=10, choices=Provenance)
    source = models.TextField(_("source"), blank=True)

    class Meta:
        ordering = ["version", "name"]
        constraints = [models.UniqueConstraint(fields=["version", "name"], name="%(app_label)s_%(class)s_once")]
        triggers = [
            pgtrigger.Trigger(
                name="drafts_only",
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                when=pgtrigger.Before,
                declare=[("version_state", "text")],
                # Both versions of a parameter that is moved; the share lock waits for somebody who publishes now.
                func="""
                    FOR version_state IN
                        SELECT state FROM subsidies_policyversion
                            WHERE id IN (NEW.version_id, OLD.version_id) FOR SHARE
                    LOOP
                        IF version_state <> 'draft' THEN
                            RAISE EXCEPTION 'a published policy version is immutable'
                                USING ERRCODE = 'check_violation', CONSTRAINT = 'subsidies_policyparameter_drafts_only';
                        END IF;
                    END LOOP;
                    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
                    RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return self.name
