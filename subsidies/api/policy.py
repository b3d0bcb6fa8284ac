"""A version of the policy as the API shows it: words by language, and numbers as exact decimals in their units."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core.api.views import FieldsSerializer
from core.periods import today
from subsidies.choices import PolicyState, Provenance
from subsidies.models import PolicyParameter, PolicyVersion
from subsidies.rules.catalogue import BOUNDS, POINT_CODES, STAGE_CODES
from subsidies.rules.pack import LANGUAGES
from subsidies.sections import rows_of


class WordsSerializer(serializers.Serializer[Any]):
    """A text in each language."""

    def get_fields(self) -> dict[str, Any]:
        return {language: serializers.CharField(read_only=True) for language in LANGUAGES}


class EntrySerializer(serializers.Serializer[Any]):
    code = serializers.ChoiceField(choices=[*POINT_CODES, *STAGE_CODES], read_only=True)
    name = WordsSerializer(read_only=True)
    clause = WordsSerializer(read_only=True)


class SeriesStepSerializer(serializers.Serializer[Any]):
    def get_fields(self) -> dict[str, Any]:
        return {
            "from": serializers.CharField(read_only=True, help_text="YYYY-MM-DD"),
            "value": serializers.CharField(read_only=True),
        }


class ParameterSerializer(serializers.ModelSerializer[PolicyParameter]):
    value = serializers.SerializerMethodField("one_value", help_text="An exact decimal; null for a series.")
    series = serializers.SerializerMethodField(help_text="The steps of a series; empty for one value.")
    unit = serializers.ChoiceField(choices=sorted(BOUNDS), read_only=True)
    provenance = serializers.ChoiceField(choices=Provenance.values, read_only=True)
    confirmed_at = serializers.DateTimeField(
        read_only=True, allow_null=True, help_text="When the zone confirmed an assumed value; null: it did not."
    )

    class Meta:
        model = PolicyParameter
        fields = ["name", "value", "series", "unit", "provenance", "source", "confirmed_at"]

    @extend_schema_field({"type": "string", "format": "decimal", "nullable": True})
    def one_value(self, row: PolicyParameter) -> str | None:
        return row.value if isinstance(row.value, str) else None

    @extend_schema_field(SeriesStepSerializer(many=True))
    def get_series(self, row: PolicyParameter) -> list[dict[str, str]]:
        return [] if isinstance(row.value, str) else list(row.value)


class PolicyVersionSerializer(FieldsSerializer):
    state = serializers.SerializerMethodField(help_text="superseded: a later version is in force today.")
    replaced_on = serializers.DateField(
        read_only=True, allow_null=True, help_text="The first day of the next published version; null: there is none."
    )
    points = serializers.SerializerMethodField()
    stages = serializers.SerializerMethodField()
    parameters = serializers.SerializerMethodField()

    class Meta:
        model = PolicyVersion
        fields = [
            "version", "policy", "state", "effective_from", "replaced_on", "published_at", "content_hash", "points",
            "stages", "parameters",
        ]  # fmt: skip

    @extend_schema_field({"type": "string", "enum": [PolicyState.PUBLISHED.value, PolicyState.SUPERSEDED.value]})
    def get_state(self, version: PolicyVersion) -> str:
        return version.state_on(today()).value

    @extend_schema_field(EntrySerializer(many=True))
    def get_points(self, version: PolicyVersion) -> list[dict[str, Any]]:
        return _entries(version.texts.get("points", {}), POINT_CODES)

    @extend_schema_field(EntrySerializer(many=True))
    def get_stages(self, version: PolicyVersion) -> list[dict[str, Any]]:
        return _entries(version.texts.get("stages", {}), STAGE_CODES)

    @extend_schema_field(ParameterSerializer(many=True))
    def get_parameters(self, version: PolicyVersion) -> Any:
        return ParameterSerializer(rows_of(version), many=True).data


def _entries(texts: dict[str, Any], codes: tuple[str, ...]) -> list[dict[str, Any]]:
    return [{"code": code, **texts[code]} for code in codes if code in texts]
