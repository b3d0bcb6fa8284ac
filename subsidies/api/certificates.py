"""The certificate of a decision in JSON, as the API sends it and as a reader keeps it. `format` is 1.

(A field may be called `label` or `source`, as a serializer's own attribute is; only the type checker minds.)

Words (`label`, `shown`, `text` …) are in the language that was asked for and may change; names, codes and values do
not.
"""

from typing import Any

from rest_framework import serializers

from core.api.views import FieldsSerializer
from subsidies.choices import Outcome, Provenance
from subsidies.models import Decision

VALUE = "As text: yuan, m² and scores with two decimals, days in ISO form, true, false. null: not known."


class _Part(serializers.Serializer[Any]):
    """A part of a certificate; only ever read."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **{"read_only": True, **kwargs})


class CertificateCompanySerializer(_Part):
    code = serializers.CharField(help_text="The code when it was decided, which is sealed.")
    name = serializers.CharField()
    name_zh = serializers.CharField(allow_blank=True)


class CertificateClauseSerializer(_Part):
    code = serializers.CharField()
    name = serializers.CharField(allow_blank=True)
    text = serializers.CharField(allow_blank=True)


class CertificateVersionSerializer(_Part):
    policy = serializers.CharField()
    name = serializers.CharField()
    effective_from = serializers.DateField()
    digest = serializers.CharField(help_text="BLAKE2b-256 of all that the version says; sealed.")


class CertificateStandingSerializer(_Part):
    in_force = serializers.BooleanField(help_text="Whether the decision still stands.")
    superseded_at = serializers.DateTimeField(allow_null=True)
    superseded_by = serializers.UUIDField(allow_null=True, help_text="The decision that took its place.")


class CertificateParameterSerializer(_Part):
    name = serializers.CharField()
    value = serializers.CharField(help_text="With its unit, in words; of a series the last value.")
    provenance = serializers.ChoiceField(choices=Provenance.choices)
    source = serializers.CharField(allow_blank=True)  # type: ignore[assignment]


class CertificateFactSerializer(_Part):
    name = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    value = serializers.CharField(allow_null=True, help_text=VALUE)
    unit = serializers.CharField(allow_blank=True, help_text="CNY, m2, score, or empty.")
    shown = serializers.CharField()


class CertificateCriterionSerializer(_Part):
    key = serializers.CharField(allow_blank=True, help_text="Empty for the head of a group of which one is enough.")
    label = serializers.CharField()  # type: ignore[assignment]
    depth = serializers.IntegerField(help_text="1 within such a group.")
    result = serializers.BooleanField(allow_null=True, help_text="null: not known.")
    op = serializers.CharField(help_text="How the value is compared with the threshold; `any` for the head of a group.")
    value = serializers.CharField(allow_null=True, help_text=VALUE)
    threshold = serializers.CharField(allow_null=True, help_text=VALUE)
    unit = serializers.CharField(allow_blank=True)
    seen = serializers.CharField(allow_blank=True)
    wanted = serializers.CharField(allow_blank=True)
    clause = serializers.CharField(allow_blank=True, help_text="The code of the clause that demands it.")
    parameters = CertificateParameterSerializer(many=True)


class CertificateStepSerializer(_Part):
    label = serializers.CharField()  # type: ignore[assignment]
    kind = serializers.CharField()
    value = serializers.CharField(allow_null=True, help_text="Yuan, with two decimals.")
    shown = serializers.CharField()
    parameters = CertificateParameterSerializer(many=True)


class CertificateMissingSerializer(_Part):
    name = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    supplier = serializers.CharField(help_text="Who can tell.")


class CertificateSealSerializer(_Part):
    algorithm = serializers.CharField()
    previous = serializers.CharField(
        allow_null=True, help_text="The seal of the decision before on the same company and point, hexadecimal."
    )
    content = serializers.CharField(help_text="What is sealed, as one text.")
    value = serializers.CharField(
        help_text="The digest of the bytes of `previous` and the UTF-8 of `content`, hexadecimal."
    )


class CertificateSerializer(FieldsSerializer):
    format = serializers.IntegerField(read_only=True, help_text="1. Another number has another meaning.")
    language = serializers.CharField(read_only=True)
    id = serializers.UUIDField(read_only=True)
    address = serializers.CharField(read_only=True)
    check_code = serializers.CharField(read_only=True, help_text="Anybody may look the certificate up with it.")
    check_address = serializers.CharField(read_only=True)
    company = CertificateCompanySerializer()
    point = CertificateClauseSerializer()
    version = CertificateVersionSerializer()
    standing = CertificateStandingSerializer()
    outcome = serializers.ChoiceField(choices=Outcome.choices, read_only=True)
    amount = serializers.DecimalField(18, 2, read_only=True, allow_null=True)
    currency = serializers.CharField(read_only=True)
    per = serializers.ChoiceField(choices=["once", "month", "year"], read_only=True, help_text="What an amount is for.")
    facts = CertificateFactSerializer(many=True)
    criteria = CertificateCriterionSerializer(many=True)
    clauses = CertificateClauseSerializer(many=True)
    steps = CertificateStepSerializer(many=True, help_text="The arithmetic of the amount, the innermost step first.")
    unmet = serializers.ListField(child=serializers.CharField(), read_only=True)
    missing = CertificateMissingSerializer(many=True)
    seal = CertificateSealSerializer()
    matches = serializers.BooleanField(
        read_only=True, help_text="The record fits its seal, and the rules find the same today."
    )

    class Meta:
        model = Decision
        fields = [
            "format", "language", "id", "address", "check_code", "check_address", "company", "point", "version",
            "decided_for", "decided_at", "standing", "outcome", "amount", "currency", "per", "facts", "criteria",
            "clauses", "steps", "unmet", "missing", "seal", "matches",
        ]  # fmt: skip
