"""From what somebody typed to one call of a service, and back to the page with what the service refused."""

from collections.abc import Callable
from typing import TypeVar

from django.forms import BaseForm

from core.errors import Conflict, DomainError, Incomplete

Done = TypeVar("Done")


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
