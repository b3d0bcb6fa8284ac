"""In which language papers are written for a company."""

from django.conf import settings

from companies.choices import MemberRole
from companies.models import Company


def language_of(company: Company) -> str:
    """That of its first owner who chose one; the portal's own where nobody did."""
    owners = company.memberships.filter(role=MemberRole.OWNER, user__is_active=True).exclude(user__language="")
    chosen = owners.order_by("pk").values_list("user__language", flat=True).first()
    return str(chosen or settings.LANGUAGE_CODE)
