"""Pages of companies that may leave: the list, a company's score, and what an officer does about it. For officers and
auditors; the company's own people never see any of it."""

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.access import SignedInRequest, staff_required
from companies.models import Company
from core.acting import done
from core.htmx import wants_fragment
from core.listing import turned
from core.periods import today
from zone_portal.dashboard.leaving.filters import LeavingFilter
from zone_portal.dashboard.leaving.forms import FinishForm
from zone_portal.dashboard.leaving.showing import score_of
from zone_portal.dashboard.leaving.tables import TONES, LeavingTable
from zone_portal.dashboard.leaving.values import SIGNALS, TASK_FROM
from zone_portal.dashboard.models import LeavingTask, TaskState
from zone_portal.dashboard.permissions import (
    SEES_SIGNALS,
    WORKS_ON_SIGNALS,
    can_finish_task,
    can_see_signals,
    can_work_on,
)
from zone_portal.dashboard.services import leaving as services


@staff_required(*SEES_SIGNALS)
@require_GET
def leaving(request: SignedInRequest) -> HttpResponse:
    """The tasks that the filter leaves, those with the most points first, and what the points are given for."""
    found = LeavingFilter(request.GET, _tasks(request), on=today())
    table = turned(request, LeavingTable(found.qs.select_related("company", "taken_by")))
    context = {"filter": found, "table": table, "signals": SIGNALS.values(), "task_from": TASK_FROM}
    return render(request, "dashboard/leaving.html", context)


@staff_required(*SEES_SIGNALS)
@require_GET
def leaving_company(request: SignedInRequest, code: str) -> HttpResponse:
    """The score of a company as of now, signal by signal, and its task: a page, and a part of the company's."""
    company = _company(request, code)
    task = LeavingTask.objects.filter(company=company).select_related("taken_by").first()
    user = request.user
    context = {
        "company": company,
        "score": score_of(company.pk, today()),
        "task": task,
        "tone": TONES[task.state] if task else "",
        "steps": task.steps.select_related("by").order_by("-at", "-pk") if task else [],
        "task_from": TASK_FROM,
        "may_take": can_work_on(user, company) and (task is None or task.state != TaskState.TAKEN),
        "may_finish": task is not None and can_finish_task(user, task),
        "form": FinishForm(),
        "is_part": wants_fragment(request),
    }
    template = "dashboard/leaving_company.html"
    return render(request, f"{template}#part" if context["is_part"] else template, context)


@staff_required(WORKS_ON_SIGNALS)
@require_POST
def leaving_take(request: SignedInRequest, code: str) -> HttpResponse:
    company = _company(request, code)
    return done(
        request, _page(company), _("You have the task in hand."),
        lambda _typed: services.take(company=company, by=request.user, on=today()),
    )  # fmt: skip


@staff_required(WORKS_ON_SIGNALS)
@require_POST
def leaving_give_back(request: SignedInRequest, code: str) -> HttpResponse:
    task = _task(request, code)
    told = _("Somebody else can take the task.")
    return done(
        request, _page(task.company), told, lambda _typed: services.give_back(task=task, by=request.user)
    )  # fmt: skip


@staff_required(WORKS_ON_SIGNALS)
@require_POST
def leaving_finish(request: SignedInRequest, code: str) -> HttpResponse:
    task = _task(request, code)
    return done(
        request, _page(task.company), _("The task is done. A new signal opens it again."),
        lambda typed: services.finish(task=task, **typed, by=request.user, on=today()), FinishForm(request.POST),
    )  # fmt: skip


def _tasks(request: SignedInRequest) -> QuerySet[LeavingTask]:
    """All tasks but those about a company that the person works in himself, or that was merged into another."""
    own = request.user.memberships.values("company")
    return LeavingTask.objects.filter(company__merged_into=None).exclude(company__in=own)


def _company(request: SignedInRequest, code: str) -> Company:
    company = get_object_or_404(Company.objects.visible_to(request.user), code=code)
    if not can_see_signals(request.user, company):
        raise PermissionDenied
    return company


def _task(request: SignedInRequest, code: str) -> LeavingTask:
    return get_object_or_404(LeavingTask.objects.select_related("company"), company=_company(request, code))


def _page(company: Company) -> str:
    return reverse("leaving_company", args=[company.code])
