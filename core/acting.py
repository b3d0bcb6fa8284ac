"""From what somebody typed to one call of a service, and back to the page with what it did or refused."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from core.errors import Conflict, DomainError, Incomplete

Done = TypeVar("Done")
Act = Callable[[Mapping[str, Any]], object]


def attempt(form: BaseForm, act: Callable[[], Done]) -> Done | None:
    """What the act returns, or None with its refusal on the form. NotAllowed is for the page of that status."""
    try:
        return act()
    except (Incomplete, Conflict) as error:
        show_refusal(form, error)
        return None


def show_refusal(form: BaseForm, error: DomainError) -> None:
    """What was refused, beside the fields that it names; at the top of the form otherwise."""
    known = {name: told for name, told in error.fields.items() if name in form.fields}
    for name, told in known.items():
        form.add_error(name, told)
    if not known:
        form.add_error(None, str(error))


def done(
    request: HttpRequest,
    back: str,
    told: str,
    act: Act,
    form: BaseForm | None = None,
    *,
    shown: type[DomainError] | tuple[type[DomainError], ...] = DomainError,
) -> HttpResponse:
    """Do it with what the form says, tell how it went, and go back to the page `back`. A refusal that is not `shown`
    there has a page of its own."""
    if form is not None and not form.is_valid():
        for error in form.non_field_errors():
            messages.error(request, str(error))
        for field in form:
            for error in field.errors:
                messages.error(request, f"{field.label}: {error}")
    else:
        try:
            act(form.cleaned_data if form else {})
            messages.success(request, told)
        except shown as refused:
            messages.error(request, str(refused))
    return redirect(back)
