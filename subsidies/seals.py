"""The seal of a decision: a digest of all that it says and of the seal before it on the same company and point.

Pure, and fixed for ever: what is sealed today is checked with this years later. `content` is one line of JSON with
sorted keys, so that anybody can compute a seal from a certificate with BLAKE2b and nothing of ours; `bulk.sealing`
writes the same text for many rows at once. docs/adr/0014 says what is sealed, and why.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

FORMAT = 1
ALGORITHM = "BLAKE2b-256"
SIZE = 32


def content(
    *,
    company: str,
    point: str,
    version: str,
    version_digest: str,
    day: dt.date,
    decided_at: dt.datetime,
    outcome: str,
    amount: str | None,
    criteria: str,
    facts: Mapping[str, Any],
    unmet: str,
    missing: str,
) -> str:
    """The text that is sealed. `company` is the code as it was when it was decided, `amount` yuan with both fen,
    `version_digest` that of `digest_of_version`."""
    return written(
        {
            "format": FORMAT,
            "company": company,
            "point": point,
            "version": version,
            "version_digest": version_digest,
            "day": day.isoformat(),
            "decided_at": moment(decided_at),
            "outcome": outcome,
            "amount": amount,
            "criteria": criteria,
            "facts": dict(facts),
            "unmet": unmet,
            "missing": missing,
        }
    )


def written(value: Mapping[str, Any]) -> str:
    """JSON with sorted keys and no escapes but those that it must have."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False)


def moment(at: dt.datetime) -> str:
    """A moment in UTC with all six decimals of its second."""
    return at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def seal(text: str, previous: bytes | None) -> bytes:
    """The 32 bytes that seal `text` after the decision whose seal is `previous` (None: there is none before)."""
    return hashlib.blake2b((previous or b"") + text.encode(), digest_size=SIZE).digest()


def digest_of_version(version: Any, parameters: Iterable[Any]) -> str:
    """64 hexadecimal digits for all that a version of the policy says: its row and those of its parameters."""
    whole = {
        "policy": version.policy,
        "version": version.version,
        "effective_from": version.effective_from.isoformat(),
        "texts": version.texts,
        "parameters": {
            row.name: {"value": row.value, "unit": row.unit, "provenance": row.provenance, "source": row.source}
            for row in parameters
        },
    }
    return hashlib.blake2b(written(whole).encode(), digest_size=SIZE).hexdigest()
