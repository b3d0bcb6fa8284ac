"""The default pack in force: two thousand tests begin with it."""

import copy
from functools import cache
from typing import Any

from django.db import transaction
from django.utils import timezone

from core import outbox
from subsidies import policy
from subsidies.choices import PolicyState
from subsidies.models import PolicyParameter, PolicyVersion
from subsidies.rules.content import PARAMETER_FIELDS, content_hash
from tests.packs import default_pack


@transaction.atomic
def published_policy() -> PolicyVersion:
    """What `load_pack(publish=True)` leaves where no policy was before, by those of its statements that write: what it
    looks for before them, and works out from the pack anew, takes longer. `test_policies.py` holds the two together."""
    columns, parameters, digest = copy.deepcopy(_contents())
    made = PolicyVersion.objects.create(**columns, edited_at=timezone.now())
    PolicyParameter.objects.bulk_create(PolicyParameter(version=made, **row) for row in parameters)
    made.content_hash = digest
    made.save(update_fields=["content_hash"])
    made.state, made.published_at = PolicyState.PUBLISHED, timezone.now()
    made.save(update_fields=["state", "published_at", "published_by"])
    outbox.record("policy.published", made, {"effective_from": made.effective_from.isoformat()})
    return made


@cache
def _contents() -> tuple[dict[str, Any], list[dict[str, Any]], str]:
    """The columns of the version and of its parameters, and the hash of them all."""
    pack = default_pack()
    columns = {
        "policy": pack.policy,
        "version": pack.version,
        "effective_from": pack.effective_from,
        "texts": {
            part: {code: {"name": dict(entry.name), "clause": dict(entry.clause)} for code, entry in entries.items()}
            for part, entries in (("points", pack.points), ("stages", pack.stages))
        },
    }
    rows = [policy.row_of(PolicyVersion(), parameter) for parameter in pack.parameters.values()]
    parameters = [{name: getattr(row, name) for name in PARAMETER_FIELDS} for row in rows]
    return columns, parameters, content_hash(**columns, parameters=parameters)
