"""What is to be done with each company of a stage, and what of it is done."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from community.choices import Audience
from community.models import fields
from community.querysets.support import ChecklistQuerySet, TickQuerySet
from community.wording import in_reader_s_language
from companies.choices import Stage
from companies.models import Company
from companies.models.guards import never_of_merged
from core.audit import audited
from core.constraints import calendar_day, never_deleted, one_of

LONGEST_NOTE = 500


@audited()
class ChecklistEntry(models.Model):
    """A line of the list of a stage: for companies, for teams, or ("") for both. One that nobody is to do any more is
    retired; what was ticked of it stays."""

    stage = models.CharField(_("stage"), max_length=8, choices=Stage)
    audience = models.CharField(_("for"), max_length=9, choices=Audience, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=10)
    name = fields.name(_("what is to be done"))
    name_zh = fields.name_in(_("the same in Chinese"))
    name_de = fields.name_in(_("the same in German"))
    is_retired = models.BooleanField(_("retired: nobody is to do it any more"), default=False)

    objects = ChecklistQuerySet.as_manager()

    class Meta:
        verbose_name = _("line of a checklist")
        verbose_name_plural = _("checklists")
        ordering = ["stage", "position", "pk"]
        constraints = [one_of("stage", Stage.values), one_of("audience", [*Audience.values, ""])]
        triggers = [never_deleted()]

    def __str__(self) -> str:
        return in_reader_s_language(self)


@audited()
class ChecklistTick(models.Model):
    """Done, on a day, and by whom. Taken back it is deleted; the audit trail keeps both."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="checklist_ticks", verbose_name=_("company"))
    entry = models.ForeignKey(ChecklistEntry, models.PROTECT, related_name="ticks")
    ticked_on = models.DateField(_("done on"))
    ticked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+")
    note = models.CharField(_("note"), max_length=LONGEST_NOTE, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = TickQuerySet.as_manager()

    class Meta:
        ordering = ["company", "entry"]
        constraints = [
            models.UniqueConstraint(
                fields=["company", "entry"],
                name="%(app_label)s_%(class)s_once",
                violation_error_message=_("Somebody has ticked it already."),
                violation_error_code="ticked_already",
            ),
            calendar_day("ticked_on"),
        ]
        triggers = [*never_of_merged()]

    def __str__(self) -> str:
        return f"{self.company_id}: {self.entry_id} {self.ticked_on}"
