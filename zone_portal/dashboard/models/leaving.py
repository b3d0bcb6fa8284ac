"""What officers do about companies that may leave: one task a company, and every step of it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from companies.models import Company
from companies.models.guards import never_of_merged
from companies.models.register import append_only
from core.audit import audited
from core.constraints import calendar_day, never_deleted, one_of


class TaskState(models.TextChoices):
    OPEN = "open", pgettext_lazy("task", "open")
    TAKEN = "taken", pgettext_lazy("task", "taken")
    DONE = "done", pgettext_lazy("task", "done")


class Step(models.TextChoices):
    OPENED = "opened", pgettext_lazy("task", "opened")
    TAKEN = "taken", pgettext_lazy("task", "taken")
    GIVEN_BACK = "given_back", pgettext_lazy("task", "given back")
    DONE = "done", pgettext_lazy("task", "done")
    REOPENED = "reopened", pgettext_lazy("task", "opened again")


@audited(exclude=["points", "signals"])
class LeavingTask(models.Model):
    """To find out whether a company is about to leave. `signals` are the keys of the signals that it shows, or showed
    when the task was done: one that is not among them opens it again. `taken_by` has it in hand, or had."""

    company = models.OneToOneField(Company, models.PROTECT, related_name="leaving_task", verbose_name=_("company"))
    state = models.CharField(_("state"), max_length=5, choices=TaskState, default=TaskState.OPEN)
    points = models.PositiveSmallIntegerField(_("points"))
    signals = models.JSONField(default=list)
    opened_on = models.DateField(_("open since"))
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="leaving_tasks",
        verbose_name=_("in the hands of"),
    )  # fmt: skip

    class Meta:
        verbose_name = _("task about a company that may leave")
        ordering = ["-points", "company"]
        constraints = [
            one_of("state", TaskState.values),
            models.CheckConstraint(
                condition=Q(state=TaskState.OPEN, taken_by=None) | ~Q(state=TaskState.OPEN) & Q(taken_by__isnull=False),
                name="%(app_label)s_%(class)s_taken_by",
            ),
            models.CheckConstraint(condition=Q(points__lte=100), name="%(app_label)s_%(class)s_points"),
            calendar_day("opened_on"),
        ]
        triggers = [never_deleted(), *never_of_merged()]

    def __str__(self) -> str:
        return f"{self.company_id}: {self.state}"


class LeavingStep(models.Model):
    """One step of a task, with the signals as they were. `spoke_on` is the day on which somebody of the zone spoke to
    the company, if somebody did; `note` what was found. Only ever added to."""

    task = models.ForeignKey(LeavingTask, models.PROTECT, related_name="steps")
    step = models.CharField(max_length=10, choices=Step)
    signals = models.JSONField(default=list)
    spoke_on = models.DateField(_("spoke to the company on"), null=True, blank=True)
    note = models.TextField(_("what was found"), blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            one_of("step", Step.values),
            models.CheckConstraint(condition=~Q(step=Step.DONE) | ~Q(note=""), name="%(app_label)s_%(class)s_found"),
            calendar_day("spoke_on"),
        ]
        triggers = [append_only()]

    def __str__(self) -> str:
        return f"{self.task_id}: {self.step}"
