"""Texts that the zone's officers write in three languages, in the one of the reader."""

from typing import Any

from django.utils.translation import get_language


def in_reader_s_language(thing: Any, field: str = "name") -> str:
    """`name` in English, `name_zh` or `name_de` for readers of these; English where the zone wrote no other."""
    language = get_language() or ""
    own = "zh" if language.startswith("zh") else "de" if language.startswith("de") else ""
    found = getattr(thing, f"{field}_{own}", "") if own else ""
    return str(found or getattr(thing, field))
