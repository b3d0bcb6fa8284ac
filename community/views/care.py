"""Pages of a company's contact and checklist, and of the checklists of the stages."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import SignedInRequest, sign_in_required, staff_required
from community.checklists import checklist_of
from community.forms.care import ContactForm, EntryForm, TickForm
from community.models import ChecklistEntry, Contact
from community.permissions import KEEPS_SUPPORT, can_give_support, can_keep_support
from community.services import checklists as services
from community.services.contacts import name_contact
from companies.models import Company
from core.acting import attempt, done
from core.htmx import wants_fragment
from core.periods import today

ENTRY_FIELDS = ("stage", "audience", "position", "name", "name_zh", "name_de", "is_retired")


@sign_in_required
@require_GET
def company_checklist(request: SignedInRequest, code: str) -> HttpResponse:
    """Whom the company calls, and what is done with it and what is not. A page, and a part of others."""
    company, on = _company(request, code), today()
    known = Contact.objects.visible_to(request.user).filter(company=company).select_related("person")
    is_here = company.merged_into_id is None
    context = {
        "company": company,
        "on": on,
        "contact": known.on(on).first(),
        "contacts": known.order_by("-period"),
        "groups": checklist_of(company, on),
        "may_tick": can_give_support(request.user, company) and is_here,
        "may_name": can_keep_support(request.user) and is_here,
    }
    template = "community/company_checklist.html"
    return render(request, f"{template}#part" if wants_fragment(request) else template, context)


@staff_required(KEEPS_SUPPORT)
@require_http_methods(["GET", "POST"])
def company_contact(request: SignedInRequest, code: str) -> HttpResponse:
    """Name the company's contact."""
    company = _company(request, code)
    form = ContactForm(request.POST or None, on=today())
    return _form_page(
        request, form,
        lambda: name_contact(company=company, **form.cleaned_data, by=request.user, on=today()),
        title=_("Name the contact"), back=reverse("companies:detail", args=[company.code]),
        crumbs=[(company.code, reverse("companies:detail", args=[company.code]))],
        lead=_("Whom the company calls. Who was it before stays on record."),
    )  # fmt: skip


@staff_required(KEEPS_SUPPORT)
@require_http_methods(["GET", "POST"])
def checklist_tick(request: SignedInRequest, code: str, pk: int) -> HttpResponse:
    """It is done with the company: on the day that is sent, or on the one that the form asks for."""
    company, entry = _company(request, code), get_object_or_404(ChecklistEntry, pk=pk)
    if not can_give_support(request.user, company):
        raise PermissionDenied
    form = TickForm(request.POST or None, initial={"ticked_on": today()})
    home = reverse("companies:detail", args=[company.code])
    return _form_page(
        request, form,
        lambda: services.tick(company=company, entry=entry, **form.cleaned_data, by=request.user, on=today()),
        title=str(entry), back=home, crumbs=[(company.code, home)], button=_("Done"),
    )  # fmt: skip


@staff_required(KEEPS_SUPPORT)
@require_POST
def checklist_untick(request: SignedInRequest, code: str, pk: int) -> HttpResponse:
    """It is not done after all."""
    company, entry = _company(request, code), get_object_or_404(ChecklistEntry, pk=pk)
    return done(
        request, reverse("companies:detail", args=[company.code]), _("It is open again."),
        lambda _said: services.untick(company=company, entry=entry, by=request.user),
    )  # fmt: skip


@staff_required()
@require_GET
def checklists(request: SignedInRequest) -> HttpResponse:
    """What is to be done with companies of each stage."""
    entries = ChecklistEntry.objects.all()
    context = {"entries": entries, "may_keep": can_keep_support(request.user)}
    return render(request, "community/checklists.html", context)


@staff_required(KEEPS_SUPPORT)
@require_http_methods(["GET", "POST"])
def checklist_new(request: SignedInRequest) -> HttpResponse:
    """A line more."""
    form = EntryForm(request.POST or None)
    return _entry_page(
        request, form, lambda: services.add_entry(values=form.cleaned_data, by=request.user), _("A line more")
    )


@staff_required(KEEPS_SUPPORT)
@require_http_methods(["GET", "POST"])
def checklist_change(request: SignedInRequest, pk: int) -> HttpResponse:
    """Other words, another place, or retired."""
    entry = get_object_or_404(ChecklistEntry, pk=pk)
    form = EntryForm(request.POST or None, initial={name: getattr(entry, name) for name in ENTRY_FIELDS})
    act = lambda: services.change_entry(entry=entry, values=form.cleaned_data, by=request.user)  # noqa: E731
    return _entry_page(request, form, act, str(entry))


def _entry_page(request: SignedInRequest, form: EntryForm, act: Any, title: str) -> HttpResponse:
    lists = reverse("community:checklists")
    return _form_page(request, form, act, title=title, back=lists, crumbs=[(_("Checklists"), lists)])


def _form_page(request: SignedInRequest, form: Any, act: Any, *, back: str, **words: Any) -> HttpResponse:
    """A page with one form; once `act` has done it, the page `back` follows."""
    if request.method == "POST" and form.is_valid() and attempt(form, act) is not None:
        messages.success(request, _("Saved."))
        return redirect(back)
    defaults: Mapping[str, Any] = {"button": _("Save"), "tone": "primary", "lead": ""}
    context = {**defaults, "form": form, "cancel_url": back, "suggestions": [], **words}
    return render(request, "records/form.html", context)


def _company(request: SignedInRequest, code: str) -> Company:
    found: Company = get_object_or_404(Company.objects.visible_to(request.user), code=code)
    return found
