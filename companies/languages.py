"""In which language papers are written for a company."""

from django.conf import settings
from django.http import Http404, HttpRequest

from companies.choices import MemberRole
from companies.models import Company


def language_of(company: Company) -> str:
    """That of its first owner who chose one; the portal's own where nobody did."""
    owners = company.memberships.filter(role=MemberRole.OWNER, user__is_active=True).exclude(user__language="")
    chosen = owners.order_by("pk").values_list("user__language", flat=True).first()
    return str(chosen or settings.LANGUAGE_CODE)


def language_asked(request: HttpRequest, company: Company) -> str:
    """Of a paper that somebody asks for: the company's, or the one that `?language=` names. Http404 for one that the
    portal does not speak."""
    language = request.GET.get("language") or language_of(company)
    if language not in dict(settings.LANGUAGES):
        raise Http404
    return language
