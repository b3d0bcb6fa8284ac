"""A company as the API shows it: the columns of the interchange files, unknown as null."""

from companies.models import Company
from core.api.fields import FirstDayField, KnownTextField, LastDayField
from core.api.views import FieldsSerializer


class CompanySerializer(FieldsSerializer):
    name_zh = KnownTextField(help_text="The Chinese name.")
    industry = KnownTextField()
    registered_on = FirstDayField(source="registration", help_text="First day of the registration in the zone.")
    deregistered_on = LastDayField(source="registration", help_text="Last day of the registration, included.")
    operating_from = FirstDayField(source="operation")
    operating_until = LastDayField(source="operation", help_text="Last day of operation, included.")
    stage = KnownTextField(help_text="nestling, chick, growing or unicorn.")
    country = KnownTextField(help_text="ISO 3166-1 alpha-2.")
    website = KnownTextField()

    class Meta:
        model = Company
        fields = [
            "code", "name", "name_zh", "uscc", "kind", "industry", "founded_on", "registered_on", "deregistered_on",
            "operating_from", "operating_until", "stage", "listed", "bad_credit", "country", "website", "updated_at",
        ]  # fmt: skip
