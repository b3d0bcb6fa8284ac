"""The certificate of a decision: its page, and the same to keep, as PDF and as JSON."""

import json

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_GET
from rest_framework.utils.encoders import JSONEncoder

from accounts.access import SignedInRequest, sign_in_required
from core.downloads import private_file
from subsidies.api.certificates import CertificateSerializer
from subsidies.certificates import typesetting
from subsidies.certificates.document import certificate as certificate_of
from subsidies.certificates.parts import Certificate
from subsidies.models import Decision


@sign_in_required
@require_GET
def certificate(request: SignedInRequest, public_id: str) -> HttpResponse:
    """For the company's people and the staff."""
    decision = _decision(request, public_id)
    context = {"company": decision.company, "decision": decision, "certificate": certificate_of(decision)}
    return render(request, "subsidies/certificate.html", context)


@sign_in_required
@require_GET
def certificate_pdf(request: SignedInRequest, public_id: str) -> HttpResponse:
    """In the reader's language."""
    found = certificate_of(_decision(request, public_id))
    return _file(found, typesetting.pdf(found, at=timezone.now()), "pdf")


@sign_in_required
@require_GET
def certificate_json(request: SignedInRequest, public_id: str) -> HttpResponse:
    """As the API gives it."""
    found = certificate_of(_decision(request, public_id))
    text = json.dumps(CertificateSerializer(found).data, indent=2, ensure_ascii=False, cls=JSONEncoder)
    return _file(found, text.encode(), "json")


def _decision(request: SignedInRequest, public_id: str) -> Decision:
    decisions = Decision.objects.visible_to(request.user).select_related("company", "version")
    return get_object_or_404(decisions.prefetch_related("version__parameters"), public_id=public_id)


def _file(found: Certificate, content: bytes, suffix: str) -> HttpResponse:
    return private_file(content, slugify(f"{found.company.code} {found.point.code} {found.decided_for}"), suffix)
