"""Pages of a person's own account: notices, profile, language, and the second factor's set-up."""

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.views import ActivateTOTPView
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django.views.i18n import set_language as set_language_cookie

from accounts import services
from accounts.access import SignedInRequest, public, sign_in_required
from accounts.forms import ProfileForm
from accounts.models import User
from accounts.notices import MESSAGES, shown
from core.errors import DomainError

NOTICES_PER_PAGE = 30


@sign_in_required
@require_GET
def notices(request: SignedInRequest) -> HttpResponse:
    """What the portal told this person, the newest first."""
    own = request.user.notices.filter(message__in=MESSAGES)
    page = Paginator(own, NOTICES_PER_PAGE).get_page(request.GET.get("page"))
    rows = [(notice, shown(notice)) for notice in page]
    unread = own.filter(read_at=None).count()
    return render(request, "accounts/notices.html", {"rows": rows, "page": page, "unread": unread})


@sign_in_required
@require_POST
def open_notice(request: SignedInRequest, pk: int) -> HttpResponse:
    """Mark one notice as read and go where it leads."""
    notice = get_object_or_404(request.user.notices, pk=pk)
    request.user.notices.filter(pk=pk, read_at=None).update(read_at=timezone.now())
    return redirect(notice.url or "accounts:notices")


@sign_in_required
@require_POST
def read_all(request: SignedInRequest) -> HttpResponse:
    request.user.notices.filter(read_at=None).update(read_at=timezone.now())
    return redirect("accounts:notices")


@sign_in_required
@require_http_methods(["GET", "POST"])
def profile(request: SignedInRequest) -> HttpResponse:
    form = ProfileForm(
        request.POST or None,
        initial={"language": translation.get_language()} if not request.user.language else None,
        instance=User.objects.get(pk=request.user.pk),  # the form fills it in before anything is valid
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.update_profile(user=request.user, **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            with translation.override(request.user.language):
                messages.success(request, _("Your profile was saved."))
            return redirect("accounts:profile")
    return render(request, "accounts/profile.html", {"form": form})


@public
@require_POST
def set_language(request: HttpRequest) -> HttpResponseBase:
    """Switch the language: Django's own view keeps it in a cookie, we keep it on the profile of who is signed in."""
    code = request.POST.get("language", "")
    if request.user.is_authenticated and translation.check_for_language(code):
        services.remember_language(user=request.user, language=code)
    return set_language_cookie(request)


class ActivateSecondFactor(ActivateTOTPView):
    """Setting up the second factor proves it: the session counts as having passed it, without a second code."""

    def form_valid(self, form: object) -> HttpResponseBase:
        response = super().form_valid(form)
        made = Authenticator.objects.get(user_id=self.request.user.pk, type=Authenticator.Type.TOTP)
        record_authentication(self.request, self.request.user, method="mfa", id=made.pk, type=made.type)
        return response
