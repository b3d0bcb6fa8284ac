"""The staff's pages of merges: look at what one would do, propose or carry it out, decide on it, and all of them."""

from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import staff_required
from accounts.models import User
from companies.choices import MergeState
from companies.forms import AnswerForm, MergeForm
from companies.merging import rules
from companies.models import Company, Merge
from companies.permissions import DECIDES_MERGES, KEEPS_REGISTER, can_decide_merge, can_merge
from companies.services import merges as services
from companies.tables import MERGE_TONES, MergeTable
from core.acting import attempt, done
from core.listing import turned


@staff_required()
@require_GET
def merges(request: HttpRequest) -> HttpResponse:
    """All merges, those that wait for a second person first."""
    found = Merge.objects.visible_to(cast("User", request.user))
    table = MergeTable(found.select_related("merged", "survivor", "proposed_by", "decided_by"))
    turned(request, table)
    return render(request, "companies/merges.html", {"table": table, "waiting": found.waiting().count()})


@staff_required(KEEPS_REGISTER)
@require_http_methods(["GET", "POST"])
def propose(request: HttpRequest, code: str) -> HttpResponse:
    """Choose what the company is the same as, look at what the merge does, and do it; `into` names the other one."""
    user = cast("User", request.user)
    merged = get_object_or_404(Company.objects.visible_to(user).select_related("merged_into"), code=code)
    form = MergeForm(request.POST or None, initial={"survivor": request.GET.get("into", "")})
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        merge = attempt(
            form,
            lambda: services.merge_companies(
                merged=merged, survivor=typed["survivor"], reason=typed["reason"], by=user
            ),
        )  # fmt: skip
        if merge is not None:
            return redirect("companies:merge_detail", merge.public_id)
    other = _other(request, form)
    seen = services.preview(merged, other) if other else None
    return render(request, "companies/merge.html", {"company": merged, "form": form, "other": other, "seen": seen})


@staff_required()
@require_GET
def detail(request: HttpRequest, public_id: Any) -> HttpResponse:
    """One merge: what it would do, or what it did, and what a person may do with it."""
    user, merge = cast("User", request.user), _merge(request, public_id)
    waits = merge.state == MergeState.PROPOSED
    context = {
        "merge": merge,
        "tone": MERGE_TONES[merge.state],
        "seen": services.preview(merge.merged, merge.survivor) if waits else None,
        "counts": [(rules.RULES[row["relation"]].label, row) for row in merge.counts if row["relation"] in rules.RULES],
        "may_decide": waits and can_decide_merge(user, merge),
        "may_withdraw": waits and can_merge(user, merge.merged),
        "answer_form": AnswerForm(),
    }
    return render(request, "companies/merge_detail.html", context)


@staff_required(DECIDES_MERGES)
@require_POST
def approve(request: HttpRequest, public_id: Any) -> HttpResponse:
    """Carry out what another person proposed."""
    merge, user = _merge(request, public_id), cast("User", request.user)
    told = _("The companies were merged.")
    return done(request, _page(merge), told, lambda _typed: services.approve_merge(merge=merge, by=user))


@staff_required(DECIDES_MERGES)
@require_POST
def refuse(request: HttpRequest, public_id: Any) -> HttpResponse:
    """Answer a proposal with a no and its reason."""
    merge, user = _merge(request, public_id), cast("User", request.user)
    return done(
        request, _page(merge), _("The merge was refused."),
        lambda typed: services.refuse_merge(merge=merge, answer=typed["answer"], by=user), AnswerForm(request.POST),
    )  # fmt: skip


@staff_required(KEEPS_REGISTER)
@require_POST
def withdraw(request: HttpRequest, public_id: Any) -> HttpResponse:
    """Take a proposal back before somebody decides on it."""
    merge, user = _merge(request, public_id), cast("User", request.user)
    told = _("The proposal was withdrawn.")
    return done(request, _page(merge), told, lambda _typed: services.withdraw_merge(merge=merge, by=user))


def _merge(request: HttpRequest, public_id: Any) -> Merge:
    found = Merge.objects.visible_to(cast("User", request.user)).select_related(
        "merged__merged_into", "survivor__merged_into", "proposed_by", "decided_by"
    )
    return get_object_or_404(found, public_id=public_id)


def _page(merge: Merge) -> str:
    return reverse("companies:merge_detail", args=[merge.public_id])


def _other(request: HttpRequest, form: MergeForm) -> Company | None:
    """The company that is to survive: as it was sent, or as the address names it."""
    if form.is_bound:
        return form.cleaned_data.get("survivor") if hasattr(form, "cleaned_data") else None
    seen = Company.objects.visible_to(cast("User", request.user)).select_related("merged_into")
    return seen.filter(code=request.GET.get("into", "")).first()
