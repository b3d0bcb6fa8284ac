"""Choices of the register, shared by models, forms, filters and files. Codes as in the interchange formats."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CompanyKind(models.TextChoices):
    COMPANY = "company", _("company")
    TEAM = "team", _("team")
    ANCHOR = "anchor", _("anchor company")


class Stage(models.TextChoices):
    NESTLING = "nestling", _("nestling")
    CHICK = "chick", _("chick")
    GROWING = "growing", _("growing")
    UNICORN = "unicorn", _("unicorn")


class RelationKind(models.TextChoices):
    PARENT = "parent", _("parent company")
    SIBLING = "sibling", _("sister company")
    CONTROLLER = "controller", _("controlling person or company")


class MemberRole(models.TextChoices):
    OWNER = "owner", _("owner")
    EDITOR = "editor", _("editor")
    VIEWER = "viewer", _("viewer")


class ApplicationState(models.TextChoices):
    DRAFT = "draft", _("draft")
    SUBMITTED = "submitted", _("submitted")
    CHANGES_REQUESTED = "changes_requested", _("changes asked for")
    ADMITTED = "admitted", _("admitted")
    DECLINED = "declined", _("declined")
    WITHDRAWN = "withdrawn", _("withdrawn")


class ApplicationStep(models.TextChoices):
    """What happened to an application, one line of its timeline each."""

    STARTED = "started", _("started")
    SUBMITTED = "submitted", _("sent")
    CHANGES_REQUESTED = "changes_requested", _("changes asked for")
    RESUBMITTED = "resubmitted", _("sent again")
    ADMITTED = "admitted", _("admitted")
    DECLINED = "declined", _("declined")
    WITHDRAWN = "withdrawn", _("withdrawn")


class CheckOutcome(models.TextChoices):
    """What came of comparing a company's data with an official source."""

    AGREES = "agrees", _("agrees")
    CORRECTED = "corrected", _("differed, and was corrected here")
    DIFFERS = "differs", _("differs, to be settled")
    NOT_FOUND = "not_found", _("not found there")


class LeavingReason(models.TextChoices):
    """Why a company left the zone, as it says itself: the one reason that weighed most."""

    PREMISES = "premises", _("premises do not fit")
    RENT = "rent", _("rent too high")
    RELIEF_ENDED = "relief_ended", _("relief ended")
    PEOPLE = "people", _("people not found here")
    MARKET = "market", _("closer to customers or partners")
    SUPPORT = "support", _("better support elsewhere")
    MERGED = "merged", _("bought or merged")
    CLOSED = "closed", _("business given up")
    ZONE = "zone", _("the zone did not renew")
    OTHER = "other", _("another reason")


class ReportMonths(models.IntegerChoices):
    """What a report is about: a quarter or a year."""

    QUARTER = 3, _("quarter")
    YEAR = 12, _("year")


class DutyState(models.TextChoices):
    """How far it is with a report that a company owes."""

    DUE = "due", _("due")
    LATE = "late", _("late")
    SENT = "sent", _("sent")
    VERIFIED = "verified", _("verified")
    EXCUSED = "excused", _("excused")


class QuestionKind(models.TextChoices):
    """What an answer to a question of the zone is."""

    COUNT = "count", _("whole number")
    AMOUNT = "amount", _("amount in yuan")
    YES_NO = "yes_no", _("yes or no")
    TEXT = "text", _("text")


class Measure(models.TextChoices):
    """What a number of a report is about: what came together over the period, or what there was on its last day."""

    PERIOD = "period", _("over the period")
    LAST_DAY = "last_day", _("on its last day")


class MergeState(models.TextChoices):
    PROPOSED = "proposed", _("waits for a second person")
    DONE = "done", _("merged")
    REFUSED = "refused", _("refused")
    WITHDRAWN = "withdrawn", _("withdrawn")


class Sign(models.TextChoices):
    """Why two companies of the register may be the same, or may not."""

    SAME_NAME = "same_name", _("same name")
    SIMILAR_NAME = "similar_name", _("similar name")
    SAME_NAME_ZH = "same_name_zh", _("same Chinese name")
    SIMILAR_NAME_ZH = "similar_name_zh", _("similar Chinese name")
    ACROSS_SCRIPTS = "across_scripts", _("the name of one is like the other's in the other script")
    SAME_WEBSITE = "same_website", _("same website")
    SAME_PERSON = "same_person", _("the same person works in both")
    SAME_MAIL = "same_mail", _("their people have addresses of one mail domain")
    SAME_FOUNDING = "same_founding", _("founded on the same day")
    OTHER_CODE = "other_code", _("different credit codes")
