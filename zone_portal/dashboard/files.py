"""Files in the browser: an officer brings one, sees what it would do, and has it imported, whole or its good rows.

The code is that of `manage.py import_data`. What a person may not do on a page, he may not do by a file either.
"""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import SignedInRequest, staff_required
from accounts.models import StaffRole, User
from companies.permissions import KEEPS_REGISTER
from core import uploads
from core.acting import done
from core.errors import Conflict, DomainError
from core.interchange import kinds
from core.models import Upload
from core.periods import today
from funding.permissions import SCORES
from zone_portal.dashboard.forms import FileForm, label_of

RECENT = 10
# What comes from the bank is the treasurer's; all else is of the register.
KEEPERS = {"payments": StaffRole.TREASURER}
BRINGS_FILES = (KEEPS_REGISTER, *KEEPERS.values())


@dataclass(frozen=True)
class Judgement:
    """Columns by which somebody judges, and the role that may; nobody who works in a company of the zone himself."""

    columns: frozenset[str]
    role: str


JUDGEMENTS = {
    "projects": Judgement(frozenset({"score", "scored_on"}), SCORES),
    "reports": Judgement(frozenset({"verified"}), KEEPS_REGISTER),
    "suppliers": Judgement(frozenset({"admitted_from", "admitted_until"}), KEEPS_REGISTER),
}


@staff_required(*BRINGS_FILES)
@require_http_methods(["GET", "POST"])
def files(request: SignedInRequest) -> HttpResponse:
    """Bring a file; what it would do is the next page."""
    names = _brought_by(request.user)
    initial = {"kind": request.GET.get("kind", "") or (names[0] if len(names) == 1 else "")}
    form = FileForm(request.POST or None, request.FILES or None, initial=initial, names=names)
    if request.method == "POST" and form.is_valid():
        upload = _checked(request, form)
        if upload is not None:
            return redirect("file", upload.public_id)
    recent = Upload.objects.visible_to(request.user).filter(kind__in=names).defer("content", "refused")[:RECENT]
    context = {
        "form": form,
        "recent": [(upload, label_of(upload.kind)) for upload in recent],
        "formats": [(label_of(name), kinds.IMPORTS[name].columns) for name in names],
    }
    return render(request, "files/files.html", context)


def _brought_by(user: User) -> list[str]:
    """The kinds of files that a person may bring."""
    kinds.discover()
    return [name for name in sorted(kinds.IMPORTS) if user.has_role(KEEPERS.get(name, KEEPS_REGISTER))]


def _checked(request: SignedInRequest, form: FileForm) -> Upload | None:
    kind, file, tidy = (form.cleaned_data[name] for name in ("kind", "file", "tidy"))
    content = file.read()
    try:
        if refusal := _not_his(request.user, kind, uploads.header_of(file.name, content)):
            form.add_error("file", refusal)
            return None
    except DomainError:
        pass  # what cannot be read is told on the next page, with the line
    return uploads.check_upload(kind=kind, name=file.name, content=content, on=today(), by=request.user, tidy=tidy)


def _not_his(user: User, kind: str, header: tuple[str, ...]) -> str:
    """Why this person may not bring a file with such columns; "" if he may."""
    judgement = JUDGEMENTS.get(kind)
    judged = sorted(judgement.columns.intersection(header)) if judgement else []
    if judgement is None or not judged:
        return ""
    if user.has_role(judgement.role) and not user.memberships.exists():
        return ""
    words = {"columns": ", ".join(judged)}
    if not user.has_role(judgement.role):
        return _("The columns %(columns)s are the reviewers': leave them out.") % words
    return _("Nobody who works in a company of the zone judges by a file: leave out %(columns)s.") % words


@staff_required(*BRINGS_FILES)
@require_GET
def file(request: SignedInRequest, public_id: Any) -> HttpResponse:
    """What the file would do, or has done, with its problems row by row."""
    upload = _upload(request, public_id)
    found = upload.findings
    good = found.get("rows", 0) - found.get("refused_rows", 0)
    context = {"upload": upload, "found": found, "good": good, "kind": label_of(upload.kind)}
    return render(request, "files/file.html", context)


@staff_required(*BRINGS_FILES)
@require_POST
def file_take(request: SignedInRequest, public_id: Any) -> HttpResponse:
    """Import it: all of it, or with `good` its good rows."""
    upload = _upload(request, public_id)
    try:
        uploads.take_upload(upload=upload, on=today(), accept_valid="good" in request.POST, by=request.user)
        messages.success(request, _("%(file)s was imported.") % {"file": upload.name})
    except Conflict as error:
        messages.error(request, str(error))
    return redirect("file", public_id)


@staff_required(*BRINGS_FILES)
@require_POST
def file_give_up(request: SignedInRequest, public_id: Any) -> HttpResponse:
    """Import nothing of it, and forget it."""
    upload = _upload(request, public_id)
    told = _("%(file)s was not imported, and is forgotten.") % {"file": upload.name}
    return done(request, reverse("files"), told, lambda _typed: uploads.give_up(upload=upload, by=request.user))


@staff_required(*BRINGS_FILES)
@require_GET
def file_refused(request: SignedInRequest, public_id: Any) -> HttpResponse:
    """The refused rows with their reasons: mended, this file can be brought itself."""
    seen = Upload.objects.visible_to(request.user).filter(kind__in=_brought_by(request.user))
    upload: Any = get_object_or_404(seen, public_id=public_id)
    if upload.refused is None:
        raise Http404
    headers = {"Content-Disposition": f'attachment; filename="{upload.kind}.refused.csv"'}
    return HttpResponse(bytes(upload.refused), content_type="text/csv; charset=utf-8", headers=headers)


def _upload(request: SignedInRequest, public_id: Any) -> Any:
    seen = Upload.objects.visible_to(request.user).filter(kind__in=_brought_by(request.user))
    return get_object_or_404(seen.defer("content", "refused"), public_id=public_id)
