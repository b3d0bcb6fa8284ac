"""Choices of the talents. The codes are those of the interchange formats."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class TalentGrade(models.TextChoices):
    """The five classes of recognised high-level talents, as Hangzhou names them."""

    A = "A", _("class A")
    B = "B", _("class B")
    C = "C", _("class C")
    D = "D", _("class D")
    E = "E", _("class E")
