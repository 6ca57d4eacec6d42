"""Take the pictures of the README from the pages in reports/ (needs chromium and the extra `browser`)."""

import shutil
import sys
from pathlib import Path

PICTURES = {
    "docs/what-the-articles-say.png": ("index.html", 1200, 900),
    "docs/an-article.png": ("index.html#a3", 1200, 760),
}


def main(reports: str = "reports") -> None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for name, (address, width, height) in PICTURES.items():
            page = browser.new_page(viewport={"width": width, "height": height})
            page.goto(f"{Path(reports, 'index.html').resolve().parent.as_uri()}/{address}")
            page.screenshot(path=name)
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
