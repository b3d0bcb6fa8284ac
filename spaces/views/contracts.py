"""The contract of a lease to keep, as PDF."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone, translation
from django.utils.text import slugify
from django.views.decorators.http import require_GET

from accounts.access import SignedInRequest, sign_in_required
from companies.languages import language_asked
from core.downloads import private_file
from spaces.contracts.document import contract
from spaces.models import Lease


@sign_in_required
@require_GET
def lease_contract(request: SignedInRequest, number: str) -> HttpResponse:
    """For the company's people and the staff, in the company's language; `?language=` asks for another."""
    lease = get_object_or_404(Lease.objects.visible_to(request.user).with_places(), number=number)
    language = language_asked(request, lease.company)
    with translation.override(language):
        content = contract(lease, at=timezone.now())
    return private_file(content, slugify(f"contract {lease.number}"), "pdf", language=language)
