"""What becomes of leases: which follow which, and which ended before the day that was agreed.

Both are written once by an act of an officer and never changed; what was entered in error is corrected at the leases.
"""

import datetime as dt

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from core.constraints import calendar_day, one_of
from core.periods import DAY
from spaces.choices import LeaseAct, NoticeBy
from spaces.models.leases import Lease


def append_only() -> pgtrigger.Protect:
    """What was done stays on record."""
    return pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)


class Succession(models.Model):
    """From `day` on the company of one lease goes on under another.

    One act writes a row for each pair: one lease that is split has several rows, and so has one that several were
    merged into. At that moment the terms meet: the one ends on the day before, the other begins on the day.
    """

    before = models.ForeignKey(Lease, models.PROTECT, related_name="followed_by", verbose_name=_("lease before"))
    after = models.ForeignKey(Lease, models.PROTECT, related_name="follows", verbose_name=_("lease after"))
    act = models.CharField(_("act"), max_length=8, choices=LeaseAct)
    day = models.DateField(_("from"))
    reason = models.TextField(_("reason"), blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("succession of leases")
        ordering = ["day", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["before", "after"], name="%(app_label)s_%(class)s_once"),
            one_of("act", LeaseAct.values),
            calendar_day("day"),
        ]
        triggers = [
            append_only(),
            pgtrigger.Trigger(
                name="terms_meet",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                declare=[("gone", "record"), ("come", "record")],
                # The row of the lease before is held: of two who let it be followed, the second one sees the first.
                func="""
                    SELECT company_id, term, voided_at INTO gone
                        FROM spaces_lease WHERE id = NEW.before_id FOR NO KEY UPDATE;
                    SELECT company_id, term, voided_at INTO come FROM spaces_lease WHERE id = NEW.after_id;
                    IF gone.voided_at IS NOT NULL OR come.voided_at IS NOT NULL OR gone.company_id <> come.company_id
                       OR upper(gone.term) IS DISTINCT FROM NEW.day OR lower(come.term) IS DISTINCT FROM NEW.day THEN
                        RAISE EXCEPTION 'a lease follows one of its company that ends on the day before'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'spaces_succession_terms_meet';
                    END IF;
                    IF EXISTS (SELECT FROM spaces_succession other JOIN spaces_lease lease ON lease.id = other.after_id
                               WHERE other.before_id = NEW.before_id AND lease.voided_at IS NULL
                                 AND (other.act <> NEW.act OR NEW.act <> 'split')) THEN
                        RAISE EXCEPTION 'a lease is followed once'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'spaces_succession_followed_once';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.before_id} {self.act} {self.after_id}"


class Ending(models.Model):
    """A lease ended before the day that was agreed. `until` is the day after its last, `agreed_until` that of what had
    been agreed; None for an open end."""

    lease = models.ForeignKey(Lease, models.PROTECT, related_name="endings", verbose_name=_("lease"))
    until = models.DateField()
    agreed_until = models.DateField(null=True, blank=True)
    notice_by = models.CharField(_("notice by"), max_length=7, choices=NoticeBy)
    reason = models.TextField(_("reason"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("early end of a lease")
        ordering = ["pk"]
        constraints = [
            one_of("notice_by", NoticeBy.values),
            models.CheckConstraint(condition=~Q(reason=""), name="%(app_label)s_%(class)s_reason"),
            models.CheckConstraint(
                condition=Q(agreed_until=None) | Q(until__lt=F("agreed_until")), name="%(app_label)s_%(class)s_early"
            ),
        ]
        triggers = [append_only()]

    def __str__(self) -> str:
        return f"{self.lease_id} until {self.until}"

    @property
    def last_day(self) -> dt.date:
        return self.until - DAY

    @property
    def agreed_last_day(self) -> dt.date | None:
        return None if self.agreed_until is None else self.agreed_until - DAY
