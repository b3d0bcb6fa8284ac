"""How a body is read: JSON of a bounded size, in which each name stands once. Anything else is refused, never a 500."""

import codecs
import json
from collections.abc import Mapping
from typing import IO, Any

from django.utils.translation import gettext as _
from rest_framework.parsers import BaseParser
from rest_framework.utils import json as strict

from core.errors import DomainError, Incomplete

LARGEST = 64 * 1024  # a record is one row of a form


class BodyTooLarge(DomainError):
    status = 413
    code = "body_too_large"


class RecordParser(BaseParser):
    """One JSON value in UTF-8, at most LARGEST bytes."""

    media_type = "application/json"

    def parse(
        self, stream: IO[bytes], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        del media_type, parser_context
        sent = stream.read(LARGEST + 1)
        if len(sent) > LARGEST:
            raise BodyTooLarge(_("A body has at most %(bytes)s bytes: send one record at a time.") % {"bytes": LARGEST})
        try:
            text = codecs.decode(sent, "utf-8")
            found = json.loads(text, object_pairs_hook=_once, parse_constant=strict.strict_constant)
            json.dumps(
                found, ensure_ascii=False
            ).encode()  # JSON can spell halves of characters, which nobody can write
            return found
        except (ValueError, RecursionError) as error:
            message = _("The body is not JSON: %(reason)s") % {"reason": str(error)[:200]}
            raise Incomplete(message, code="malformed_body") from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _value in pairs]
        raise ValueError(f"{next(name for name in names if names.count(name) > 1)!r} stands there twice")
    return found
