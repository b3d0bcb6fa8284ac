"""Choices of the projects. The codes are those of the interchange formats."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ProjectField(models.TextChoices):
    """What a project is about."""

    AI = "ai", _("artificial intelligence")
    CULTURE = "culture", _("culture")
    OTHER = "other", _("other")


class ProjectKind(models.TextChoices):
    """What a project is put forward for: the leading-project award, or an investment of the angel fund."""

    LEADING = "leading", _("leading project")
    ANGEL = "angel", _("angel project")
