"""How an act is done from a page: one service call; a refusal is told on the page."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect

from accounts.access import SignedInRequest
from core.errors import DomainError

Act = Callable[[Mapping[str, Any]], object]


def done(request: SignedInRequest, back: str, told: str, act: Act, form: Form | None = None) -> HttpResponse:
    """Do it with what the form says, tell how it went, and go back to the page `back`."""
    if form is not None and not form.is_valid():
        for field in form:
            for error in field.errors:
                messages.error(request, f"{field.label}: {error}")
    else:
        try:
            act(form.cleaned_data if form else {})
            messages.success(request, told)
        except DomainError as refused:
            messages.error(request, str(refused))
    return redirect(back)
