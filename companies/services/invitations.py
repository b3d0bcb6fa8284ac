"""Invite colleagues by e-mail, to a company or to an application; accept and revoke.

An invitation is bound to the address: who signs in with it, verified, may accept. The mail holds no secret.
"""

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import User
from companies import tasks
from companies.models import Application, ApplicationPerson, Company, Invitation, Membership
from companies.permissions import can_manage_people
from core import outbox, records
from core.errors import Conflict, NotAllowed
from core.tasks import nudge_on_commit

MOST_OPEN = 50


@transaction.atomic
def invite(*, thing: Company | Application, email: str, role: str, by: User) -> Invitation:
    """Invite the owner of an address to a company or an application; a mail follows after the commit."""
    _refuse_stranger(by, thing)
    email = email.strip().lower()
    target = {"application": thing} if isinstance(thing, Application) else {"company": thing}
    people = thing.people if isinstance(thing, Application) else thing.memberships
    if people.filter(user__email__iexact=email).exists():
        raise Conflict(_("%(email)s belongs to it already.") % {"email": email}, code="member_already")
    # The portal must not become a way to mail strangers without end.
    if thing.invitations.filter(accepted_at=None, revoked_at=None).count() >= MOST_OPEN:
        raise Conflict(_("There are %(most)d open invitations: revoke some first.") % {"most": MOST_OPEN})
    language = get_language() or settings.LANGUAGE_CODE
    invitation = records.save(Invitation(email=email, role=role, invited_by=by, language=language, **target))
    nudge_on_commit(tasks.mail_invitation, invitation.pk)
    return invitation


@transaction.atomic
def accept_invitation(*, invitation: Invitation, by: User) -> Membership | ApplicationPerson:
    """Join as offered. Whoever has not proved to own the address gets NotAllowed; a used invitation is a Conflict."""
    if not Invitation.objects.for_user(by).filter(pk=invitation.pk).exists():
        _refuse_used(invitation)
        raise NotAllowed(_("This invitation is for another e-mail address."))
    claimed = Invitation.objects.open().filter(pk=invitation.pk).update(accepted_at=timezone.now())
    if not claimed:
        _refuse_used(invitation)
    if invitation.application_id:
        return records.save(ApplicationPerson(application=invitation.application, user=by, role=invitation.role))
    membership = records.save(Membership(company=invitation.company, user=by, role=invitation.role))
    code = membership.company.code
    outbox.record("company.changed", code, {"company": code, "fields": ["people"]})
    return membership


@transaction.atomic
def revoke_invitation(*, invitation: Invitation, by: User) -> None:
    _refuse_stranger(by, invitation.thing)
    if not Invitation.objects.open().filter(pk=invitation.pk).update(revoked_at=timezone.now()):
        _refuse_used(invitation)


def mail(invitation_id: int) -> bool:
    """Send the mail of an open invitation once; True when this call did. The claim is a conditional UPDATE in the
    transaction that sends, so that a worker that dies gives it back."""
    with transaction.atomic():
        waiting = Invitation.objects.open().filter(pk=invitation_id, mailed_at=None)
        if not waiting.update(mailed_at=timezone.now()):
            return False
        _send(Invitation.objects.select_related("company", "application", "invited_by").get(pk=invitation_id))
    return True


def _send(invitation: Invitation) -> None:
    url = settings.BASE_URL + reverse("workspace:invitation", args=[invitation.public_id])
    with translation.override(invitation.language):
        subject = _("%(person)s invites you to the zone portal") % {"person": invitation.invited_by.display_name}
        body = render_to_string("companies/mail/invitation.txt", {"invitation": invitation, "url": url})
    send_mail(subject, body, None, [invitation.email])


def _refuse_stranger(by: User, thing: Company | Application) -> None:
    if not can_manage_people(by, thing):
        raise NotAllowed(_("The owners decide who works with them."))


def _refuse_used(invitation: Invitation) -> None:
    held = Invitation.objects.get(pk=invitation.pk)
    if held.accepted_at:
        raise Conflict(_("This invitation was accepted already."), code="invitation_used")
    if held.revoked_at:
        raise Conflict(_("This invitation was taken back."), code="invitation_revoked")
