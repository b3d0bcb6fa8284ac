"""Campuses, buildings and units: the places that can be let."""

import pgtrigger
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.audit import audited
from core.constraints import NUMBER_FORM, NUMBER_PATTERN, number_form
from spaces.choices import PathStep
from spaces.querysets import UnitQuerySet

# Keeps every product of area, price and days far below 2**63 in the rules, and typing errors out; so does the
# highest price of a lease.
MAX_AREA_M2 = 100_000


@audited()
class Campus(models.Model):
    """A place of the zone, with the step of the path that it stands for."""

    code = models.CharField(_("code"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=120)
    name_zh = models.CharField(_("Chinese name"), max_length=120, blank=True)
    step = models.CharField(_("step"), max_length=6, choices=PathStep, blank=True)

    class Meta:
        verbose_name = _("campus")
        verbose_name_plural = _("campuses")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


@audited()
class Building(models.Model):
    campus = models.ForeignKey(Campus, models.PROTECT, related_name="buildings")
    code = models.CharField(_("building"), max_length=60)

    class Meta:
        ordering = ["campus", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["campus", "code"],
                name="%(app_label)s_%(class)s_code",
                violation_error_message=_("This campus has a building of that name already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.campus_id}/{self.code}"


@audited()
class Unit(models.Model):
    """What can be let as a whole; what is shared is split into units first. Area in m², two decimals."""

    code = models.CharField(
        _("unit"),
        max_length=64,
        unique=True,
        validators=[RegexValidator(NUMBER_PATTERN, NUMBER_FORM)],
    )
    building = models.ForeignKey(Building, models.PROTECT, related_name="units")
    floor = models.CharField(_("floor"), max_length=20, blank=True)
    area_m2 = models.DecimalField(_("area in m²"), max_digits=10, decimal_places=2)

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = _("unit")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(area_m2__gt=0) & Q(area_m2__lte=MAX_AREA_M2),
                name="%(app_label)s_%(class)s_area",
                violation_error_message=_("A unit has more than 0 and at most 100,000 m²."),
            ),
            number_form("code"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="area_covers_leases",
                operation=pgtrigger.UpdateOf("area_m2"),
                when=pgtrigger.Before,
                condition=pgtrigger.Condition("NEW.area_m2 < OLD.area_m2"),
                func="""
                    IF EXISTS (SELECT FROM spaces_lease
                               WHERE unit_id = NEW.id AND voided_at IS NULL AND area_m2 > NEW.area_m2) THEN
                        RAISE EXCEPTION 'unit % cannot shrink to % m2: a lease of it is larger', NEW.code, NEW.area_m2
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'spaces_unit_area_covers_leases';
                    END IF;
                    RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return self.code
