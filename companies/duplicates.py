"""Companies that may be the same as one that is being entered.

Four signs, strongest first: the same credit code, the same name apart from legal form and seat, the same website, a
similar name in either script. Names are compared by their keys (`companies.names.match_key`), which are free of legal
form and seat and in Latin letters. They are similar when they share `SIMILAR` of their trigrams, and two Chinese names
also `IN_ORDER` of their pairs of syllables: "Xingyun Robotic" is like "Xingyun Robotics", 星云机器人科技 like
星云机器人, but 人器机云星 is not. Only staff see what was found.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.search import TrigramSimilarity
from django.db import connection, transaction
from django.db.models import Q
from django.db.models.functions import Greatest
from django.utils.translation import gettext_lazy as _

from companies.credit_codes import normalized
from companies.models import Company
from companies.names import is_chinese, match_key, shared_pairs, shared_trigrams, website_host

SIMILAR = 0.6
IN_ORDER = 0.5
MOST = 10
SAME_CODE = _("same credit code")
SAME_NAME = _("same name")
SAME_WEBSITE = _("same website")
SIMILAR_NAME = _("similar name")
BY_STRENGTH = [SAME_CODE, SAME_NAME, SAME_WEBSITE, SIMILAR_NAME]


@dataclass(frozen=True)
class Duplicate:
    """A company of the register and the signs that it is the same one."""

    company: Company
    signs: tuple[Any, ...]


def find_duplicates(
    *, name: str = "", name_zh: str = "", uscc: str = "", website: str = "", other_than: Company | None = None
) -> list[Duplicate]:
    """The companies that may be the same, the most likely first; at most ten, in one query on indexes."""
    code, host = normalized(uscc), website_host(website)
    names = {match_key(text): is_chinese(text) for text in (name, name_zh) if match_key(text)}
    wanted = _wanted(code, host, list(names))
    if not wanted:
        return []
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL pg_trgm.similarity_threshold = %s", [SIMILAR])
        found = Company.objects.defer("search_text", "search").filter(wanted)
        if other_than is not None:
            found = found.exclude(pk=other_than.pk)
        if names:
            found = found.annotate(similarity=_similarity(list(names))).order_by("-similarity")
        candidates = list(found[: 3 * MOST])
    told = [Duplicate(company, tuple(_signs(company, code, host, names))) for company in candidates]
    likely = [duplicate for duplicate in told if duplicate.signs]
    likely.sort(key=lambda duplicate: BY_STRENGTH.index(duplicate.signs[0]))
    return likely[:MOST]


def _wanted(code: str, host: str, keys: list[str]) -> Q:
    wanted = Q()
    if code:
        wanted |= Q(uscc=code)
    if host:
        wanted |= Q(website_host=host) & ~Q(website_host="")
    for key in keys:
        wanted |= Q(match_name__trigram_similar=key) | Q(match_name_zh__trigram_similar=key)
    return wanted


def _similarity(keys: list[str]) -> Any:
    compared = [TrigramSimilarity(column, key) for column in ("match_name", "match_name_zh") for key in keys]
    return Greatest(*compared)


def _signs(company: Company, code: str, host: str, names: dict[str, bool]) -> Iterator[Any]:
    """The signs that hold, the strongest first; `names` are the typed keys and whether each is of a Chinese name."""
    held = {company.match_name: is_chinese(company.name), company.match_name_zh: is_chinese(company.name_zh)}
    held.pop("", None)
    if code and company.uscc == code:
        yield SAME_CODE
    same_name = bool(held.keys() & names.keys())
    if same_name:
        yield SAME_NAME
    if host and company.website_host == host:
        yield SAME_WEBSITE
    pairs = [(key, other, names[key] and held[other]) for key in names for other in held]
    if not same_name and any(_alike(*pair) for pair in pairs):
        yield SIMILAR_NAME


def _alike(one: str, other: str, chinese: bool) -> bool:
    in_order = not chinese or shared_pairs(one, other) >= IN_ORDER
    return in_order and shared_trigrams(one, other) >= SIMILAR
