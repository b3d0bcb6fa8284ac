"""The pack that the portal comes with, read once a process: reading it takes longer than most tests."""

from functools import cache

from subsidies.rules.pack import DEFAULT_PACK, PolicyPack, load


@cache
def default_pack() -> PolicyPack:
    return load(DEFAULT_PACK)
