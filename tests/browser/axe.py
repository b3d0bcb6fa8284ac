"""Accessibility by axe-core: WCAG 2.0 to 2.2 at levels A and AA, and its best practices.

Contrast is three quarters of the time that axe takes, as it looks at every word of a table by itself. It follows from
the computed styles of an element and of all around it. So one of those that agree in all of them is looked at, and none
again that agrees with what was found in order before: in another width, or on another page.

The size of targets was most of what is left: axe looks at all that is near each. It asks for 24 pixels in both
directions that nothing else to be focused covers, and weighs the distances of those alone that lack them. So it gets to
see those that are smaller or overlap another.
"""

from functools import cache
from pathlib import Path
from typing import Any

import axe_playwright_python
from playwright.sync_api import Page as Tab

STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# What can differ between the light and the dark theme of one page
COLOURS = ["color-contrast", "link-in-text-block"]
SIZES = ["target-size"]
# These never find a violation: they ask a person to look.
ASK_A_PERSON = ["hidden-content"]

# The elements that show words of their own, or are filled in, one of each kind that was not `seen`, with the kind as a
# number: a digest of whatever contrast may follow from, of the element and of each around it up to the root.
UNSEEN = """seen => {
    const MATTERS = [
        "color", "backgroundColor", "backgroundImage", "backgroundClip", "opacity", "filter", "mixBlendMode", "fill",
        "fontSize", "fontWeight", "textShadow", "webkitTextFillColor", "textDecoration", "position", "zIndex",
        "clipPath", "overflow", "textIndent", "transform",
    ];
    const digest = text => {
        let [high, low] = [0xdeadbeef, 0x41c6ce57];
        for (let place = 0; place < text.length; place++) {
            const sign = text.charCodeAt(place);
            high = Math.imul(high ^ sign, 2654435761);
            low = Math.imul(low ^ sign, 1597334677);
        }
        high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
        low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
        return 4294967296 * (2097151 & low) + (high >>> 0);
    };
    const kinds = new Map();
    const kindOf = element => {
        if (!kinds.has(element)) {
            const style = getComputedStyle(element);
            const around = element.parentElement ? kindOf(element.parentElement) : "";
            const drawn = ["::before", "::after"].map(part => getComputedStyle(element, part))
                .map(part => part.content === "none" ? "" : part.backgroundColor + part.position);
            const own = [element.tagName, element.disabled, element.ariaDisabled, ...MATTERS.map(name => style[name])];
            kinds.set(element, digest([around, ...own, ...drawn].join("|")));
        }
        return kinds.get(element);
    };
    const showsWords = element => element.matches("input, select, textarea, button, svg text, svg tspan")
        || [...element.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.data.trim());
    const unseen = new Map();
    for (const element of document.querySelectorAll("body *")) {
        if (!showsWords(element) || !element.checkVisibility({ checkVisibilityCSS: true })) continue;
        const kind = kindOf(element);
        if (!seen.has(kind) && !unseen.has(kind)) unseen.set(kind, element);
    }
    return unseen;
}"""

# What may be a target, and is smaller than one has to be or is overlapped: all that axe may find wrong, and more. What
# an element stands in lies under it, unless the element was sent behind. What is a landmark, a group or a picture by
# its role is no target.
CRAMPED = """() => {
    const kinds = "a, area, button, details, embed, iframe, input, object, select, summary, textarea, audio, video";
    const roles = ["main", "search", "form", "navigation", "region", "group", "status", "alert", "img"];
    const never = ["main:not([role])", "details:not([role])", ...roles.map(role => `[role=${role}]`)].join();
    const targets = [...document.querySelectorAll(`${kinds}, [tabindex], [role], [contenteditable]`)]
        .filter(element => !element.matches(never) && element.checkVisibility({ checkVisibilityCSS: true }))
        .map(element => ({ element, box: element.getBoundingClientRect() }));
    const overlap = (one, other) => one.left < other.right && other.left < one.right
        && one.top < other.bottom && other.top < one.bottom;
    const liesUnder = (other, element) => other.contains(element) && !(getComputedStyle(element).zIndex < 0);
    return targets.filter(({ element, box }) => box.width < 24 || box.height < 24 || targets.some(other =>
        other.element !== element && overlap(box, other.box) && !liesUnder(other.element, element)
    )).map(({ element }) => element);
}"""

# Null where axe is not in the page yet. Most of what axe takes for a few elements is to learn how the page is built, so
# that all rules are asked in one run; a rule of `colours` or `sizes` matches none but those elements.
RUN = """async ({ seen, colours, sizes, others, off }) => {
    if (!("axe" in window)) return null;
    axe.lookedAt ??= new Map();
    const lookAt = (rules, elements) => rules.forEach(rule => {
        if (!axe.lookedAt.has(rule)) {
            const known = axe._audit.getRule(rule);
            const matches = known.matches;
            known.matches = (element, ...more) => axe.lookedAt.get(rule).has(element)
                && matches.call(known, element, ...more);
        }
        axe.lookedAt.set(rule, new Set(elements));
    });
    const told = ({ id, impact, help, nodes }) => ({
        id, impact, help, nodes: nodes.map(({ html, failureSummary }) => ({ html, why: failureSummary })),
    });
    const unseen = (UNSEEN)(new Set(seen));
    if (!others && !unseen.size) return { found: [], kinds: [] };
    lookAt(colours, unseen.values());
    if (others) lookAt(sizes, (CRAMPED)());
    const asked = others ? {
        runOnly: { type: "tag", values: others },
        rules: Object.fromEntries([...[...colours, ...sizes].map(rule => [rule, { enabled: true }]),
            ...off.map(rule => [rule, { enabled: false }])]),
    } : { runOnly: { type: "rule", values: colours } };
    const found = (await axe.run(document, { resultTypes: ["violations"], preload: false, ...asked })).violations;
    const isRight = !found.some(({ id }) => colours.includes(id));
    return { found: found.map(told), kinds: isRight ? [...unseen.keys()] : [] }; // what is wrong is looked at again
}""".replace("UNSEEN", UNSEEN).replace("CRAMPED", CRAMPED)

_seen: set[int] = set()  # the kinds of elements whose colours this process has found in order


@cache
def _source() -> str:
    return (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()


def violations(tab: Tab, *, colours_only: bool = False) -> list[str]:
    """A line for each violation on the page as it stands."""
    others = None if colours_only else STANDARDS
    asked = {"seen": list(_seen), "colours": COLOURS, "sizes": SIZES, "others": others, "off": ASK_A_PERSON}
    answer = tab.evaluate(RUN, asked)
    if answer is None:
        tab.evaluate(_source())
        answer = tab.evaluate(RUN, asked)
    _seen.update(answer["kinds"])
    return [_line(found) for found in answer["found"]]


def _line(found: dict[str, Any]) -> str:
    nodes = "".join(f"\n      {node['html'][:300]}\n        {node['why'][:400]}" for node in found["nodes"][:5])
    return f"axe {found['id']} ({found['impact']}): {found['help']}, {len(found['nodes'])} times{nodes}"
