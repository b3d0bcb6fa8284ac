"""The staff's side of applications: the queue, the review, the decision."""

import datetime as dt
from decimal import Decimal
from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import localize
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import staff_required
from accounts.models import User
from companies import forms, wizard
from companies.choices import ApplicationState
from companies.duplicates import find_duplicates
from companies.filters import QueueFilterSet
from companies.models import Application
from companies.permissions import KEEPS_REGISTER, can_decide_application
from companies.services import admission
from companies.tables import STATE_TONES, ApplicationTable
from companies.timeline import lines_of, median_time_to_decision
from core.acting import show_refusal
from core.errors import DomainError
from core.listing import turned
from core.markup import NOTHING, plain_name
from core.periods import today


@staff_required()
@require_GET
def queue(request: HttpRequest) -> HttpResponse:
    """Applications that were sent; those that wait for the zone first."""
    all_sent = Application.objects.visible_to(cast("User", request.user)).exclude(state=ApplicationState.DRAFT)
    asked = request.GET if "state" in request.GET else {**request.GET.dict(), "state": ApplicationState.SUBMITTED}
    found = QueueFilterSet(asked, queryset=all_sent)
    table = ApplicationTable(found.qs, now=timezone.now())
    turned(request, table)
    waiting = all_sent.filter(state=ApplicationState.SUBMITTED)
    context = {
        "filter": found,
        "table": table,
        "waiting": waiting.count(),
        "oldest": waiting.order_by("submitted_at").first(),
        "median": _in_days(median_time_to_decision(all_sent.order_by().values("pk"))),
    }
    return render(request, "applications/queue.html", context)


@staff_required()
@require_GET
def review(request: HttpRequest, public_id: Any) -> HttpResponse:
    """The answers beside what may be the same company, the timeline, and what can be done."""
    return _review(request, _application(request, public_id))


@staff_required(KEEPS_REGISTER)
@require_http_methods(["GET", "POST"])
def admit(request: HttpRequest, public_id: Any) -> HttpResponse:
    """Settle the register's fields and admit. The form begins with what was answered."""
    application = _application(request, public_id)
    user = cast("User", request.user)
    proposed = {**admission.proposed(application, on=today()), "code": ""}
    form = forms.CompanyForm(request.POST or None, initial=forms.typed(proposed))
    form.fields["code"].required = False
    form.fields["code"].help_text = _("Empty: the next code of this year.")
    if request.method == "POST" and form.is_valid():
        try:
            company = admission.admit_application(application=application, values=form.values(), by=user, on=today())
        except DomainError as error:
            show_refusal(form, error)
        else:
            messages.success(
                request,
                _("%(name)s is admitted with the code %(code)s.") % {"name": company.name, "code": company.code},
            )
            return redirect("companies:detail", company.code)
    context = {
        "application": application,
        "name": plain_name(application),
        "form": form,
        "people": application.people.select_related("user"),
        "duplicates": _doubles(proposed),
    }
    return render(request, "applications/admit.html", context)


@staff_required(KEEPS_REGISTER)
@require_POST
def ask(request: HttpRequest, public_id: Any) -> HttpResponse:
    """Give it back to the applicant with what should be changed."""
    application = _application(request, public_id)
    form = forms.NoteForm(request.POST, prefix="ask")
    if form.is_valid():
        try:
            note = form.cleaned_data["note"]
            admission.ask_for_changes(application=application, note=note, by=cast("User", request.user))
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The applicant was told what to change."))
            return redirect("applications:queue")
    return _review(request, application, ask_form=form)


@staff_required(KEEPS_REGISTER)
@require_POST
def decline(request: HttpRequest, public_id: Any) -> HttpResponse:
    application = _application(request, public_id)
    form = forms.NoteForm(request.POST, prefix="decline")
    if form.is_valid():
        try:
            reason = form.cleaned_data["note"]
            admission.decline_application(application=application, reason=reason, by=cast("User", request.user))
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The application was declined, and the applicant was told why."))
            return redirect("applications:queue")
    return _review(request, application, decline_form=form)


def _in_days(span: dt.timedelta | None) -> str:
    """Days with one decimal, as both scripts and all languages read them; a dash while there is nothing to count."""
    if span is None:
        return NOTHING
    days = Decimal(span.total_seconds() / 86_400).quantize(Decimal("0.1"))
    return _("%(days)s days") % {"days": localize(days)}


def _application(request: HttpRequest, public_id: Any) -> Application:
    """Only what was sent: a colleague's own draft is not the zone's business yet."""
    seen = Application.objects.visible_to(cast("User", request.user)).filter(submitted_at__isnull=False)
    return get_object_or_404(seen.select_related("company", "created_by"), public_id=public_id)


def _review(request: HttpRequest, application: Application, **forms_shown: forms.NoteForm) -> HttpResponse:
    answers = {"kind": application.kind, "answers": application.answers, "on": today()}
    proposed = admission.proposed(application, on=today())
    waits = application.state == ApplicationState.SUBMITTED
    context = {
        "application": application,
        "name": plain_name(application),
        "tone": STATE_TONES.get(application.state, "quiet"),
        "sections": [(step, wizard.summary_of(step, **answers)) for step in wizard.STEPS],
        "people": application.people.select_related("user"),
        "duplicates": _doubles(proposed, application) if waits else [],
        "lines": lines_of(application),
        "may_decide": waits and can_decide_application(cast("User", request.user), application),
        "ask_form": forms_shown.get("ask_form") or forms.NoteForm(prefix="ask"),
        "decline_form": forms_shown.get("decline_form") or forms.NoteForm(prefix="decline"),
    }
    return render(request, "applications/review.html", context)


def _doubles(proposed: dict[str, Any], application: Application | None = None) -> list[Any]:
    fields = {name: str(proposed.get(name) or "") for name in ("name", "name_zh", "uscc", "website")}
    return find_duplicates(**fields, other_than=application.company if application else None)
