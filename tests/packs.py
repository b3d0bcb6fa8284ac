"""The pack that the portal comes with, read once a process: reading it takes longer than most tests."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from functools import cache
from typing import Any

from subsidies.rules.pack import DEFAULT_PACK, PolicyPack, load


@cache
def default_pack() -> PolicyPack:
    return load(DEFAULT_PACK)


def pack_with(values: Mapping[str, Decimal], **more: Any) -> PolicyPack:
    """The default pack with other values of some parameters."""
    known = default_pack()
    changed = {name: replace(known.parameters[name], value=value) for name, value in values.items()}
    return replace(known, parameters={**known.parameters, **changed}, **more)
