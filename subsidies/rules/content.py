"""What a version of the policy says, as one hash: whoever approves or simulates a draft names what he saw by it."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

PARAMETER_FIELDS = ("name", "value", "unit", "provenance", "source", "confirmed_by_id", "confirmed_at")


def content_hash(
    *, policy: str, version: str, effective_from: Any, texts: Mapping[str, Any], parameters: Iterable[Mapping[str, Any]]
) -> str:
    """SHA-256, in 64 hexadecimal digits, of all that people are bound by: names, the first day, words and numbers.

    `parameters` come as they are stored, with the fields of PARAMETER_FIELDS, in any order. Days and moments are
    written as in ISO 8601; a moment must be in UTC.
    """
    content = {
        "policy": policy,
        "version": version,
        "effective_from": effective_from.isoformat(),
        "texts": texts,
        "parameters": sorted(
            ({field: parameter[field] for field in PARAMETER_FIELDS} for parameter in parameters),
            key=lambda parameter: str(parameter["name"]),
        ),
    }
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_iso)
    return hashlib.sha256(text.encode()).hexdigest()


def _iso(moment: Any) -> str:
    return str(moment.isoformat())
