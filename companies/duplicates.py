"""Companies that may be the same as one that is being entered.

Four signs, strongest first: the same credit code, the same name apart from legal form and seat, the same website, a
similar name in either script. Names are compared by the trigrams of their keys (`companies.names.match_key`): of two
keys, the share of trigrams that both have. From `SIMILAR` on a name is shown: at 0.6 "Xingyun Robotics" finds
"Xing Yun Robotic Technology" and not "Xingyun Media". Only staff see what was found.
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
from companies.names import match_key, website_host

SIMILAR = 0.6
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
    keys = [key for key in dict.fromkeys([match_key(name), match_key(name_zh)]) if key]
    wanted = _wanted(code, host, keys)
    if not wanted:
        return []
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL pg_trgm.similarity_threshold = %s", [SIMILAR])
        found = Company.objects.defer("search_text", "search").filter(wanted)
        if other_than is not None:
            found = found.exclude(pk=other_than.pk)
        if keys:
            found = found.annotate(similarity=_similarity(keys)).order_by("-similarity")
        candidates = list(found[: 3 * MOST])
    duplicates = [Duplicate(company, tuple(_signs(company, code, host, keys))) for company in candidates]
    duplicates.sort(key=lambda duplicate: BY_STRENGTH.index(duplicate.signs[0]))
    return duplicates[:MOST]


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


def _signs(company: Company, code: str, host: str, keys: list[str]) -> Iterator[Any]:
    if code and company.uscc == code:
        yield SAME_CODE
    same_name = bool({company.match_name, company.match_name_zh} & set(keys))
    if same_name:
        yield SAME_NAME
    if host and company.website_host == host:
        yield SAME_WEBSITE
    if not same_name and getattr(company, "similarity", 0) >= SIMILAR:
        yield SIMILAR_NAME
