"""Rules that every template keeps, so that pages run under `default-src 'self'` and no icon is missing."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import get_template

ROOT = Path(settings.BASE_DIR)
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
NAMES = [str(path.relative_to(ROOT / "templates")) for path in TEMPLATES]
COMMENT = re.compile(r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}", re.DOTALL)
ICON = re.compile(r"""(?:\{% icon |\bicon=|\bicon\(|["']icon["']: ?)["']([a-z0-9-]+)["']""")

FORBIDDEN = {
    "an inline style": r"\sstyle=",
    "a style element": r"<style",
    "an inline script": r"<script(?![^>]*\ssrc=)(?![^>]*application/json)",
    "an event handler": r"<[^>]*\son[a-z]+=",
    "an htmx handler, which needs eval": r"\shx-on",
    "a data: address": r"""["'(]data:""",
    "another host": r"""\b(?:src|href)=["'](?:https?:)?//""",
    "an untranslated label": r"""\saria-label=["'][A-Za-z]""",
}
# Its words are samples for those who build pages
SAMPLES = "styleguide.html"


@pytest.mark.parametrize("what", FORBIDDEN)
@pytest.mark.parametrize("name", NAMES)
def test_a_template_has_nothing_that_the_policy_of_the_page_forbids(name: str, what: str) -> None:
    text = COMMENT.sub("", (ROOT / "templates" / name).read_text())
    assert not re.search(FORBIDDEN[what], text), f"{name} has {what}"


@pytest.mark.parametrize("name", NAMES)
def test_a_template_parses(name: str) -> None:
    get_template(name)


@pytest.mark.parametrize("name", NAMES)
def test_a_template_writes_no_words_outside_of_translations(name: str) -> None:
    if name == SAMPLES:
        return
    text = COMMENT.sub("", (ROOT / "templates" / name).read_text())
    text = re.sub(r"\{% blocktrans.*?\{% endblocktrans(?:late)? %\}", "", text, flags=re.DOTALL)
    text = re.sub(r"\{[%{].*?[%}]\}", "", text, flags=re.DOTALL)
    text = re.sub(r"<(kbd|code|pre)\b.*?</\1>|<!doctype html>", "", text, flags=re.DOTALL)
    # Names of formats are capitals in every language
    words = re.findall(r">([^<>]*[A-Za-z]{3,}[a-z][^<>]*)<", text)
    assert words == []


def test_every_icon_that_a_source_names_is_in_the_sprite() -> None:
    sprite = ROOT / "build" / "static" / "icons.svg"
    assert sprite.is_file(), "build the front end first: npm ci && npm run build"
    drawn = set(re.findall(r'<symbol id="([a-z0-9-]+)"', sprite.read_text()))
    apps = [path.parent for path in ROOT.glob("*/__init__.py") if path.parent.name != "tests"]
    sources = [path for folder in apps for path in folder.rglob("*.py")] + TEMPLATES
    named = {icon for path in sources for icon in ICON.findall(path.read_text())}
    assert named - drawn == set()


def test_the_style_sheet_fetches_no_data_address_and_no_other_host() -> None:
    css = (ROOT / "build" / "static" / "app.css").read_text()
    assert "url(data:" not in css.replace('"', "")
    assert not re.search(r"url\([\"']?https?:", css)


def test_the_lock_file_names_no_registry() -> None:
    assert '"resolved"' not in (ROOT / "package-lock.json").read_text()
