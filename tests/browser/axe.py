"""Accessibility by axe-core: WCAG 2.0 to 2.2 at levels A and AA, and its best practices."""

from functools import cache
from pathlib import Path
from typing import Any

import axe_playwright_python
from playwright.sync_api import Page as Tab

STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# What can differ between the light and the dark theme of one page
COLOURS = ["color-contrast", "link-in-text-block"]

RUN = """async options => {
    const { violations } = await axe.run(document, { ...options, resultTypes: ['violations'] });
    return violations.map(({ id, impact, help, nodes }) => ({
        id, impact, help, nodes: nodes.map(({ html, failureSummary }) => ({ html, why: failureSummary })),
    }));
}"""


@cache
def _source() -> str:
    return (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()


def violations(tab: Tab, *, rules: list[str] | None = None) -> list[str]:
    """A line for each violation on the page as it stands; `rules` limits the search to these."""
    if not tab.evaluate("() => 'axe' in window"):
        tab.evaluate(_source())
    only = {"type": "rule", "values": rules} if rules else {"type": "tag", "values": STANDARDS}
    return [_line(found) for found in tab.evaluate(RUN, {"runOnly": only})]


def _line(found: dict[str, Any]) -> str:
    nodes = "".join(f"\n      {node['html'][:300]}\n        {node['why'][:400]}" for node in found["nodes"][:5])
    return f"axe {found['id']} ({found['impact']}): {found['help']}, {len(found['nodes'])} times{nodes}"
