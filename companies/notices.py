"""What the people of an application and the zone's officers are told, in the portal and by mail.

The words; `accounts.notices` does the telling.
"""

from django.utils.translation import gettext_lazy as _

from accounts.notices import Message

MESSAGES = (
    Message(
        "application_submitted",
        _("Your application “%(name)s” was sent"),
        _("The zone will look at it and answer here and by mail."),
        icon="send",
    ),
    Message(
        "application_resubmitted",
        _("Your application “%(name)s” was sent again"),
        _("The zone will look at the changes and answer here and by mail."),
        icon="send",
    ),
    Message(
        "application_changes_requested",
        _("The zone asks for changes to your application “%(name)s”"),
        _("The zone writes: %(note)s"),
        icon="edit",
    ),
    Message(
        "application_admitted",
        _("Welcome: “%(name)s” is admitted to the zone"),
        _("Your workspace is open. The company has the code %(code)s. It took %(days)s days."),
        icon="circle-check",
    ),
    Message(
        "application_declined",
        _("Your application “%(name)s” was declined"),
        _("The zone writes: %(note)s"),
        icon="circle-x",
    ),
    Message(
        "application_withdrawn",
        _("The application “%(name)s” was withdrawn"),
        _("%(by)s withdrew it. You can apply again at any time."),
        icon="arrow-back-up",
    ),
    # To the officers
    Message(
        "application_arrived",
        _("New application: “%(name)s”"),
        _("%(by)s sent it. It waits for a decision of the zone."),
        icon="inbox",
    ),
    Message(
        "application_returned",
        _("Application sent again: “%(name)s”"),
        _("%(by)s made the changes that the zone asked for. It waits for a decision of the zone."),
        icon="inbox",
    ),
)
