"""How alike two companies of the register are: a score of 100, and the signs that it is made of.

Pure. Names are compared by their keys (`companies.names`), free of legal form and seat and in Latin letters, so that
also the Chinese name of one is compared with the other's English one.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from companies.choices import Sign
from companies.duplicates import IN_ORDER, SIMILAR
from companies.names import is_chinese, shared_pairs, shared_trigrams

MOST = 100
ENOUGH = 40  # from which on a pair is proposed
ADDS = {
    Sign.SAME_NAME: 60,
    Sign.SAME_NAME_ZH: 60,
    Sign.SAME_WEBSITE: 40,
    Sign.SAME_PERSON: 25,
    Sign.SAME_MAIL: 10,
    Sign.SAME_FOUNDING: 10,
    Sign.OTHER_CODE: -40,
}
SIMILAR_NAME_ADDS = 55  # times the share of trigrams that both have
SECOND_NAME_ADDS = 10  # what the weaker of two names that agree adds
NAMES = frozenset({Sign.SAME_NAME, Sign.SAME_NAME_ZH, Sign.SIMILAR_NAME, Sign.SIMILAR_NAME_ZH, Sign.ACROSS_SCRIPTS})


@dataclass(frozen=True)
class Side:
    """What is compared of a company."""

    name: str
    name_zh: str
    key: str
    key_zh: str
    host: str
    uscc: str | None
    founded_on: dt.date | None


@dataclass(frozen=True)
class Candidates:
    """Two companies by their ids, the smaller first, and whether their people or mail domains are the same."""

    one: int
    other: int
    sides: tuple[Side, Side]
    same_person: bool
    same_mail: bool


def signs_of(pair: Candidates) -> Mapping[str, int]:
    """Sign -> what it adds, the strongest first."""
    one, other = pair.sides
    found = dict(_names(one, other))
    if one.host and one.host == other.host:
        found[Sign.SAME_WEBSITE] = ADDS[Sign.SAME_WEBSITE]
    if pair.same_person:
        found[Sign.SAME_PERSON] = ADDS[Sign.SAME_PERSON]
    if pair.same_mail:
        found[Sign.SAME_MAIL] = ADDS[Sign.SAME_MAIL]
    if one.founded_on is not None and one.founded_on == other.founded_on:
        found[Sign.SAME_FOUNDING] = ADDS[Sign.SAME_FOUNDING]
    if one.uscc and other.uscc and one.uscc != other.uscc:
        found[Sign.OTHER_CODE] = ADDS[Sign.OTHER_CODE]
    return {str(sign): adds for sign, adds in sorted(found.items(), key=lambda item: -item[1])}


def score_of(signs: Mapping[str, int]) -> int:
    """What the signs come to, between 0 and 100."""
    return min(max(sum(signs.values()), 0), MOST)


def _names(one: Side, other: Side) -> Mapping[Sign, int]:
    """The two names that agree best count in full, the pair in the other script a little."""
    compared = {
        (Sign.SAME_NAME, Sign.SIMILAR_NAME): _alike(
            one.key, other.key, chinese=is_chinese(one.name) and is_chinese(other.name)
        ),
        (Sign.SAME_NAME_ZH, Sign.SIMILAR_NAME_ZH): _alike(one.key_zh, other.key_zh, chinese=True),
    }
    found = {same if share == 1 else similar: share for (same, similar), share in compared.items() if share}
    if not found:
        share = max(_alike(one.key, other.key_zh), _alike(one.key_zh, other.key))
        found = {Sign.ACROSS_SCRIPTS: share} if share else {}
    best = sorted(found.items(), key=lambda item: -_adds(*item))
    return {sign: _adds(sign, share) if place == 0 else SECOND_NAME_ADDS for place, (sign, share) in enumerate(best)}


def _adds(sign: Sign, share: float) -> int:
    return ADDS.get(sign) or round(SIMILAR_NAME_ADDS * share)


def _alike(one: str, other: str, *, chinese: bool = False) -> float:
    """The share of trigrams of two keys that both have, 0 where it is too small to say anything."""
    if not (one and other):
        return 0
    if one == other:
        return 1
    share = shared_trigrams(one, other)
    return share if share >= SIMILAR and (not chinese or shared_pairs(one, other) >= IN_ORDER) else 0
