"""The editor of a draft: one point or stage a page, its words and numbers beside those of today, saved one by one.

Each form saves by htmx and comes back as it is now, with where the draft stands; without a script the whole page does.
"""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.access import SignedInRequest, staff_required
from core.errors import Conflict, DomainError, Incomplete
from core.htmx import wants_fragment, with_toast
from core.periods import today
from subsidies import permissions, policy
from subsidies.choices import PolicyState
from subsidies.differences import number_change, text_changes
from subsidies.forms import NumberForm, OriginForm, Steps, TextForm, blame, steps_of
from subsidies.models import PolicyParameter, PolicyVersion
from subsidies.rules.catalogue import PARAMETERS
from subsidies.rules.pack import LANGUAGES
from subsidies.sections import CODES, GENERAL, names_in, number_of, numbers_of, section_of, sections, title_of
from subsidies.services import drafts
from subsidies.views.versions.fetching import standing, version_of

Bound = Mapping[str, Any]  # forms that were sent and refused, by the part that they are of


@staff_required(permissions.EDITS_POLICY)
@require_GET
def edit_section(request: SignedInRequest, version: str, code: str) -> HttpResponse:
    """One point or stage of a draft, to be changed."""
    draft = _draft_of(request, version)
    if code not in CODES:
        raise Http404
    return _page(request, draft, code, {})


@staff_required(permissions.EDITS_POLICY)
@require_POST
def save_text(request: SignedInRequest, version: str, code: str) -> HttpResponse:
    """Change what the section is called and says."""
    draft = _draft_of(request, version)
    if code not in CODES or code == GENERAL:
        raise Http404
    form = TextForm(request.POST, auto_id=f"{code}-%s")
    saved = form.is_valid() and _done(
        form,
        lambda: drafts.change_text(
            version=draft,
            code=code,
            name=form.words("name"),
            clause=form.words("clause"),
            revision=form.cleaned_data["revision"] or 0,
            by=request.user,
        ),
    )
    return _answer(request, version, code, part=code, bound=None if saved else form)


@staff_required(permissions.EDITS_POLICY)
@require_POST
def save_number(request: SignedInRequest, version: str, name: str) -> HttpResponse:
    """Change a parameter's value, provenance or source."""
    draft = _draft_of(request, version)
    if name not in PARAMETERS:
        raise Http404
    form, steps = _sent(request, name)
    # Both are asked, so that all that is wrong is told at once
    are_valid = [form.is_valid(), steps is None or steps.is_valid()]
    saved = all(are_valid) and _done(form, lambda: _save(request, draft, name, form, steps))
    return _answer(request, version, section_of(name), part=name, bound=None if saved else (form, steps))


def _sent(request: SignedInRequest, name: str) -> tuple[Form, Any]:
    auto_id = f"{_id_of(name)}-%s"
    if PARAMETERS[name].series:
        return OriginForm(request.POST, auto_id=auto_id), Steps(request.POST, prefix=_id_of(name))
    return NumberForm(request.POST, auto_id=auto_id, unit=PARAMETERS[name].unit), None


def _save(request: SignedInRequest, draft: PolicyVersion, name: str, form: Form, steps: Any) -> PolicyVersion:
    said = form.cleaned_data
    return drafts.change_parameter(
        version=draft,
        name=name,
        value=said["value"] if steps is None else steps_of(steps),
        provenance=said["provenance"],
        source=said["source"],
        revision=said["revision"] or 0,
        by=request.user,
    )


@staff_required(permissions.EDITS_POLICY)
@require_POST
def confirm(request: SignedInRequest, version: str, code: str) -> HttpResponse:
    """Confirm assumed values of a section: those of `name`, or with `all` each that has a `revision-…`, which says
    what was read."""
    draft = _draft_of(request, version)
    if code not in CODES:
        raise Http404
    shown = [name for name in names_in(code) if f"revision-{name}" in request.POST]
    names = shown if "all" in request.POST else [name for name in request.POST.getlist("name") if name in shown]
    try:
        revisions = {name: int(request.POST.get(f"revision-{name}") or 0) for name in names}
        drafts.confirm_parameters(version=draft, revisions=revisions, by=request.user)
    except ValueError:
        messages.error(request, _("That was no confirmation of this page. Try again."))
    except DomainError as refused:
        messages.error(request, str(refused))
    else:
        if names:
            messages.success(request, _("Confirmed for the zone: %(names)s.") % {"names": ", ".join(names)})
    return redirect("subsidies:edit_section", version, code)


