"""How companies report, as the zone sets it: which of them how often, and by when."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import SignedInRequest, staff_required
from companies.models import ReportingRule
from companies.permissions import KEEPS_REGISTER, can_set_reporting
from companies.records.forms import VoidForm
from companies.reporting.forms import EndForm, RuleForm, fits
from companies.services import schedule
from core.acting import attempt
from core.periods import last_day, today


@staff_required()
@require_GET
def reporting(request: SignedInRequest) -> HttpResponse:
    """The rules in their order."""
    rules = [(rule, fits(rule.kind, rule.stage)) for rule in ReportingRule.objects.filter(voided_at=None)]
    context = {"rules": rules, "may_set": can_set_reporting(request.user)}
    return render(request, "companies/reporting.html", context)


# --- Rules


@staff_required(KEEPS_REGISTER)
@require_http_methods(["GET", "POST"])
def rule_new(request: SignedInRequest) -> HttpResponse:
    """Set a rule."""
    form = RuleForm(request.POST or None)
    return form_page(
        request,
        form,
        lambda: schedule.set_rule(**form.cleaned_data, on=today(), by=request.user),
        title=_("Set a rule"),
        lead=_("What companies owe follows at once, also of periods that are over."),
    )


@staff_required(KEEPS_REGISTER)
@require_http_methods(["GET", "POST"])
def rule_end(request: SignedInRequest, pk: int) -> HttpResponse:
    """Say which periods are the last that a rule governs."""
    rule = _rule(pk)
    form = EndForm(request.POST or None, initial={"last": last_day(rule.valid)})
    return form_page(
        request,
        form,
        lambda: schedule.end_rule(rule=rule, last=form.cleaned_data["last"], on=today(), by=request.user),
        title=_("End the rule “%(rule)s”") % {"rule": fits(rule.kind, rule.stage)},
        lead=_("To change a rule, end it, and set another that begins after it: what was owed before stays owed."),
    )


@staff_required(KEEPS_REGISTER)
@require_http_methods(["GET", "POST"])
def rule_void(request: SignedInRequest, pk: int) -> HttpResponse:
    """A rule was set in error."""
    rule = _rule(pk)
    form = VoidForm(request.POST or None)
    return form_page(
        request,
        form,
        lambda: schedule.void_rule(rule=rule, reason=form.cleaned_data["reason"], on=today(), by=request.user),
        title=_("Declare the rule “%(rule)s” void?") % {"rule": fits(rule.kind, rule.stage)},
        lead=_("For what was entered in error: nothing is owed by it any more. It cannot be undone."),
        button=_("Declare void"),
        tone="danger",
    )


def _rule(pk: int) -> ReportingRule:
    return get_object_or_404(ReportingRule, pk=pk, voided_at=None)


# --- What the forms share


def form_page(
    request: SignedInRequest, form: Form, act: Callable[[], Any], *, title: Any, lead: Any = "", button: Any = "",
    tone: str = "primary",
) -> HttpResponse:  # fmt: skip
    """A page with one form, answered by one call of a service; then the page of all settings follows."""
    if request.method == "POST" and form.is_valid() and attempt(form, act) is not None:
        messages.success(request, _("Saved."))
        return redirect("companies:reporting")
    url = reverse("companies:reporting")
    context = {
        "form": form, "title": title, "lead": lead, "button": button or _("Save"), "tone": tone,
        "crumbs": [(_("How companies report"), url)], "cancel_url": url,
    }  # fmt: skip
    return render(request, "records/form.html", context)
