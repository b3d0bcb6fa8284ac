"""Versions of the policy: text and dated parameters. A published version is immutable; the database sees to it."""

import datetime as dt

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.audit import audited
from subsidies.choices import PolicyState, Provenance
from subsidies.querysets import PolicyVersionQuerySet

_UNPUBLISHED = Q(state__in=["draft", "simulated", "approved"])
_CONTENT = ("policy", "version", "effective_from", "texts", "content_hash")
_APPROVAL = ("approved_by_id", "approved_at", "approved_hash")
_FIXED = (*_CONTENT, *_APPROVAL, "state", "published_at", "published_by_id", "created_by_id", "created_at")


def _differ(columns: tuple[str, ...]) -> str:
    new, old = (", ".join(f"{row}.{column}" for column in columns) for row in ("NEW", "OLD"))
    return f"({new}) IS DISTINCT FROM ({old})"


@audited()
class PolicyVersion(models.Model):
    """A version of a policy, in force from `effective_from` until the next published one.

    `texts` holds names and clauses of the points and stages by language, as in a policy pack. `content_hash` is a hash
    of all that the version says (`rules.content`); an approval names the one that it was given for. `edited_by` is who
    changed that content last; None stands for the command line, by whomever. Whoever had a hand in the content
    (`PolicyAuthor`) does not approve it, and who approved it does not publish it.
    """

    policy = models.CharField(_("policy"), max_length=60)
    version = models.CharField(_("version"), max_length=40)
    effective_from = models.DateField(_("in force from"))
    state = models.CharField(_("state"), max_length=12, choices=PolicyState, default=PolicyState.DRAFT)
    texts = models.JSONField(_("texts"))
    content_hash = models.CharField(max_length=64, blank=True, editable=False)
    copied_from = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="copies")
    created_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    edited_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    edited_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_hash = models.CharField(max_length=64, blank=True)
    published_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)

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
                condition=_UNPUBLISHED & Q(published_at=None, published_by=None)
                | Q(state="published", published_at__isnull=False),
                name="%(app_label)s_%(class)s_published_at",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "simulated", "published"], approved_by=None, approved_at=None)
                & Q(approved_hash="")
                | Q(state__in=["approved", "published"], approved_by__isnull=False, approved_at__isnull=False)
                & Q(approved_hash=F("content_hash"))
                & ~Q(content_hash=""),
                name="%(app_label)s_%(class)s_approval",
                violation_error_message=_("An approval holds for the content that it was given for alone."),
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None) | Q(edited_by=None) | ~Q(approved_by=F("edited_by")),
                name="%(app_label)s_%(class)s_two_people",
                violation_error_message=_("Who edited a version last does not approve it: somebody else does."),
                violation_error_code="two_people",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="drafts_only",
                operation=pgtrigger.Delete,
                condition=~pgtrigger.Q(old__state="draft"),
            ),
            pgtrigger.Protect(
                name="published_is_immutable",
                operation=pgtrigger.Update,
                # A draft that the version was copied from may be discarded: the reference is emptied then, no more.
                condition=pgtrigger.Condition(
                    f"OLD.state = 'published' AND ({_differ(_FIXED)} OR"
                    " (NEW.copied_from_id IS NOT NULL AND NEW.copied_from_id IS DISTINCT FROM OLD.copied_from_id))"
                ),
            ),
            pgtrigger.Protect(
                name="edited_as_draft",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(f"OLD.state <> 'draft' AND NEW.state <> 'draft' AND {_differ(_CONTENT)}"),
            ),
            pgtrigger.Trigger(
                name="approved_before_published",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.Condition("NEW.state = 'published' AND NEW.approved_by_id IS NULL"),
                # Only the very first version of a portal comes without: nobody could have simulated it.
                func="""
                    IF EXISTS (
                        SELECT 1 FROM subsidies_policyversion
                            WHERE policy = NEW.policy AND state = 'published' AND id <> NEW.id
                    ) THEN
                        RAISE EXCEPTION 'a later policy version is published once a second person approved it'
                            USING ERRCODE = 'check_violation',
                            CONSTRAINT = 'subsidies_policyversion_approved_before_published';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="approved_by_no_author",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.Condition("NEW.state = 'approved'"),
                func="""
                    IF EXISTS (
                        SELECT 1 FROM subsidies_policyauthor
                            WHERE version_id = NEW.id AND author_id = NEW.approved_by_id
                    ) THEN
                        RAISE EXCEPTION 'who had a hand in a policy version does not approve it'
                            USING ERRCODE = 'check_violation',
                            CONSTRAINT = 'subsidies_policyversion_approved_by_no_author';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="published_by_another",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.Before,
                # Only on its way into force: a version that was published before this rule stays as it is.
                condition=pgtrigger.Condition("NEW.state = 'published' AND NEW.published_by_id = NEW.approved_by_id"),
                func="""
                    IF TG_OP = 'INSERT' OR OLD.state <> 'published' THEN
                        RAISE EXCEPTION 'who approved a policy version does not publish it'
                            USING ERRCODE = 'check_violation',
                            CONSTRAINT = 'subsidies_policyversion_published_by_another';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.policy} {self.version}"

    @cached_property
    def replaced_on(self) -> dt.date | None:
        """The first day of the next published version; None while there is none. `with_ends` reads it for many."""
        later = PolicyVersion.objects.published().filter(policy=self.policy, effective_from__gt=self.effective_from)
        found: dt.date | None = later.order_by("effective_from").values_list("effective_from", flat=True).first()
        return found

    def state_on(self, day: dt.date) -> PolicyState:
        """The state as people speak of it on a day: a published version is superseded once a later one is in force."""
        if self.state == PolicyState.PUBLISHED and self.replaced_on is not None and self.replaced_on <= day:
            return PolicyState.SUPERSEDED
        return PolicyState(self.state)


@audited()
class PolicyParameter(models.Model):
    """One value of a version (or, for a series such as `lpr_1y`, a list of `from` and `value`), with where it is from.

    Decimal values are kept as text in `value`, so that no float ever touches them. An assumed value is `confirmed_by`
    a policy editor in the zone's name; it stays an assumed one. Another value is not confirmed by that.
    """

    version = models.ForeignKey(PolicyVersion, models.CASCADE, related_name="parameters")
    name = models.CharField(_("name"), max_length=80)
    value = models.JSONField(_("value"))
    unit = models.CharField(_("unit of measure"), max_length=40, blank=True)
    provenance = models.CharField(_("provenance"), max_length=10, choices=Provenance)
    source = models.TextField(_("source"), blank=True)
    confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["version", "name"]
        constraints = [
            models.UniqueConstraint(fields=["version", "name"], name="%(app_label)s_%(class)s_once"),
            models.CheckConstraint(
                condition=Q(confirmed_by=None, confirmed_at=None)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False, provenance="assumed"),
                name="%(app_label)s_%(class)s_confirmation",
            ),
        ]
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
                            RAISE EXCEPTION 'a % policy version is immutable', version_state
                                USING ERRCODE = 'check_violation', CONSTRAINT = 'subsidies_policyparameter_drafts_only';
                        END IF;
                    END LOOP;
                    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Protect(
                name="confirmed_as_it_is",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.confirmed_at IS NOT NULL AND NEW.confirmed_at IS NOT DISTINCT FROM OLD.confirmed_at AND "
                    + _differ(("value", "unit", "provenance"))
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PolicyEdit(models.Model):
    """Who changed a part of a draft last, and how often it was changed: what an editor saw is checked against it.

    `part` is the name of a parameter, the code of a point or stage (for its words), or `effective_from`. What was
    changed from what to what is in the audit trail.
    """

    version = models.ForeignKey(PolicyVersion, models.CASCADE, related_name="edits")
    part = models.CharField(max_length=80)
    revision = models.PositiveIntegerField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "part"], name="%(app_label)s_%(class)s_once")]

    def __str__(self) -> str:
        return f"{self.part} ({self.revision})"


class PolicyAuthor(models.Model):
    """Somebody who had a hand in what a draft says: brought or copied it, changed or confirmed any part of it, or had a
    hand in the draft that it was copied from. An edit that was undone later counts as well."""

    version = models.ForeignKey(PolicyVersion, models.CASCADE, related_name="authors")
    author = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "author"], name="%(app_label)s_%(class)s_once")]

    def __str__(self) -> str:
        return f"{self.version_id}: {self.author_id}"
