"""What this portal changes about allauth: the language of new people, and mail that must not break a page."""

import smtplib
import time
from typing import Any

import structlog
from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import User

log = structlog.get_logger(__name__)


def _signed_in_just_now(request: HttpRequest) -> bool:
    records = get_authentication_records(request, request.user)
    return bool(records) and time.time() - records[-1]["at"] < app_settings.REAUTHENTICATION_TIMEOUT


class AccountAdapter(DefaultAccountAdapter):
    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:
        """A new person keeps the language in which he signed up."""
        user.language = get_language() or ""
        return super().save_user(request, user, form, commit=commit)

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Whoever typed his password or a code within the last minutes is not asked for it again at once."""
        required = super().is_reauthentication_required(app=app, **kwargs)
        return required and not (self.request is not None and _signed_in_just_now(self.request))

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Sent within the request: whoever waits for a link is on the page now, and tries again when told so.

        A mail server that is down is said on the page and in the log, and the page goes on.
        """
        try:
            super().send_mail(template_prefix, email, context)
        except (OSError, smtplib.SMTPException) as error:
            log.error("mail_not_sent", template=template_prefix, error=str(error))
            if self.request is not None:
                messages.warning(self.request, _("The mail could not be sent just now. Try again in a few minutes."))
