"""How companies report, as the zone sets it: which of them how often, what jumps, and what else is asked."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import SignedInRequest, staff_required
from companies.models import JumpLimits, Question, ReportingRule
from companies.permissions import KEEPS_REGISTER, can_set_reporting
from companies.records.forms import VoidForm
from companies.reporting.forms import EndForm, LimitsForm, QuestionForm, RuleForm, WordingForm, fits
from companies.reporting.jumps import newest
from companies.services import questions, schedule
from core.acting import attempt, done
from core.periods import last_day


@staff_required()
@require_GET
def reporting(request: SignedInRequest) -> HttpResponse:
    """The rules in their order, from where on figures ask for a reason, and the questionnaire."""
    rules = [(rule, fits(rule.kind, rule.stage)) for rule in ReportingRule.objects.filter(voided_at=None)]
    context = {
        "rules": rules,
        "limits": JumpLimits.current(),
        "questions": [(question, newest(question)) for question in Question.objects.worded()],
        "may_set": can_set_reporting(request.user),
    }
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
        lambda: schedule.set_rule(**form.cleaned_data, by=request.user),
        title=_("Set a rule"),
        lead=_("What companies owe follows within a minute, also of periods that are over."),
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
        lambda: schedule.end_rule(rule=rule, last=form.cleaned_data["last"], by=request.user),
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
        lambda: schedule.void_rule(rule=rule, reason=form.cleaned_data["reason"], by=request.user),
        title=_("Declare the rule “%(rule)s” void?") % {"rule": fits(rule.kind, rule.stage)},
        lead=_("For what was entered in error: nothing is owed by it any more. It cannot be undone."),
        button=_("Declare void"),
        tone="danger",
    )


def _rule(pk: int) -> ReportingRule:
    return get_object_or_404(ReportingRule, pk=pk, voided_at=None)


# --- Limits of jumps


@staff_required(KEEPS_REGISTER)
@require_http_methods(["GET", "POST"])
def limits(request: SignedInRequest) -> HttpResponse:
    """Say from where on a figure asks for a reason."""
    now = JumpLimits.current()
    initial = {"percent": now.percent, "yuan": now.yuan, "count": now.count}
    form = LimitsForm(request.POST or None, initial=initial)
    return form_page(
        request,
        form,
        lambda: questions.set_limits(**form.cleaned_data, by=request.user),
        title=_("When a figure asks for a reason"),
        lead=_("Both have to hold: the difference is large as a share, and large in itself."),
    )


# --- The questionnaire


@staff_required(KEEPS_REGISTER)
@require_http_methods(["GET", "POST"])
def question_new(request: SignedInRequest) -> HttpResponse:
    """Add a question."""
    form = QuestionForm(request.POST or None)
    return form_page(
        request,
        form,
        lambda: questions.add_question(**form.values(), by=request.user),
        title=_("Add a question"),
        lead=_("It is asked in every report that is entered from now on, in the reader's language."),
    )


@staff_required(KEEPS_REGISTER)
@require_http_methods(["GET", "POST"])
def question_change(request: SignedInRequest, code: str) -> HttpResponse:
    """Word a question anew, or move it."""
    question = get_object_or_404(Question.objects.worded(), code=code)
    words = newest(question)
    initial = {"place": question.place} | {name: getattr(words, name) for name in questions.TEXTS}
    form = WordingForm(request.POST or None, initial=initial)
    return form_page(
        request,
        form,
        lambda: questions.change_question(question=question, **form.values(), by=request.user),
        title=_("Word the question “%(question)s” anew") % {"question": words.text},
        lead=_("Answers that are there stay with the words that were answered. To ask for something else, retire it."),
    )


@staff_required(KEEPS_REGISTER)
@require_POST
def question_retire(request: SignedInRequest, code: str) -> HttpResponse:
    """Ask it no more."""
    question = get_object_or_404(Question, code=code)
    return done(
        request, "companies:reporting", _("It is no longer asked. What was answered stays readable."),
        lambda _typed: questions.retire_question(question=question, by=request.user),
    )  # fmt: skip


@staff_required(KEEPS_REGISTER)
@require_POST
def question_ask_again(request: SignedInRequest, code: str) -> HttpResponse:
    """Ask it again."""
    question = get_object_or_404(Question, code=code)
    return done(
        request, "companies:reporting", _("It is asked again."),
        lambda _typed: questions.ask_again(question=question, by=request.user),
    )  # fmt: skip


@staff_required(KEEPS_REGISTER)
@require_POST
def questions_usual(request: SignedInRequest) -> HttpResponse:
    """Add what zones usually ask."""
    return done(
        request, "companies:reporting", _("The usual questions are there."),
        lambda _typed: questions.add_usual(by=request.user),
    )  # fmt: skip


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
