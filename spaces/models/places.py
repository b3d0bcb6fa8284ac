"""Campuses, buildings and units: the places that can be let."""

from fractions import Fraction
from typing import Any

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DecimalRangeField, RangeOperators
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Deferrable, F, Func, Q
from django.utils.translation import gettext_lazy as _

from core.audit import audited
from core.constraints import NUMBER_FORM, NUMBER_PATTERN, number_form
from spaces.choices import PathStep
from spaces.layout import Box
from spaces.querysets.places import BuildingQuerySet, UnitQuerySet

# Keeps every product of area, price and days far below 2**63 in the rules, and typing errors out; so does the
# highest price of a lease.
MAX_AREA_M2 = 100_000
MAX_SIDE_M = 500  # of a floor
MOST_DESKS = 1_000  # of a unit


def _side(name: Any) -> models.DecimalField:
    """Metres on a floor, to the centimetre."""
    return models.DecimalField(
        name,
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(MAX_SIDE_M)],
    )


def _extent(start: str, length: str) -> Func:
    """Half-open and exact: units may share a wall."""
    return Func(F(start), F(start) + F(length), function="numrange", output_field=DecimalRangeField())


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

    objects = BuildingQuerySet.as_manager()

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
    """What can be let as a whole; what is shared is split into units first. Area in m², two decimals.

    Where it is on its floor may be on record: the upper left corner of a rectangle and its sides, in metres. It is for
    the plan alone; what is let is the area. A unit with desks lends them one by one.
    """

    code = models.CharField(
        _("unit"),
        max_length=64,
        unique=True,
        validators=[RegexValidator(NUMBER_PATTERN, NUMBER_FORM)],
    )
    building = models.ForeignKey(Building, models.PROTECT, related_name="units")
    floor = models.CharField(_("floor"), max_length=20, blank=True)
    area_m2 = models.DecimalField(_("area in m²"), max_digits=10, decimal_places=2)
    desks = models.PositiveSmallIntegerField(_("desks"), default=0, validators=[MaxValueValidator(MOST_DESKS)])
    x_m = _side(_("from the left, in m"))
    y_m = _side(_("from the top, in m"))
    width_m = _side(_("width in m"))
    depth_m = _side(_("depth in m"))

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
            models.CheckConstraint(
                condition=Q(desks__lte=MOST_DESKS),
                name="%(app_label)s_%(class)s_desks",
                violation_error_message=_("A unit has at most 1,000 desks."),
            ),
            models.CheckConstraint(
                condition=Q(x_m=None, y_m=None, width_m=None, depth_m=None)
                | Q(x_m__isnull=False, y_m__isnull=False, width_m__isnull=False, depth_m__isnull=False),
                name="%(app_label)s_%(class)s_place_whole",
                violation_error_message=_("Enter all four measures of the place on the floor, or none of them."),
            ),
            models.CheckConstraint(
                condition=Q(x_m=None)
                | Q(x_m__gte=0, y_m__gte=0, width_m__gt=0, depth_m__gt=0)
                & Q(x_m__lte=MAX_SIDE_M - F("width_m"), y_m__lte=MAX_SIDE_M - F("depth_m")),
                name="%(app_label)s_%(class)s_place_bounds",
                violation_error_message=_("A unit has a width and a depth, and lies within 500 m of the corner."),
            ),
            ExclusionConstraint(
                name="%(app_label)s_%(class)s_place_free",
                expressions=[
                    ("building", RangeOperators.EQUAL),
                    ("floor", RangeOperators.EQUAL),
                    (_extent("x_m", "width_m"), RangeOperators.OVERLAPS),
                    (_extent("y_m", "depth_m"), RangeOperators.OVERLAPS),
                ],
                # Of unknown measures the range would be without ends, and overlap everything.
                condition=Q(x_m__isnull=False),
                deferrable=Deferrable.IMMEDIATE,
                violation_error_message=_("Another unit of this floor is in the same place."),
                violation_error_code="place_taken",
            ),
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
            ),
            # Most is taken on the first day of a membership or on that of a pass. Past days count: they are on record.
            pgtrigger.Trigger(
                name="desks_cover_memberships",
                operation=pgtrigger.UpdateOf("desks"),
                when=pgtrigger.Before,
                condition=pgtrigger.Condition("NEW.desks < OLD.desks"),
                func="""
                    IF EXISTS (
                        SELECT FROM (
                            SELECT lower(term) AS day FROM spaces_deskmembership
                                WHERE unit_id = NEW.id AND voided_at IS NULL
                            UNION SELECT day FROM spaces_daypass WHERE unit_id = NEW.id AND voided_at IS NULL
                        ) began
                        WHERE (SELECT coalesce(sum(held.desks), 0) FROM spaces_deskmembership held
                               WHERE held.unit_id = NEW.id AND held.voided_at IS NULL AND held.term @> began.day)
                            + (SELECT coalesce(sum(pass.desks), 0) FROM spaces_daypass pass
                               WHERE pass.unit_id = NEW.id AND pass.voided_at IS NULL AND pass.day = began.day)
                            > NEW.desks
                    ) THEN
                        RAISE EXCEPTION 'unit % cannot have % desks: more of them are taken', NEW.code, NEW.desks
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'spaces_unit_desks_cover_memberships';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def box(self) -> Box | None:
        """Its place on the floor, where that is on record."""
        if self.x_m is None or self.y_m is None or self.width_m is None or self.depth_m is None:
            return None
        return Box(*(Fraction(side) for side in (self.x_m, self.y_m, self.width_m, self.depth_m)))
