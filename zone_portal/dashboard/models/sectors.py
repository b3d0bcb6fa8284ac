"""To which sector an industry belongs, as officers say: what cooperation between culture and technology is told by."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.audit import audited
from core.constraints import one_of


class Sector(models.TextChoices):
    CULTURE = "culture", _("culture")
    TECHNOLOGY = "technology", _("technology")
    NEITHER = "neither", _("neither of the two")


@audited()
class IndustrySector(models.Model):
    """`industry` is written as the register has it, without blanks around it."""

    industry = models.CharField(_("industry"), max_length=80, unique=True)
    sector = models.CharField(_("sector"), max_length=10, choices=Sector)

    class Meta:
        ordering = ["industry"]
        constraints = [
            one_of("sector", Sector.values),
            models.CheckConstraint(condition=~models.Q(industry=""), name="%(app_label)s_%(class)s_named"),
        ]

    def __str__(self) -> str:
        return f"{self.industry}: {self.sector}"
