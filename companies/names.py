"""What is derived from a company's names, identifiers and website, for sorting, search and finding doubles.

Pure: `derived_columns` is the one definition, used by the services for one company and by the bulk path for all.
"""

import re
from functools import lru_cache
from itertools import pairwise
from urllib.parse import urlsplit

from pypinyin import lazy_pinyin

from core.text import fold, search_tokens, sort_key

_HAN = r"\u3400-\u9fff\uf900-\ufaff"
_PIECE = re.compile(rf"[{_HAN}]|[^\W_{_HAN}]+")
# Words that say what a company is by law or where it sits. Two names that differ in nothing else are the same name.
_LEGAL_FORM_ZH = re.compile(
    r"(有限责任公司|股份有限公司|有限公司|集团|公司|股份|合伙企业|工作室|（有限合伙）|\(有限合伙\))"
)
_SEAT_ZH = re.compile(r"^\(?(中国|(浙江|四川|江苏|广东)省?|(杭州|成都|北京|上海|深圳|广州|南京|苏州)市?)\)?")
_LEGAL_FORM = frozenset(
    "ag bv co company corp corporation gmbh inc incorporated kg limited llc ltd plc pte sa sarl srl the ug".split()  # noqa: SIM905
)
MATCH_LENGTH = 600
HOST_LENGTH = 120


@lru_cache(maxsize=20_000)
def _syllable(character: str) -> str:
    return str(lazy_pinyin(character)[0])


@lru_cache(maxsize=4096)
def match_key(name: str) -> str:
    """The name without legal form and seat, folded, in Latin letters (Chinese as pinyin); "" for no name.

    Latin on purpose: trigrams over it behave alike on every server locale, and homophones come out alike.
    """
    text = _SEAT_ZH.sub("", _LEGAL_FORM_ZH.sub(" ", fold(name)).strip())
    words = [_syllable(piece) if _is_han(piece) else piece for piece in _PIECE.findall(text)]
    kept = [word for word in words if word not in _LEGAL_FORM]
    return " ".join(kept or words)[:MATCH_LENGTH]


def _is_han(piece: str) -> bool:
    return piece[0] >= "\u3400" and re.match(rf"[{_HAN}]", piece) is not None


def is_chinese(name: str) -> bool:
    return re.search(rf"[{_HAN}]", name) is not None


def shared_trigrams(one: str, other: str) -> float:
    """Of the trigrams of two keys, the share that both have: what pg_trgm calls their similarity."""
    return _shared(_trigrams(one), _trigrams(other))


def shared_pairs(one: str, other: str) -> float:
    """Twice the pairs of neighbouring syllables that two keys share, by the pairs of both: it minds their order."""
    ours, theirs = (set(pairwise(key.split())) for key in (one, other))
    return 2 * len(ours & theirs) / (len(ours) + len(theirs)) if ours or theirs else float(one == other)


def _trigrams(key: str) -> set[str]:
    padded = [f"  {word} " for word in key.split()]
    return {word[start : start + 3] for word in padded for start in range(len(word) - 2)}


def _shared(ours: set[str], theirs: set[str]) -> float:
    return len(ours & theirs) / len(ours | theirs) if ours or theirs else 0.0


def website_host(website: str) -> str:
    """The host of an address without `www.`, lower case; "" for none."""
    if not website:
        return ""
    host = urlsplit(website if "://" in website else f"//{website}").hostname or ""
    return host.removeprefix("www.")[:HOST_LENGTH]


def derived_columns(*, code: str, name: str, name_zh: str, uscc: str | None, website: str) -> dict[str, str]:
    """The columns of a company that follow from others: sort key, search text, keys for finding doubles."""
    return {
        "name_key": sort_key(name),
        "search_text": search_tokens([name, name_zh, code, uscc or ""]),
        "match_name": match_key(name),
        "match_name_zh": match_key(name_zh) if name_zh else "",
        "website_host": website_host(website),
    }
