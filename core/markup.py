"""The small parts of pages that Python builds too (table cells, tags): icons, pills, names in two scripts.

Everything returned is safe HTML with its values escaped, without style or script. The larger parts are templates
in `templates/cotton/`.
"""

import datetime as dt
import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Literal, Protocol

from babel.numbers import format_compact_decimal, format_decimal
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

Tone = Literal["good", "wait", "info", "bad", "quiet"]

NOTHING = "–"  # what a cell shows when there is no value
NARROW_SPACE = "\N{NARROW NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"
HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")


class Named(Protocol):
    """Whatever has a name, and perhaps one in Chinese."""

    name: str
    name_zh: str


def icon(name: str, label: str = "", size: Literal["", "small", "large"] = "") -> SafeString:
    """An icon of the sprite; without a `label` it is decoration and hidden from screen readers."""
    role = format_html('role="img" aria-label="{}"', label) if label else SafeString('aria-hidden="true"')
    css = f"zp-icon zp-icon-{size}" if size else "zp-icon"
    return format_html(
        '<svg class="{}" {}><use href="{}#{}"></use></svg>',
        css, role, static("icons.svg"), name,
    )  # fmt: skip


def pill(label: str, tone: Tone = "quiet") -> SafeString:
    """A state in a word or two. The tone is seen; the word is what tells."""
    return format_html('<span class="zp-pill zp-pill-{}">{}</span>', tone, label)


def number(value: Decimal | int, places: int = 0) -> str:
    """A number as the reader's language writes it, always with `places` decimals: `1,234.50`, in German `1.234,50`."""
    pattern = "#,##0" + ("." + "0" * places if places else "")
    return str(format_decimal(value, format=pattern, locale=_babel_locale()))


def plain_number(value: Decimal | int) -> str:
    """A number with the decimals that it has: `300`, `0.5`, in German `0,5`."""
    return str(format_decimal(value, format="#,##0.####", locale=_babel_locale()))


class Count(int):
    """A count that writes itself as the reader's language does, `1,234,567`, and is a number still: plural forms are
    chosen by it. Only what is given to `count` is written so; years, codes and ids are plain numbers."""

    def __str__(self) -> str:
        return number(int(self))


def count(value: Any) -> Any:
    """How many there are, for a page: `1,234,567`, in German `1.234.567`. What is no whole number stays as it is."""
    # By its type: what Django looks up late calls itself a number too, and cannot be made into one.
    return Count(value) if issubclass(type(value), int) and not isinstance(value, bool) else value


def _babel_locale() -> str:
    return html_lang(get_language() or "en").replace("-", "_")


def _with_sign(digits: str) -> str:
    """The currency on the side where the reader's language has it."""
    return f"{digits}{NARROW_SPACE}¥" if get_language() == "de" else f"¥{digits}"


def money(amount: Decimal | int | None) -> str:
    """Yuan with both fen: `¥1,234.50`, in German `1.234,50 ¥`. Raises TypeError for a float, which is never money."""
    if amount is None or amount == "":
        return NOTHING
    if isinstance(amount, float):
        raise TypeError("money is Decimal or whole yuan, never a float")
    return f"{MINUS if amount < 0 else ''}{_with_sign(number(abs(Decimal(amount)), 2))}"


def exact_money(amount: Decimal) -> str:
    """Yuan with every place that the exact amount has, at least both fen: a step before the rounding."""
    return _with_sign(str(format_decimal(amount, format="#,##0.00########", locale=_babel_locale())))


def whole_money(amount: Decimal | int | None) -> str:
    """A round sum of the policy or an axis: `¥2,000,000`; fen are shown only when there are some."""
    if amount is None or amount == "" or isinstance(amount, float) or Decimal(amount) % 1:
        return money(amount)
    return f"{MINUS if amount < 0 else ''}{_with_sign(number(abs(Decimal(amount))))}"


def short_money(amount: Decimal | int) -> str:
    """A sum for an axis, in the reader's units: `¥1.2M`, `¥120万`, `1,2 Mio. ¥`."""
    return _with_sign(str(format_compact_decimal(amount, locale=_babel_locale(), fraction_digits=1)))


def percent(share: Decimal | int | None) -> str:
    """A share as people write it: `Decimal("0.5")` is `50%`, in German `50 %`."""
    if share is None or share == "":
        return NOTHING
    digits = plain_number(Decimal(share) * 100)
    return f"{digits}{NARROW_SPACE}%" if get_language() == "de" else f"{digits}%"


def duration(span: dt.timedelta) -> str:
    """How long something takes or took, in its largest unit: `less than a minute`, `3 hours`, `9 days`."""
    minutes = int(span.total_seconds() // 60)
    hours, days = minutes // 60, minutes // (24 * 60)
    if minutes < 1:
        return _("less than a minute")
    if hours < 1:
        return ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes}
    if days < 1:
        return ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours}
    return ngettext("%(days)d day", "%(days)d days", days) % {"days": days}


def listed(parts: Iterable[Any]) -> str:
    """Several things in one line, with the comma of the reader's language."""
    return ("、" if (get_language() or "").startswith("zh") else ", ").join(map(str, parts))


def in_turn(clauses: Iterable[Any]) -> str:
    """Several clauses in one line, with the semicolon of the reader's language."""
    return ("；" if (get_language() or "").startswith("zh") else "; ").join(map(str, clauses))


def html_lang(code: str) -> str:
    """Django's language code as HTML's `lang` wants it: with it, shared characters get their Chinese shapes."""
    return "zh-Hans" if code == "zh-hans" else code


def _marked(name: str) -> SafeString:
    if HAN.search(name):
        return format_html('<span lang="zh-Hans">{}</span>', name)
    return format_html('<span translate="no">{}</span>', name)


def _names(thing: Named) -> tuple[str, str]:
    chinese = getattr(thing, "name_zh", "")
    if chinese and (get_language() or "").startswith("zh"):
        return chinese, thing.name
    return thing.name or chinese, chinese if thing.name else ""


def local_name(thing: Named | Any) -> SafeString:
    """The name to call it by in the reader's language: the Chinese one for Chinese readers, where there is one."""
    return _marked(_names(thing)[0])


def plain_name(thing: Named | Any) -> str:
    """The same for mails and other places without markup."""
    return _names(thing)[0]


def other_name(thing: Named | Any) -> SafeString:
    """The name in the other script, "" when there is none or it is the same."""
    first, second = _names(thing)
    return _marked(second) if second and second != first else SafeString("")
