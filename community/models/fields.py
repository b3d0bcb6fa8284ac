"""Fields that several models of this app have."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

LONGEST_NAME = 120
LONGEST_DETAILS = 600


def name(label: Any) -> models.CharField:
    """What officers call a thing in English: the language that every zone has."""
    return models.CharField(label, max_length=LONGEST_NAME)


def name_in(label: Any) -> models.CharField:
    """The same in another language, "" where the zone wrote none."""
    return models.CharField(label, max_length=LONGEST_NAME, blank=True)


def details(label: Any) -> models.TextField:
    return models.TextField(label, max_length=LONGEST_DETAILS, blank=True)


CHINESE_NAME, GERMAN_NAME = _("Chinese name"), _("German name")
