"""The browser: the Chromium of this machine, with the Chinese glyphs of a wheel where the machine has none."""

import contextlib
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import noto_cjk_sans_otc
from playwright.sync_api import Browser, sync_playwright

CHECKOUT = Path(__file__).resolve().parent.parent.parent
ABSENT = "there is no Chromium here: install one (sudo apt-get install chromium)"

FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>{wheel}</dir>
  <cachedir>{cache}</cachedir>
</fontconfig>
"""


def find_chromium() -> str | None:
    """The path of a Chromium, or None; the Makefile asks the same script."""
    found = subprocess.run(
        ["sh", str(CHECKOUT / "scripts" / "find-chromium")], capture_output=True, text=True, check=False
    )
    return found.stdout.strip() or None


@contextlib.contextmanager
def launched(chromium: str, scratch: Path) -> Iterator[Browser]:
    """One browser; what it writes goes to `scratch`."""
    fonts = scratch / "fonts.conf"
    fonts.write_text(FONTS.format(wheel=Path(str(noto_cjk_sans_otc.FONT_PATH)).parent, cache=scratch / "fonts"))
    environment: dict[str, str | float | bool] = {**os.environ, "FONTCONFIG_FILE": str(fonts)}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, env=environment)
        try:
            yield browser
        finally:
            browser.close()
