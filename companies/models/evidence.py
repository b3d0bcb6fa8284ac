"""Files that prove what a report says, and from which figures on a difference asks for a reason."""

from decimal import Decimal

from django.conf import settings
from django.contrib.postgres.functions import RandomUUID
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from companies.models.register import append_only
from companies.models.reports import Report
from companies.querysets import EvidenceQuerySet
from core.audit import audited
from core.constraints import never_deleted, void_has_reason, within
from core.money import MOST_YUAN, MoneyField
from core.records import Voidable

LONGEST_NAME = 100
MOST_BYTES = 10 * 1024 * 1024
MOST_PERCENT = 1_000
MOST_COUNT = 1_000_000


@audited(exclude=["content"])
class Evidence(Voidable):
    """A file that somebody attached to a report. Its content decided of which type it is, whatever it was called."""

    public_id = models.UUIDField(db_default=RandomUUID(), unique=True, editable=False)
    report = models.ForeignKey(Report, models.PROTECT, related_name="evidence")
    name = models.CharField(_("file"), max_length=LONGEST_NAME)
    media_type = models.CharField(max_length=100, editable=False)
    size = models.PositiveIntegerField(editable=False)
    digest = models.CharField(max_length=64, editable=False)
    content = models.BinaryField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("attached by"))

    objects = EvidenceQuerySet.as_manager()

    named_by = "name"  # in the history of a report

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "digest"],
                condition=Q(voided_at=None),
                name="%(app_label)s_%(class)s_once",
                violation_error_message=_("This very file is attached already."),
                violation_error_code="attached_already",
            ),
            within("size", 1, MOST_BYTES, _("A file has at most 10 MB, and is not empty.")),
            void_has_reason(),
        ]
        triggers = [never_deleted()]

    def __str__(self) -> str:
        return self.name


class JumpLimits(models.Model):
    """From where on a figure that differs from the report before asks for a reason: by more than `percent` of it, and
    by more than `yuan` or, where people or things are counted, `count`. The newest row holds; older ones are history.
    """

    percent = models.PositiveSmallIntegerField(
        _("percent"), default=50, validators=[MinValueValidator(1), MaxValueValidator(MOST_PERCENT)]
    )
    yuan = MoneyField(
        _("yuan"), default=Decimal(100_000), validators=[MinValueValidator(0), MaxValueValidator(MOST_YUAN)]
    )
    count = models.PositiveIntegerField(_("number"), default=10, validators=[MaxValueValidator(MOST_COUNT)])
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            within("percent", 1, MOST_PERCENT, _("The share lies between 1 and 1,000 percent.")),
            within("yuan", 0, MOST_YUAN, _("The amount is out of all proportion: write it in yuan.")),
            within("count", 0, MOST_COUNT, _("The number is out of all proportion.")),
        ]
        triggers = [append_only()]

    def __str__(self) -> str:
        return f"{self.percent} %"

    @classmethod
    def current(cls) -> "JumpLimits":
        """Those that hold; the defaults, which are in no table, as long as nobody set any."""
        return cls.objects.order_by("-pk").first() or cls()
