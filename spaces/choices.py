"""Choices of the places and leases."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PathStep(models.TextChoices):
    """The three steps of the path, each with its place."""

    IDEA = "0-1", _("0→1: ideas")
    INCUBATION = "1-10", _("1→10: incubation")
    SCALE = "10-inf", _("10→∞: scale")
