"""axe-core on an open page: what it finds against WCAG 2.2 A and AA and its best practices, a line each.

The script comes from the package axe-playwright-python, which carries axe.min.js (4.12). It is handed to the page by the debugger,
so the page's own policy (no foreign scripts) stays in force while it is looked at.
"""

from __future__ import annotations

from importlib.resources import files

from playwright.async_api import Page

SCRIPT = (files("axe_playwright_python") / "axe.min.js").read_text("utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


async def violations(page: Page) -> list[str]:
    """ "rule: selector: what is wrong", for each element that breaks a rule."""
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(SCRIPT)
    options = {"runOnly": TAGS, "resultTypes": ["violations"]}
    found = await page.evaluate("options => axe.run(document, options)", options)
    return [
        f"{rule['id']}: {node['target']}: {node.get('failureSummary', rule['help'])}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]
