"""Choices of the places and leases."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class PathStep(models.TextChoices):
    """The three steps of the path, each with its place."""

    IDEA = "0-1", _("0→1: ideas")
    INCUBATION = "1-10", _("1→10: incubation")
    SCALE = "10-inf", _("10→∞: scale")


class LeaseState(models.TextChoices):
    """What a lease is on a day."""

    SIGNED = "signed", pgettext_lazy("lease", "signed")
    IN_FORCE = "in_force", _("in force")
    ENDED = "ended", _("ended")
    ENDED_EARLY = "ended_early", _("ended early")
    VOID = "void", _("void")


class LeaseAct(models.TextChoices):
    """By what leases follow others."""

    RENEWED = "renewed", pgettext_lazy("lease", "renewed")
    CHANGED = "changed", pgettext_lazy("lease", "changed")
    MOVED = "moved", pgettext_lazy("lease", "moved to another unit")
    SPLIT = "split", pgettext_lazy("lease", "split")
    MERGED = "merged", pgettext_lazy("lease", "merged")


class NoticeBy(models.TextChoices):
    """Who wanted a lease to end before the day that was agreed."""

    COMPANY = "company", _("the company")
    ZONE = "zone", _("the zone")
    BOTH = "both", _("both, by agreement")


class OfferState(models.TextChoices):
    """What became of an offer of a lease."""

    OPEN = "open", pgettext_lazy("offer", "open")
    ACCEPTED = "accepted", pgettext_lazy("offer", "accepted")
    DECLINED = "declined", pgettext_lazy("offer", "declined")
    WITHDRAWN = "withdrawn", pgettext_lazy("offer", "withdrawn")
    LAPSED = "lapsed", pgettext_lazy("offer", "lapsed")
    SIGNED = "signed", pgettext_lazy("offer", "signed")


# An offer in one of these keeps its unit.
RESERVING = frozenset({OfferState.OPEN, OfferState.ACCEPTED})


class DepositKind(models.TextChoices):
    """What happened to the deposit of a lease."""

    AGREED = "agreed", pgettext_lazy("deposit", "agreed")
    RECEIVED = "received", pgettext_lazy("deposit", "received")
    RETURNED = "returned", pgettext_lazy("deposit", "returned")
    WITHHELD = "withheld", pgettext_lazy("deposit", "withheld")
    HANDED_OVER = "handed_over", pgettext_lazy("deposit", "handed over")
    REVERSED = "reversed", pgettext_lazy("deposit", "taken back")


class RoomField(models.TextChoices):
    """The four fields around the clock: what a room is for."""

    OPPORTUNITY = "opportunity", _("opportunity")
    DEVELOPMENT = "development", _("development")
    EMERGENCE = "emergence", _("emergence")
    FREE_SPACE = "free_space", _("free space")


class Equipment(models.TextChoices):
    """What a room has. The codes are the API's, too."""

    SCREEN = "screen", _("screen")
    PROJECTOR = "projector", _("projector")
    WHITEBOARD = "whiteboard", _("whiteboard")
    VIDEO = "video", _("video conference")
    SOUND = "sound", _("sound system")
    STAGE = "stage", _("stage")
    WORKBENCH = "workbench", _("workbench")
    PRINTER_3D = "printer_3d", _("3D printer")
    GPU = "gpu", _("GPU workstation")
    KITCHEN = "kitchen", _("kitchen")
    QUIET = "quiet", _("silence")


class Frequency(models.TextChoices):
    """How often a booking of a series comes back."""

    DAILY = "daily", _("daily")
    WEEKLY = "weekly", _("weekly")


class BookingState(models.TextChoices):
    BOOKED = "booked", _("booked")
    CHECKED_IN = "checked_in", _("checked in")
    RELEASED = "released", _("released")
    CANCELLED = "cancelled", _("cancelled")


HOLDING = (BookingState.BOOKED, BookingState.CHECKED_IN)
"""The states in which a booking keeps others out of its room."""
