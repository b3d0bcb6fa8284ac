"""What the zone gives to companies and teams of a stage: lists of support, each in force from a day on."""

import datetime as dt
import uuid
from decimal import Decimal

import pgtrigger
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from community.choices import Audience, PolicyPoint, SupportKind, SupportPer, SupportUnit
from community.models import fields
from community.querysets.support import PackageQuerySet
from community.wording import in_reader_s_language
from companies.choices import Stage
from companies.models.register import append_only
from core.audit import audited
from core.constraints import calendar_period, never_deleted, one_of, void_has_reason, within
from core.periods import first_day, last_day
from core.records import Voidable
from spaces.models import Campus

ITEM_CODE = r"^[a-z0-9][a-z0-9-]{0,31}$"
ITEM_CODE_FORM = _("Use small letters, digits and dashes; up to 32 characters.")
MOST = 100_000  # of anything; keeps typing errors out
LEAST = Decimal("0.01")
LONGEST_NOTE = 200


@audited()
class SupportPackage(Voidable):
    """One version of the list for companies or teams of a stage: of one campus, or of all.

    It says what is given on the days of `valid`, and is never changed: another version follows it from a day on. Void
    is one that was withdrawn before it began. `is_sealed` once its items are in: from then on none is added.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    audience = models.CharField(_("for"), max_length=9, choices=Audience, default=Audience.COMPANIES)
    stage = models.CharField(_("stage"), max_length=8, choices=Stage)
    campus = models.ForeignKey(
        Campus, models.PROTECT, null=True, blank=True, related_name="support_packages", verbose_name=_("campus")
    )
    valid = DateRangeField(_("in force"))
    note = models.CharField(_("why"), max_length=LONGEST_NOTE, blank=True)
    is_sealed = models.BooleanField(default=False, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+")

    objects = PackageQuerySet.as_manager()

    class Meta:
        verbose_name = _("support package")
        verbose_name_plural = _("support packages")
        ordering = ["audience", "stage", "campus", "-valid"]
        constraints = [
            one_of("audience", Audience.values),
            one_of("stage", Stage.values),
            calendar_period("valid", _("A package is in force for at least one day, between 1800 and 2199.")),
            models.CheckConstraint(
                condition=Q(valid__startswith__isnull=False),
                name="%(app_label)s_%(class)s_first_day",
                violation_error_message=_("A package is in force from a day on."),
            ),
            ExclusionConstraint(
                name="%(app_label)s_%(class)s_one_a_day",
                expressions=[
                    ("audience", RangeOperators.EQUAL),
                    ("stage", RangeOperators.EQUAL),
                    (Coalesce("campus", 0, output_field=models.BigIntegerField()), RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
                condition=Q(voided_at=None),
                violation_error_message=_("Another package of this stage and campus is in force on some of the days."),
                violation_error_code="in_force_already",
            ),
            void_has_reason(),
        ]
        triggers = [
            never_deleted(),
            pgtrigger.Protect(
                name="says_what_it_said",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.audience <> NEW.audience OR OLD.stage <> NEW.stage"
                    " OR OLD.campus_id IS DISTINCT FROM NEW.campus_id OR lower(OLD.valid) <> lower(NEW.valid)"
                    " OR OLD.is_sealed AND NOT NEW.is_sealed OR OLD.voided_at IS NOT NULL"
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_stage_display()} {self.since}"

    @property
    def since(self) -> dt.date | None:
        return first_day(self.valid)

    @property
    def until(self) -> dt.date | None:
        """The last day, included; None while no other version follows."""
        return last_day(self.valid)


def only_before_sealed() -> pgtrigger.Trigger:
    """A package that is in force says nothing new: its items come in with it."""
    return pgtrigger.Trigger(
        name="only_before_sealed",
        operation=pgtrigger.Insert,
        when=pgtrigger.Before,
        func="""
            PERFORM FROM community_supportpackage WHERE id = NEW.package_id AND is_sealed;
            IF FOUND THEN
                RAISE EXCEPTION 'support package % is sealed', NEW.package_id
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'community_supportitem_sealed';
            END IF;
            RETURN NEW;
        """,
    )


class SupportItem(models.Model):
    """One line of a package. `amount` of `unit` is given a month, a year or in all; null is without a limit. `code`
    says what is the same in all packages: what was given counts by it, whichever package it was given under."""

    package = models.ForeignKey(SupportPackage, models.PROTECT, related_name="items")
    position = models.PositiveSmallIntegerField(default=0)
    code = models.CharField(_("code"), max_length=32, validators=[RegexValidator(ITEM_CODE, ITEM_CODE_FORM)])
    kind = models.CharField(_("kind"), max_length=12, choices=SupportKind)
    amount = models.DecimalField(
        _("amount"), max_digits=8, decimal_places=2, null=True, blank=True,
        validators=[MinValueValidator(LEAST), MaxValueValidator(MOST)],
    )  # fmt: skip
    unit = models.CharField(_("unit"), max_length=7, choices=SupportUnit, blank=True)
    per = models.CharField(_("how long it is to last"), max_length=5, choices=SupportPer, default=SupportPer.YEAR)
    point = models.CharField(_("point of the policy"), max_length=15, choices=PolicyPoint, blank=True)
    name = fields.name(_("name"))
    name_zh = fields.name_in(fields.CHINESE_NAME)
    name_de = fields.name_in(fields.GERMAN_NAME)
    details = fields.details(_("details"))
    details_zh = fields.details(_("details in Chinese"))
    details_de = fields.details(_("details in German"))

    class Meta:
        verbose_name = _("item of a support package")
        ordering = ["package", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["package", "code"],
                name="%(app_label)s_%(class)s_once",
                violation_error_message=_("Two items of a package have different codes."),
                violation_error_code="taken",
            ),
            models.CheckConstraint(
                condition=Q(code__regex=ITEM_CODE), name="%(app_label)s_%(class)s_code_form",
                violation_error_message=ITEM_CODE_FORM,
            ),
            one_of("kind", SupportKind.values),
            one_of("per", SupportPer.values),
            one_of("unit", [*SupportUnit.values, ""]),
            one_of("point", [*PolicyPoint.values, ""]),
            within("amount", LEAST, MOST, _("An amount is between 0.01 and 100,000; leave it empty for no limit.")),
            models.CheckConstraint(
                condition=Q(kind=SupportKind.POINT, amount=None, unit="") & ~Q(point="")
                | ~Q(kind=SupportKind.POINT) & Q(point="") & ~Q(unit=""),
                name="%(app_label)s_%(class)s_point_or_amount",
                violation_error_message=_(
                    "A point of the policy is named without an amount and a unit; everything else has a unit."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(kind=SupportKind.ROOM_CREDITS)
                | Q(amount__isnull=False, unit=SupportUnit.CREDITS, per=SupportPer.MONTH),
                name="%(app_label)s_%(class)s_credits_monthly",
                violation_error_message=_("Room credits are an amount of credits a month."),
            ),
            models.CheckConstraint(
                condition=~Q(kind=SupportKind.MENTORING) | Q(unit=SupportUnit.HOURS),
                name="%(app_label)s_%(class)s_mentoring_hours",
                violation_error_message=_("Mentoring is counted in hours."),
            ),
            models.UniqueConstraint(
                fields=["package"],
                condition=Q(kind=SupportKind.ROOM_CREDITS),
                name="%(app_label)s_%(class)s_credits_once",
                violation_error_message=_("A package has room credits once."),
                violation_error_code="credits_twice",
            ),
            models.UniqueConstraint(
                fields=["package", "point"],
                condition=~Q(point=""),
                name="%(app_label)s_%(class)s_point_once",
                violation_error_message=_("A package names a point of the policy once."),
                violation_error_code="point_twice",
            ),
        ]  # fmt: skip
        triggers = [append_only(), only_before_sealed()]

    def __str__(self) -> str:
        return in_reader_s_language(self)

    @property
    def told_details(self) -> str:
        return in_reader_s_language(self, "details")
