"""The applicant's side: the wizard, one thing a page, saved as it is typed, and what became of the application."""

from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import sign_in_required
from accounts.models import User
from companies import wizard
from companies.duplicates import find_duplicates
from companies.models import Application, Invitation
from companies.permissions import OPEN_FOR_EDITING, can_edit_application, can_manage_people, can_send_application
from companies.services import applications
from companies.tables import STATE_TONES
from companies.timeline import lines_of
from core.errors import DomainError, Incomplete
from core.htmx import wants_fragment
from core.markup import plain_name
from core.periods import today

KIND = wizard.BY_NAME["kind"]


@sign_in_required
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Begin an application, or go on with one: drafts and what was sent are listed."""
    user = cast("User", request.user)
    form = KIND.form(request.POST or None, kind="", on=today())
    if request.method == "POST" and form.is_valid():
        try:
            application = applications.start_application(kind=form.cleaned_data["kind"], by=user)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            return redirect("applications:step", application.public_id, wizard.STEPS[1].name)
    own = Application.objects.filter(people__user=user).select_related("company").order_by("-updated_at")
    context = {
        "form": form,
        "own": [(item, plain_name(item), STATE_TONES.get(item.state, "quiet")) for item in own],
        "invitations": Invitation.objects.for_user(user).select_related("company", "application", "invited_by"),
        "steps": [{"label": step.label, "state": "now" if step is KIND else "", "url": ""} for step in wizard.STEPS]
        + [{"label": _("Check and send"), "state": "", "url": ""}],
    }
    return render(request, "applications/start.html", context)


@sign_in_required
@require_http_methods(["GET", "POST"])
def step(request: HttpRequest, public_id: Any, step: str) -> HttpResponse:
    """A page of the wizard. What is posted is kept even when it is wrong; htmx saves while it is typed."""
    application = _application(request, public_id)
    if step not in wizard.BY_NAME:
        raise Http404
    page = wizard.BY_NAME[step]
    user = cast("User", request.user)
    if not can_edit_application(user, application):
        if application.state not in OPEN_FOR_EDITING:
            return redirect("applications:status", application.public_id)
        raise PermissionDenied
    if request.method == "GET":
        form = page.form(initial=application.answers.get(step, {}), kind=application.kind, on=today())
        return _page(request, application, page, form)
    application = applications.save_answers(application=application, step=step, typed=request.POST, by=user)
    if wants_fragment(request):
        return HttpResponse(_("Saved at %(time)s") % {"time": timezone.localtime().strftime("%H:%M")})
    form = page.form(request.POST, kind=application.kind, on=today())
    if form.is_valid():
        return redirect(_next(application, page))
    return _page(request, application, page, form)


@sign_in_required
@require_http_methods(["GET", "POST"])
def check(request: HttpRequest, public_id: Any) -> HttpResponse:
    """All answers on one page with what is in the way, and the sending."""
    application = _application(request, public_id)
    user = cast("User", request.user)
    if application.state not in OPEN_FOR_EDITING:
        return redirect("applications:status", application.public_id)
    refused = ""
    if request.method == "POST":
        try:
            applications.submit_application(application=application, by=user, on=today())
        except Incomplete:
            refused = "incomplete"  # the problems are listed from the answers themselves
        else:
            messages.success(request, _("Your application was sent."))
            return redirect("applications:status", application.public_id)
    answers = {"kind": application.kind, "answers": application.answers, "on": today()}
    problems = wizard.problems_of(**answers)
    context = {
        "application": application,
        "name": plain_name(application),
        "steps": _steps(application, "check"),
        "sections": [(page, _step_url(application, page), wizard.summary_of(page, **answers)) for page in wizard.STEPS],
        "problems": [_problem(application, problem) for problem in problems],
        "refused": refused,
        "may_send": can_send_application(user, application),
        "may_edit": can_edit_application(user, application),
        "seems_known": _seems_known(application) if not problems else False,
    }
    return render(request, "applications/check.html", context)


@sign_in_required
@require_GET
def status(request: HttpRequest, public_id: Any) -> HttpResponse:
    """What became of an application, with how long each step took."""
    application = _application(request, public_id)
    user = cast("User", request.user)
    answers = {"kind": application.kind, "answers": application.answers, "on": today()}
    context = {
        "application": application,
        "name": plain_name(application),
        "tone": STATE_TONES.get(application.state, "quiet"),
        "lines": lines_of(application),
        "people": application.people.select_related("user").order_by("role", "pk"),
        "sections": [(page, wizard.summary_of(page, **answers)) for page in wizard.STEPS],
        "may_edit": can_edit_application(user, application),
        "may_manage": can_manage_people(user, application),
        "may_withdraw": can_send_application(user, application)
        and application.state in {*OPEN_FOR_EDITING, "submitted"},
    }
    return render(request, "applications/status.html", context)


@sign_in_required
@require_POST
def withdraw(request: HttpRequest, public_id: Any) -> HttpResponse:
    application = _application(request, public_id)
    applications.withdraw_application(application=application, by=cast("User", request.user))
    messages.success(request, _("The application was withdrawn."))
    return redirect("applications:status", application.public_id)


def _application(request: HttpRequest, public_id: Any) -> Application:
    """The applicant's people only; staff read what was sent in the queue."""
    own = Application.objects.filter(people__user=cast("User", request.user)).select_related("company")
    return get_object_or_404(own, public_id=public_id)


def _page(request: HttpRequest, application: Application, page: wizard.Step, form: wizard.StepForm) -> HttpResponse:
    context = {
        "application": application,
        "name": plain_name(application),
        "page": page,
        "form": form,
        "steps": _steps(application, page.name),
        "back": _before(application, page),
    }
    return render(request, "applications/step.html", context)


def _steps(application: Application, now: str) -> list[dict[str, Any]]:
    """The wizard's side: a step is done when it was answered without a problem."""
    wrong = {
        problem.step.name
        for problem in wizard.problems_of(kind=application.kind, answers=application.answers, on=today())
    }
    steps = [
        {
            "label": page.label,
            "url": _step_url(application, page),
            "state": "now" if page.name == now else "" if page.name in wrong else "done",
        }
        for page in wizard.STEPS
    ]
    check_url = reverse("applications:check", args=[application.public_id])
    return [*steps, {"label": _("Check and send"), "url": check_url, "state": "now" if now == "check" else ""}]


def _step_url(application: Application, page: wizard.Step) -> str:
    return reverse("applications:step", args=[application.public_id, page.name])


def _next(application: Application, page: wizard.Step) -> str:
    place = wizard.STEPS.index(page) + 1
    if place == len(wizard.STEPS):
        return reverse("applications:check", args=[application.public_id])
    return _step_url(application, wizard.STEPS[place])


def _before(application: Application, page: wizard.Step) -> str:
    place = wizard.STEPS.index(page)
    return _step_url(application, wizard.STEPS[place - 1]) if place else reverse("applications:start")


def _problem(application: Application, problem: wizard.Problem) -> dict[str, str]:
    anchor = f"#id_{problem.field}" if problem.field else ""
    return {"href": _step_url(application, problem.step) + anchor, "text": f"{problem.label}: {problem.message}"}


def _seems_known(application: Application) -> bool:
    """Whether the register may have the company already. The applicant is told no more than that the zone checks."""
    said = application.answers.get("identity", {})
    fields = {name: said.get(name, "") for name in ("name", "name_zh", "uscc", "website")}
    return bool(find_duplicates(**fields))