def _draft_of(request: SignedInRequest, name: str) -> PolicyVersion:
    """A version that can still be changed; a published one has no editor."""
    found = version_of(request, name)
    if found.state == PolicyState.PUBLISHED:
        raise Http404
    return found


def _done(form: Form, act: Any) -> bool:
    """Whether the act was done; if not, its refusal is on the form."""
    try:
        act()
    except (Incomplete, Conflict) as refused:
        blame(form, refused)
        return False
    return True


def _answer(request: SignedInRequest, version: str, code: str, *, part: str, bound: Any) -> HttpResponse:
    """The part as it is now and where the draft stands, or the whole page for who has no script."""
    draft = _draft_of(request, version)
    given = {part: bound} if bound is not None else {}
    if not wants_fragment(request):
        return _page(request, draft, code, given) if given else redirect("subsidies:edit_section", version, code)
    context = _context(draft, code, given)
    template = "subsidies/versions/_text.html"
    if part != code:
        template = "subsidies/versions/_number.html"
        context["number"] = next(one for one in context["numbers"] if one["name"] == part)
    response = render(request, template, {**context, "with_standing": True})
    return response if given else with_toast(response, _("Saved."))


def _page(request: SignedInRequest, draft: PolicyVersion, code: str, bound: Bound) -> HttpResponse:
    return render(request, "subsidies/versions/edit.html", _context(draft, code, bound))


def _context(draft: PolicyVersion, code: str, bound: Bound) -> dict[str, Any]:
    day = today()
    base = policy.in_force_on(day) or draft.copied_from
    revisions = dict(draft.edits.values_list("part", "revision"))
    rows = {row.name: row for row in draft.parameters.select_related("confirmed_by")}
    today_s = numbers_of(base)
    numbers = [
        _number(name, rows.get(name), today_s.get(name), revisions.get(name, 0), bound.get(name))
        for name in names_in(code)
    ]
    return {
        **standing(draft, day),
        "shows_people": True,
        "may_edit": True,
        "base": base,
        "code": code,
        "title": title_of(draft, code),
        "sections": sections(draft),
        "text": _text(draft, base, code, revisions.get(code, 0), bound.get(code)) if code != GENERAL else None,
        "numbers": numbers,
        "to_confirm": [number for number in numbers if number["now"] and number["now"].waits],
    }


def _text(draft: PolicyVersion, base: PolicyVersion | None, code: str, revision: int, sent: Any) -> dict[str, Any]:
    initial: dict[str, Any] = {"revision": revision}
    for part in ("name", "clause"):
        for language in LANGUAGES:
            initial[f"{part}_{language}"] = policy.words(draft, code, part, language)
    return {
        "form": sent or TextForm(initial=initial, auto_id=f"{code}-%s"),
        "changes": list(text_changes(base, draft, code)) if base else [],
        "base": [(language, policy.words(base, code, "clause", language)) for language in LANGUAGES] if base else [],
    }


def _number(name: str, row: PolicyParameter | None, base: Any, revision: int, sent: Any) -> dict[str, Any]:
    kind = PARAMETERS[name]
    now = number_of(row) if row else None
    form, steps = sent or _forms(name, row, revision)
    return {
        "name": name,
        "id": _id_of(name),
        "form": form,
        "steps": steps,
        "now": now,
        "base": base,
        "change": number_change(name, base, now),
        "revision": revision,
        "is_series": kind.series,
        "confirmed_by": row.confirmed_by if row else None,
    }


def _forms(name: str, row: PolicyParameter | None, revision: int) -> tuple[Form, Any]:
    auto_id = f"{_id_of(name)}-%s"
    initial: dict[str, Any] = {"revision": revision}
    if row is not None:
        initial |= {"provenance": row.provenance, "source": row.source}
    if PARAMETERS[name].series:
        steps = policy.parameter_of(row).steps if row else ()
        rows = [{"day": step.day, "value": step.value} for step in steps]
        return OriginForm(initial=initial, auto_id=auto_id), Steps(initial=rows, prefix=_id_of(name))
    if row is not None:
        initial["value"] = policy.parameter_of(row).value
    return NumberForm(initial=initial, auto_id=auto_id, unit=PARAMETERS[name].unit), None


def _id_of(name: str) -> str:
    """A parameter's name as an id of HTML, in which a dot would be in the way."""
    return name.replace(".", "-")
