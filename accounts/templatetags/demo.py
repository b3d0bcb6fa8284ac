"""What the sign-in pages show only in a demo zone."""

from typing import Any

from django import template
from django.conf import settings

from accounts.demo import DemoCode, code_of

register = template.Library()


@register.simple_tag
def is_demo() -> bool:
    return bool(settings.DEMO)


@register.simple_tag(takes_context=True)
def demo_code(context: dict[str, Any]) -> DemoCode | None:
    """The code of whoever is signing in, when it is a demo account of a demo zone."""
    request = context["request"]
    stage = getattr(request, "_login_stage", None)
    user = stage.login.user if stage else request.user
    return code_of(user) if user.is_authenticated else None
