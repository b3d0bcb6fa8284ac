"""Accessibility by axe-core: WCAG 2.0 to 2.2 at levels A and AA, and its best practices.

Contrast is three quarters of the time that axe takes, as it looks at every word of a table by itself. Elements that
no rule of a style sheet can tell apart have the same colours, so that one of each kind is looked at, once in each
theme: on a phone the kinds that a wide window does not show, on the next page those that no page before it had.
"""

from functools import cache
from pathlib import Path
from typing import Any

import axe_playwright_python
from playwright.sync_api import Page as Tab

STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# What can differ between the light and the dark theme of one page
COLOURS = ["color-contrast", "link-in-text-block"]
# These never find a violation: they ask a person to look.
ASK_A_PERSON = ["hidden-content"]

# The elements that show words of their own, or are filled in, one of each kind that was not `seen`, with the kind as a
# number. Of one kind are elements on pages in the same theme and with the same style sheets that have the same tags and
# attributes up to the root, and the same place in their rows: the first, the last, an odd or an even one. Attributes
# that only say something (an address, a name, a label) are left out: no style sheet here selects by their values.
UNSEEN = """seen => {
    const SAYS = /^(id|name|for|href|src|srcset|value|title|alt|content|datetime|placeholder|autocomplete|pattern|d)$/;
    const TELLS = /^(aria-(label|labelledby|describedby|controls|owns|details|errormessage|valuetext|valuenow)|hx-.*)$/;
    const root = document.documentElement;
    const sheets = [...document.querySelectorAll("link[rel=stylesheet]")].map(link => link.href);
    const looks = new Map([[root, [root.dataset.bsTheme, ...sheets].join(" ")]]);
    const look = element => {
        if (looks.has(element)) return looks.get(element);
        const attributes = [...element.attributes]
            .filter(({ name }) => !SAYS.test(name) && !TELLS.test(name))
            .map(({ name, value }) => `${name}=${value}`).sort();
        const siblings = element.parentElement.children;
        const place = [...siblings].indexOf(element);
        const found = [
            look(element.parentElement), element.tagName, ...attributes,
            place % 2, place === 0, place === siblings.length - 1,
        ].join("|");
        looks.set(element, found);
        return found;
    };
    const number = text => {
        let [high, low] = [0xdeadbeef, 0x41c6ce57];
        for (const sign of text) {
            high = Math.imul(high ^ sign.codePointAt(0), 2654435761);
            low = Math.imul(low ^ sign.codePointAt(0), 1597334677);
        }
        return 4294967296 * (2097151 & low) + (high >>> 0);
    };
    const showsWords = element => element.matches("input, select, textarea, button, svg text, svg tspan")
        || [...element.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.data.trim());
    const kinds = new Map();
    for (const element of document.querySelectorAll("body *")) {
        if (!showsWords(element) || !element.checkVisibility({ checkVisibilityCSS: true })) continue;
        const kind = number(look(element));
        if (!seen.has(kind) && !kinds.has(kind)) kinds.set(kind, element);
    }
    return kinds;
}"""

RUN = """async ({ seen, colours, others, off }) => {
    const options = { resultTypes: ["violations"], preload: false };
    const told = ({ id, impact, help, nodes }) => ({
        id, impact, help, nodes: nodes.map(({ html, failureSummary }) => ({ html, why: failureSummary })),
    });
    const found = [];
    const kinds = (UNSEEN)(new Set(seen));
    if (kinds.size) {
        const runOnly = { type: "rule", values: colours };
        found.push(...(await axe.run({ include: [...kinds.values()] }, { ...options, runOnly })).violations);
    }
    if (others) {
        const rules = Object.fromEntries([...colours, ...off].map(rule => [rule, { enabled: false }]));
        const runOnly = { type: "tag", values: others };
        found.push(...(await axe.run(document, { ...options, runOnly, rules })).violations);
    }
    return { found: found.map(told), kinds: [...kinds.keys()] };
}""".replace("UNSEEN", UNSEEN)

_seen: set[int] = set()  # the kinds of elements whose colours this process has looked at


@cache
def _source() -> str:
    return (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()


def violations(tab: Tab, *, colours_only: bool = False) -> list[str]:
    """A line for each violation on the page as it stands."""
    if not tab.evaluate("() => 'axe' in window"):
        tab.evaluate(_source())
    others = None if colours_only else STANDARDS
    answer = tab.evaluate(RUN, {"seen": list(_seen), "colours": COLOURS, "others": others, "off": ASK_A_PERSON})
    _seen.update(answer["kinds"])
    return [_line(found) for found in answer["found"]]


def _line(found: dict[str, Any]) -> str:
    nodes = "".join(f"\n      {node['html'][:300]}\n        {node['why'][:400]}" for node in found["nodes"][:5])
    return f"axe {found['id']} ({found['impact']}): {found['help']}, {len(found['nodes'])} times{nodes}"
