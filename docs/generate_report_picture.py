"""Make docs/images/report.png: the top of the report of `barter demo`, as Chromium shows it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from barter_python.cli.main import run

_TARGET = Path(__file__).parent / "images" / "report.png"
_SIZE = "1280,1240"
_OPTIONS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
)


def main() -> None:
    """Run the demo, and take the picture."""
    chromium = shutil.which("chromium")
    if chromium is None:
        sys.exit("chromium is not installed: apt-get install chromium")
    with TemporaryDirectory() as name:
        folder = Path(name)
        if run(["demo", "--output", str(folder)]):
            sys.exit("the demo failed")
        _TARGET.parent.mkdir(exist_ok=True)
        own = (f"--user-data-dir={folder / 'chromium'}", f"--window-size={_SIZE}", f"--screenshot={_TARGET}")
        page = (folder / "report.html").as_uri()
        subprocess.run([chromium, *_OPTIONS, *own, "--virtual-time-budget=20000", page], check=True, stderr=subprocess.DEVNULL)


if __name__ == "__main__":
    main()
