"""What a client may send, read off the fields of a form: strictly by type, and told as JSON Schema in the document.

The form then checks what it checks of people, so that both are refused the same in the same words. What a form would
guess from a text (a number with blanks, a day in the reader's own spelling) a program has to send as it is.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from core.errors import Incomplete

Schema = dict[str, Any]
MOMENT = r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})"


@dataclass(frozen=True)
class Member:
    """A member of a body: its public name, the form's field that takes it, its schema, and what its value must be like.

    `check` returns what is wrong with a value that is not null, in words; "" for nothing.
    """

    name: str
    field: str
    is_required: bool
    is_nullable: bool
    schema: Schema
    check: Callable[[Any], str]


class Body:
    """The members of a body; an object with others, or with values of another type, is refused as Incomplete."""

    def __init__(self, members: Iterable[Member]):
        self.members = {member.name: member for member in members}

    def schema(self) -> Schema:
        """As JSON Schema (OpenAPI 3.0)."""
        required = [member.name for member in self.members.values() if member.is_required]
        properties = {name: _nullable(member) for name, member in self.members.items()}
        found: Schema = {"type": "object", "properties": properties, "additionalProperties": False}
        if required:
            return found | {"required": required}
        return found | ({"minProperties": 1} if properties else {})

    def read(self, sent: Any) -> dict[str, Any]:
        """What was sent, by the form's fields. Raises Incomplete with what is wrong by the members' public names."""
        if not isinstance(sent, Mapping):
            raise Incomplete(_("Send a JSON object."), code="malformed_body")
        if self.members and not sent and not any(member.is_required for member in self.members.values()):
            raise Incomplete(_("Send at least one of: %(names)s.") % {"names": ", ".join(self.members)})
        unknown, wrong = self.faults(sent)
        if unknown or wrong:
            fields = unknown | wrong
            raise Incomplete(_told(fields), code="unknown_field" if not wrong else None, fields=fields)
        return {self.members[name].field: value for name, value in sent.items()}

    def faults(self, sent: Mapping[str, Any]) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
        """What an object names that there is not, and what is wrong with the members, each by its name."""
        unknown = {name: [self._unknown()] for name in sent if name not in self.members}
        return unknown, {name: told for name in self.members if (told := self._wrong(name, sent))}

    def public(self, field: str) -> str:
        """The public name of a form's field; a name that no member has is left as it is."""
        return next((member.name for member in self.members.values() if member.field == field), field)

    def _unknown(self) -> str:
        if not self.members:
            return _("There is nothing to send here: send an empty object.")
        return _("There is no such field to send. There are: %(names)s.") % {"names": ", ".join(self.members)}

    def _wrong(self, name: str, sent: Mapping[str, Any]) -> list[str]:
        member = self.members[name]
        if name not in sent:
            return [str(forms.Field.default_error_messages["required"])] if member.is_required else []
        if sent[name] is None:
            return [] if member.is_nullable else [str(forms.Field.default_error_messages["required"])]
        told = member.check(sent[name])
        return [told] if told else []


def _told(fields: Mapping[str, list[str]]) -> str:
    return " ".join(f"{name}: {' '.join(messages)}" for name, messages in fields.items())


def refused(form: forms.Form, body: Body) -> Incomplete:
    """What a form found wrong, by the public names of the body."""
    fields = {body.public(name): list(map(str, told)) for name, told in form.errors.items() if name != "__all__"}
    general = " ".join(map(str, form.non_field_errors()))
    return Incomplete(general or _told(fields), fields=fields)


def _nullable(member: Member) -> Schema:
    if not member.is_nullable:
        return member.schema
    choices = {"enum": [*member.schema["enum"], None]} if "enum" in member.schema else {}
    return {**member.schema, **choices, "nullable": True}


# --- Members of fields -------------------------------------------------------------------------------------------


def member_of(name: str, field: str, of: forms.Field, *, is_required: bool) -> Member:
    """The member that a form's field takes. A field that may stay empty takes null, too: for what is not known."""
    schema, check = _kind_of(of)
    text = str(of.help_text or of.label or "")
    described = schema | ({"description": text} if text else {})
    return Member(name, field, is_required, not (of.required or is_required), described, check)


