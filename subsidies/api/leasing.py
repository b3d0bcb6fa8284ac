"""What an act on a lease would change, for machines: the leases, the rent by month, and the rent relief. Nothing is
done. It takes what the act itself takes, and refuses what that refuses."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.fields import FirstDayField, LastDayField, MonthField
from core.errors import Conflict
from core.periods import DAY, today
from spaces.api.acts import ActsOnLeases
from spaces.lives import plans, previews
from spaces.lives.acts import ACTS
from spaces.lives.forms import ActForm
from spaces.lives.plans import Plan
from spaces.models import Lease
from subsidies import leasing
from subsidies.rules.errors import RuleError


class Yuan(serializers.DecimalField):
    """Yuan with both decimals, as a string."""

    def __init__(self, **options: Any):
        super().__init__(max_digits=18, decimal_places=2, read_only=True, **options)


class SquareMetres(Yuan):
    """m² with two decimals, as a string."""


@dataclass(frozen=True)
class Ended:
    """A lease that would end, on its last day then."""

    lease: str
    last_day: Any


class EndedSerializer(serializers.Serializer[Any]):
    lease = serializers.CharField(read_only=True, help_text="The lease's number.")
    last_day = serializers.DateField(read_only=True, help_text="The last day that it would have.")


class BegunSerializer(serializers.ModelSerializer[Lease]):
    """A lease that would begin."""

    lease = serializers.CharField(source="number", read_only=True, help_text="The number that it would have.")
    unit = serializers.CharField(source="unit.code", read_only=True)
    first_day = FirstDayField(source="term")
    last_day = LastDayField(source="term", help_text="The last day, included; null while it is open.")

    class Meta:
        model = Lease
        fields = ["lease", "unit", "area_m2", "price_per_m2_day", "first_day", "last_day"]


class RentSerializer(serializers.Serializer[Any]):
    """The rent of these leases in a month, without the act and with it."""

    month = MonthField(source="first")
    before = Yuan()
    after = Yuan()


class SideSerializer(serializers.Serializer[Any]):
    """Of all leases of the company in a month."""

    rent = Yuan()
    waived = Yuan()
    payable = Yuan()


class RelievedSerializer(serializers.Serializer[Any]):
    month = MonthField(source="first")
    before = SideSerializer(read_only=True)
    after = SideSerializer(read_only=True)


class WindowSerializer(serializers.Serializer[Any]):
    """The months of the relief, and how many of them are over on the day of the act."""

    first_day = serializers.DateField(source="first", read_only=True)
    months = serializers.IntegerField(read_only=True)
    used = serializers.IntegerField(read_only=True)
    left = serializers.IntegerField(read_only=True)


class ReliefSerializer(serializers.Serializer[Any]):
    """What the rent relief becomes."""

    months = RelievedSerializer(many=True, read_only=True)
    most_m2 = SquareMetres(help_text="The most that is waived on a day.")
    waived_m2_before = SquareMetres(help_text="Waived on the day of the act, without it.")
    waived_m2_after = SquareMetres(help_text="Waived on the day of the act, with it.")
    window = WindowSerializer(read_only=True, allow_null=True)
    last_day_before = serializers.DateField(
        read_only=True, allow_null=True, help_text="The last day of the relief, without the act."
    )
    last_day_after = serializers.DateField(
        read_only=True, allow_null=True, help_text="The last day of the relief, with the act."
    )


class PlanSerializer(serializers.Serializer[Any]):
    """What an act would change."""

    day = serializers.DateField(read_only=True, help_text="The first day on which it would hold.")
    ends = EndedSerializer(many=True, read_only=True)
    begins = BegunSerializer(many=True, read_only=True)
    rents = RentSerializer(many=True, read_only=True)
    relief = ReliefSerializer(
        read_only=True, allow_null=True, help_text="The rent relief; null where no policy was ever published."
    )


@extend_schema_view(**{code: extend_schema(responses=PlanSerializer) for code in ACTS})
class LeasePlanViewSet(ActsOnLeases):
    """What an act on a lease would change."""

    serializer_class = PlanSerializer

    def refuse_stale(self, request: Request, record: Any) -> None:
        """Nothing is changed: any state will do."""

    def on_form(self, request: Request, form: ActForm) -> Response:
        self.refuse_unread(request)
        plan = form.plan()
        plans.refuse_contradictions(plan)
        found = {
            "day": plan.day,
            "ends": [Ended(lease.number, plan.day - DAY) for lease in plan.before],
            "begins": plan.after,
            "rents": previews.rents(plan),
            "relief": _relief(plan),
        }
        return Response(PlanSerializer(found).data)


def _relief(plan: Plan) -> dict[str, Any] | None:
    try:
        found = leasing.relief_of(plan, on=today())
    except RuleError as refused:
        message = _("The relief cannot be reckoned: %(reason)s") % {"reason": refused}
        raise Conflict(message, code="relief_unknown") from refused
    if found is None:
        return None
    (before, after), (end_before, end_after) = found.areas, found.ends
    return {
        "months": found.months, "most_m2": found.cap, "waived_m2_before": before, "waived_m2_after": after,
        "window": found.window, "last_day_before": end_before, "last_day_after": end_after,
    }  # fmt: skip
