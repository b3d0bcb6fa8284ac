"""The message catalogues of the portal: extract, compile and check them without gettext on the machine.

    python -m scripts.messages extract    merge what the sources say into locale/<language>/LC_MESSAGES/django.po
    python -m scripts.messages compile    write the .mo files that Django reads (they are not in version control)
    python -m scripts.messages check      fail when a message is missing, doubtful, unused or malformed

Templates go through Django's own `templatize`, so that {% trans %} and {% blocktrans %} mean here what they mean there.
"""

from __future__ import annotations

import argparse
import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

BASE = Path(__file__).resolve().parent.parent
LANGUAGES = ("zh_Hans", "de")
PYTHON_FOLDERS = ("accounts", "community", "companies", "core", "funding", "spaces", "subsidies", "zone_portal")
HEADER = "# The portal's texts. Terms: docs/glossary.md. Merged by `python -m scripts.messages extract`."
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "N_": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}


def path_of(language: str, suffix: str = "po") -> Path:
    return BASE / "locale" / language / "LC_MESSAGES" / f"django.{suffix}"


def sources() -> Iterator[tuple[str, bytes]]:
    """Every file that may hold messages: its path from the root, and Python text to read the calls from."""
    for folder in PYTHON_FOLDERS:
        for path in sorted((BASE / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                yield str(path.relative_to(BASE)), path.read_bytes()
    for path in sorted((BASE / "templates").rglob("*")):
        if path.suffix in {".html", ".txt"}:
            name = str(path.relative_to(BASE))
            # In brackets, because the indentation of a template is none that Python's tokenizer accepts.
            yield name, f"({templatize(path.read_text(encoding='utf-8'), origin=name)}\n)".encode()


def template() -> Catalog:
    """The catalogue of all messages, without translations."""
    catalog = Catalog(charset="utf-8", fuzzy=False)
    for name, text in sources():
        found = extract("python", io.BytesIO(text), keywords=KEYWORDS, comment_tags=("Translators:",))
        for _line, message, comments, context in found:
            catalog.add(message, locations=[(name, 1)], auto_comments=comments, context=context)
    return catalog


def load(language: str) -> Catalog:
    path = path_of(language)
    if not path.exists():
        return Catalog(locale=language, project="Zone portal", version="1", header_comment=HEADER, fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=language, charset="utf-8")


def merge() -> None:
    """Add what is new, drop what is gone; translations stay. Nothing is guessed from similar messages."""
    found = template()
    for language in LANGUAGES:
        catalog = load(language)
        catalog.update(found, no_fuzzy_matching=True, update_header_comment=False, update_creation_date=False)
        catalog.obsolete.clear()
        catalog.fuzzy = False
        path = path_of(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            write_po(file, catalog, width=120, omit_header=False, sort_output=True, include_lineno=False)
        missing = sum(1 for message in catalog if message.id and not is_translated(message))
        print(f"{path.relative_to(BASE)}: {len(catalog)} messages, {missing} without a translation")


def compile_all() -> None:
    for language in LANGUAGES:
        catalog = load(language)
        with path_of(language, "mo").open("wb") as file:
            write_mo(file, catalog)


def is_translated(message: Message) -> bool:
    texts = message.string if isinstance(message.string, (list, tuple)) else [message.string]
    return bool(texts) and all(texts)


def problems(language: str, found: Catalog) -> Iterator[str]:
    """What is wrong with one catalogue, a line each."""
    catalog = load(language)
    known = {(message.context, key_of(message)) for message in catalog if message.id}
    wanted = {(message.context, key_of(message)) for message in found if message.id}
    for _context, text in sorted(wanted - known, key=str):
        yield f"not in the catalogue: {text!r}"
    for _context, text in sorted(known - wanted, key=str):
        yield f"no longer used: {text!r}"
    for message in catalog:
        if not message.id:
            continue
        if not is_translated(message):
            yield f"not translated: {key_of(message)!r}"
        elif message.fuzzy:
            yield f"marked as doubtful: {key_of(message)!r}"
        else:
            yield from (f"{error} in {key_of(message)!r}" for error in message.check(catalog))


def key_of(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def unknown_names() -> Iterator[str]:
    """Imports of gettext under a name that extraction does not know: their messages would never be found."""
    for name, text in sources():
        for alias in re.findall(rb"import \w*gettext\w* as (\w+)", text):
            if alias.decode() not in KEYWORDS:
                yield f"{name}: gettext is imported as {alias.decode()!r}, which extraction does not know"


def check() -> int:
    found = template()
    lines = [*unknown_names()]
    lines += [f"{language}: {line}" for language in LANGUAGES for line in problems(language, found)]
    for line in lines:
        print(line, file=sys.stderr)
    if lines:
        print(f"{len(lines)} problems: run `python -m scripts.messages extract`, then translate.", file=sys.stderr)
    return 1 if lines else 0


def main() -> int:
    parser = argparse.ArgumentParser(description="Extract, compile or check the message catalogues.")
    parser.add_argument("act", choices=["extract", "compile", "check"])
    act = parser.parse_args().act
    if not settings.configured:
        settings.configure(USE_I18N=False)
    if act == "check":
        return check()
    merge() if act == "extract" else compile_all()
    return 0


if __name__ == "__main__":
    sys.exit(main())
