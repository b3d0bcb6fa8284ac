"""A new draft: copied from a version, or read from a policy pack."""

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import SignedInRequest, staff_required
from core.errors import DomainError
from core.periods import next_month, today
from subsidies import permissions, policy
from subsidies.forms import DraftForm, PackForm, blame
from subsidies.models import PolicyVersion
from subsidies.rules import pack
from subsidies.rules.errors import PackError
from subsidies.services import drafts, policies


@staff_required(permissions.EDITS_POLICY)
@require_http_methods(["GET", "POST"])
def new_draft(request: SignedInRequest) -> HttpResponse:
    """Copy the version in force, or the one of `?base=`, under a new name and from another day on."""
    form = _draft_form(request, request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        base = get_object_or_404(PolicyVersion, version=said["base"])
        try:
            draft = drafts.draft_version(
                base=base, name=said["name"], effective_from=said["effective_from"], by=request.user
            )
        except DomainError as refused:
            blame(form, refused)
        else:
            messages.success(request, _("The draft %(version)s was made.") % {"version": draft.version})
            return redirect("subsidies:version", draft.version)
    return render(request, "subsidies/versions/new.html", {"form": form, "pack_form": PackForm(), "given": form})


def _draft_form(request: SignedInRequest, data: QueryDict | None = None) -> DraftForm:
    day = today()
    in_force = policy.in_force_on(day)
    base = request.GET.get("base") or (in_force.version if in_force else None)
    names = PolicyVersion.objects.order_by("-effective_from", "-pk").values_list("version", flat=True)
    return DraftForm(data, bases=names, initial={"base": base, "effective_from": next_month(day)})


@staff_required(permissions.EDITS_POLICY)
@require_http_methods(["GET", "POST"])
def upload_pack(request: SignedInRequest) -> HttpResponse:
    """A draft out of a file. A pack that is refused says where and why; a version that is known changes nothing."""
    if request.method == "GET":
        return redirect("subsidies:new_draft")
    form = PackForm(request.POST, request.FILES)
    if form.is_valid():
        name, text = form.cleaned_data["file"]
        try:
            loaded = policies.load_pack(pack=pack.loads(text, file=name), by=request.user)
        except PackError as refused:
            form.add_error("file", _("The pack is refused: %(problem)s") % {"problem": refused})
        except DomainError as refused:
            form.add_error("file", str(refused))
        else:
            told = _("Version %(version)s is in the portal already, unchanged.") if loaded.was_known else ""
            told = told or _("Version %(version)s was loaded as a draft.")
            messages.success(request, told % {"version": loaded.version.version})
            return redirect("subsidies:version", loaded.version.version)
    context = {"form": _draft_form(request), "pack_form": form, "given": form}
    return render(request, "subsidies/versions/new.html", context)
