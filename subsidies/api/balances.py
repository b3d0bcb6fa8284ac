"""The balance of the rent relief as the API shows it. Areas in m² and yuan are strings with two decimals."""

from rest_framework import serializers

from core.api.views import FieldsSerializer
from subsidies.models import RentStatement


class ReliefBalanceSerializer(FieldsSerializer):
    on = serializers.DateField(read_only=True, help_text="At the end of this day.")
    cap_m2 = serializers.DecimalField(12, 2, source="cap", read_only=True, help_text="The most that is relieved.")
    used_m2 = serializers.DecimalField(12, 2, source="used", read_only=True)
    left_m2 = serializers.DecimalField(12, 2, source="left", read_only=True)
    months = serializers.IntegerField(
        source="window.months", default=None, allow_null=True, read_only=True,
        help_text="null: nothing has opened the months of the relief yet.",
    )  # fmt: skip
    months_used = serializers.IntegerField(source="window.used", default=None, allow_null=True, read_only=True)
    months_left = serializers.IntegerField(source="window.left", default=None, allow_null=True, read_only=True)
    counted_since = serializers.DateField(source="window.first", default=None, allow_null=True, read_only=True)
    window_ends_on = serializers.DateField(
        source="window.last", default=None, allow_null=True, read_only=True, help_text="The last day of its months."
    )
    ends_on = serializers.DateField(
        source="last_day", allow_null=True, read_only=True,
        help_text="The last day of the relief by what is on record; null: none that ends.",
    )  # fmt: skip
    month_after = serializers.DateField(
        source="after.month", default=None, allow_null=True, read_only=True,
        help_text="The first whole month without the relief.",
    )  # fmt: skip
    rent_after = serializers.DecimalField(
        18, 2, allow_null=True, read_only=True, help_text="Yuan to be paid in it; null: no lease is agreed."
    )
    sentences = serializers.ListField(
        child=serializers.CharField(), read_only=True, help_text="The same in the language that was asked for."
    )

    class Meta:
        model = RentStatement
        fields = [
            "on", "cap_m2", "used_m2", "left_m2", "months", "months_used", "months_left", "counted_since",
            "window_ends_on", "ends_on", "month_after", "rent_after", "sentences",
        ]  # fmt: skip