def list_of(name: str, of: Body | Schema, *, least: int, most: int, text: str) -> Member:
    """A member that is needed: a list of objects with the members of a body, or of texts or days with this schema."""
    items = of.schema() if isinstance(of, Body) else of
    schema = {"type": "array", "items": items, "minItems": least, "maxItems": most, "description": text}

    def wrong(value: Any) -> str:
        if not isinstance(value, list) or not least <= len(value) <= most:
            return _("Send a list of %(least)s to %(most)s.") % {"least": least, "most": most}
        found = ((place, _wrong_item(one, of)) for place, one in enumerate(value, 1))
        return " ".join(f"{place}: {told}" for place, told in found if told)

    return Member(name, name, least > 0, False, schema, wrong)


def _wrong_item(value: Any, of: Body | Schema) -> str:
    if isinstance(of, Body):
        if not isinstance(value, Mapping):
            return _("Send a JSON object.")
        unknown, wrong = of.faults(value)
        return _told(unknown | wrong)
    return _wrong_day(value) if of.get("format") == "date" else _wrong_text(value)


def _kind_of(field: forms.Field) -> tuple[Schema, Callable[[Any], str]]:
    if isinstance(field, forms.ChoiceField):
        return _choice(field)
    if isinstance(field, forms.DateTimeField):
        return {"type": "string", "format": "date-time"}, _wrong_moment
    if isinstance(field, forms.DateField):
        return {"type": "string", "format": "date"}, _wrong_day
    if isinstance(field, forms.DecimalField):
        return _decimal(field)
    if isinstance(field, forms.IntegerField):
        bounds = {"minimum": field.min_value, "maximum": field.max_value}
        return {"type": "integer"} | {name: n for name, n in bounds.items() if n is not None}, _wrong_number
    if isinstance(field, forms.NullBooleanField):
        return {"type": "boolean"}, _wrong_answer
    if isinstance(field, forms.CharField):
        longest = {"maxLength": field.max_length} if field.max_length else {}
        return {"type": "string", "minLength": 1, **longest}, _wrong_text
    raise LookupError(f"no JSON type for a {type(field).__name__}")


def _choice(field: forms.ChoiceField) -> tuple[Schema, Callable[[Any], str]]:
    values = [value for value, _label in field.choices if value not in ("", None)]  # type: ignore[union-attr, misc]
    kind = type(values[0])

    def wrong(value: Any) -> str:
        known = type(value) is kind and value in values
        return "" if known else _("Send one of: %(names)s.") % {"names": ", ".join(map(str, values))}

    return {"type": "integer" if issubclass(kind, int) else "string", "enum": values}, wrong


def _decimal(field: forms.DecimalField) -> tuple[Schema, Callable[[Any], str]]:
    places = field.decimal_places or 0
    whole = (field.max_digits or 18) - places
    pattern = rf"^-?[0-9]{{1,{whole}}}(\.[0-9]{{1,{places}}})?$"

    def wrong(value: Any) -> str:
        if isinstance(value, str) and re.fullmatch(pattern[1:-1], value):
            return ""
        words = {"places": places}
        return _("Send a decimal in quotes, with a point and at most %(places)s places: “1000.50”.") % words

    return {"type": "string", "format": "decimal", "pattern": pattern, "example": f"1000.{'50'[:places]}"}, wrong


def _wrong_day(value: Any) -> str:
    try:
        if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value, re.ASCII):
            dt.date.fromisoformat(value)
            return ""
    except ValueError:
        pass  # such as February 30
    return _("Send a day as “YYYY-MM-DD”.")


def _wrong_moment(value: Any) -> str:
    try:
        if isinstance(value, str) and re.fullmatch(MOMENT, value, re.ASCII):
            dt.datetime.fromisoformat(value).astimezone(dt.UTC)
            return ""
    except (ValueError, OverflowError):
        pass  # such as February 30
    return _("Send a moment with its offset: “2026-06-16T09:00:00+08:00”.")


def _wrong_number(value: Any) -> str:
    return "" if type(value) is int else _("Send a whole number without quotes.")


def _wrong_answer(value: Any) -> str:
    return "" if isinstance(value, bool) else _("Send true, false, or null if it is not known.")


def _wrong_text(value: Any) -> str:
    if not isinstance(value, str) or not value:
        return _("Send a text in quotes that is not empty.")
    return _("Leave out the NUL character.") if "\x00" in value else ""
