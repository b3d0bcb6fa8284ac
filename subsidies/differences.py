"""What is different between two versions of the policy: word by word in the clauses, value by value in the numbers."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from fractions import Fraction
from typing import Literal

from subsidies.models import PolicyVersion
from subsidies.rules.pack import LANGUAGES
from subsidies.sections import CODES, Number, numbers_of, section_of, title_of

# A word, a run of spaces, or one Chinese character: Chinese is written without spaces between its words.
TOKEN = re.compile(r"\s+|[\u3000-\u303f\u3400-\u9fff\uf900-\uff60]|[^\s\u3000-\u303f\u3400-\u9fff\uf900-\uff60]+")
MOST_TOKENS = 3000  # comparing takes the square of it; a longer clause is shown as replaced
LITTLE_IN_COMMON = Fraction(3, 5)  # of the tokens, spaces among them


@dataclass(frozen=True)
class Piece:
    """A run of words that stayed, went or came."""

    kind: Literal["same", "gone", "new"]
    text: str


@dataclass(frozen=True)
class TextChange:
    """A name or a clause in one language."""

    part: str
    language: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class NumberChange:
    """A parameter that has another value, provenance or source; None on a side where it is not there."""

    name: str
    before: Number | None
    after: Number | None
    pieces: tuple[Piece, ...] = ()  # of the sources

    @property
    def gone(self) -> list[str]:
        """Steps of a series that are no more."""
        return _lines(self.before, self.after)

    @property
    def new(self) -> list[str]:
        return _lines(self.after, self.before)


@dataclass(frozen=True)
class SectionChange:
    code: str
    name: str
    texts: tuple[TextChange, ...]
    numbers: tuple[NumberChange, ...]


def differences(before: PolicyVersion, after: PolicyVersion) -> list[SectionChange]:
    """The sections of `after` that say something else than those of `before`, in the order of the policy."""
    numbers = list(_numbers(before, after))
    found = (
        SectionChange(
            code,
            title_of(after, code),
            tuple(text_changes(before, after, code)),
            tuple(one for one in numbers if section_of(one.name) == code),
        )
        for code in CODES
    )
    return [section for section in found if section.texts or section.numbers]


def text_changes(before: PolicyVersion, after: PolicyVersion, code: str) -> Iterator[TextChange]:
    """What became of a section's name and clause, in each language in which they changed."""
    old, new = _texts(before, code), _texts(after, code)
    for part in ("name", "clause"):
        for language in LANGUAGES:
            one, other = (texts.get(part, {}).get(language, "") for texts in (old, new))
            if one != other:
                yield TextChange(part, language, tuple(word_diff(one, other)))


def _texts(version: PolicyVersion, code: str) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = version.texts.get("points", {}).get(code) or version.texts.get("stages", {}).get(
        code, {}
    )
    return found


def _numbers(before: PolicyVersion, after: PolicyVersion) -> Iterator[NumberChange]:
    old, new = numbers_of(before), numbers_of(after)
    for name in [*new, *(name for name in old if name not in new)]:
        change = number_change(name, old.get(name), new.get(name))
        if change is not None:
            yield change


def number_change(name: str, before: Number | None, after: Number | None) -> NumberChange | None:
    """None where both say the same; a confirmation is no difference of the policy."""
    if _said(before) == _said(after):
        return None
    sources = (before.source if before else "", after.source if after else "")
    return NumberChange(name, before, after, tuple(word_diff(*sources)))


def _said(number: Number | None) -> tuple[object, ...] | None:
    return (number.value, number.steps, number.provenance, number.source) if number else None


def _lines(of: Number | None, beside: Number | None) -> list[str]:
    others = set(beside.steps) if beside else set()
    return [f"{day}: {value}" for day, value in (of.steps if of else ()) if (day, value) not in others]


def word_diff(before: str, after: str) -> Iterator[Piece]:
    """`before` turned into `after`, in runs of words. Texts that have little in common are shown one after the other:
    crumbs that happen to be in both would only make them hard to read."""
    old, new = TOKEN.findall(before), TOKEN.findall(after)
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    if max(len(old), len(new)) > MOST_TOKENS or matcher.ratio() < LITTLE_IN_COMMON:
        yield from _replaced(before, after)
        return
    gone = came = ""
    for tag, start, end, from_, until in matcher.get_opcodes():
        kept = "".join(old[start:end])
        if tag == "equal" and (kept.strip() or not (gone or came)):
            yield from _replaced(gone, came)
            yield Piece("same", kept)
            gone = came = ""
        else:  # a space between two changes belongs to them
            gone, came = gone + kept, came + "".join(new[from_:until])
    yield from _replaced(gone, came)


def _replaced(before: str, after: str) -> Iterator[Piece]:
    if before:
        yield Piece("gone", before)
    if after:
        yield Piece("new", after)
