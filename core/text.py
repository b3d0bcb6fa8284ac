"""Names in two scripts: a sort key and search tokens that are the same on every PostgreSQL.

No server collation and no Chinese parser is needed: Chinese sorts by pinyin in a stored key ordered COLLATE "C",
and is found by its single characters and bigrams in a `simple` tsvector (a trigram index needs three characters).
And what no name may hold: marks that turn the direction of writing, by which one text can pass for another.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from pypinyin import lazy_pinyin

_CJK = r"\u3400-\u9fff\uf900-\ufaff\U00020000-\U0002fa1f"
_WORD = re.compile(rf"[{_CJK}]+|[^\W_{_CJK}]+")

TURNING_MARKS = r"\u202a-\u202e\u2066-\u2069"  # embeddings, overrides and isolates of the bidirectional algorithm


def refuse_turning_marks(value: str) -> None:
    """A validator: ValidationError for text that would turn around what is written after it. Arabic needs none of
    these marks."""
    if re.search(f"[{TURNING_MARKS}]", value):
        raise ValidationError(_("Leave out the invisible marks that turn the direction of writing."), code="turning")


@lru_cache(maxsize=4096)  # the columns derived from a name fold it three times in a row
def fold(value: str) -> str:
    """One form for what people type: compatibility forms, case and accents folded away."""
    if value.isascii():
        return value.lower()
    decomposed = unicodedata.normalize("NFKD", value).casefold()
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


@lru_cache(maxsize=20_000)
def _pinyin(character: str) -> str:
    return str(lazy_pinyin(character)[0])


def sort_key(name: str) -> str:
    """The key that puts names of both scripts in one order, Chinese by pinyin, ties by the characters."""
    folded = fold(name)
    spelled = " ".join(
        "".join(f"{_pinyin(c)} " for c in word) if _is_cjk(word) else word for word in _WORD.findall(folded)
    )
    return f"{' '.join(spelled.split())}|{folded}"[:600]


def _is_cjk(word: str) -> bool:
    return bool(re.match(rf"[{_CJK}]", word))


def search_tokens(values: Iterable[str]) -> str:
    """Distinct tokens, space-separated: Latin words as they are, Chinese as characters and bigrams."""
    tokens: dict[str, None] = {}
    for value in values:
        for word in _WORD.findall(fold(value)):
            if _is_cjk(word):
                tokens.update(dict.fromkeys(word))
                tokens.update(dict.fromkeys(word[i : i + 2] for i in range(len(word) - 1)))
            else:
                tokens[word] = None
    return " ".join(tokens)


def search_query(words: str) -> str:
    """A raw tsquery for what somebody typed: all words must be there, the Latin ones as prefixes. "" for nothing."""
    terms: list[str] = []
    for word in _WORD.findall(fold(words)):
        if not _is_cjk(word):
            terms.append(f"'{word}':*")
        elif len(word) == 1:
            terms.append(f"'{word}'")
        else:
            terms.extend(f"'{word[i : i + 2]}'" for i in range(len(word) - 1))
    return " & ".join(terms)
