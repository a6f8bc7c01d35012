#!/usr/bin/env python3
"""Builds the page's script and style from their sources, with the tools of the lock file, and
compares them with what is committed in built/. Exits with 77 where npm is missing, but not in CI.
"""
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent

if shutil.which("npm") is None:
    print("npm is missing; ci/setup installs it")
    sys.exit(1 if os.environ.get("CI") == "true" else 77)

with tempfile.TemporaryDirectory() as folder:
    page = Path(folder) / "page"
    shutil.copytree(HERE / "page", page, ignore=shutil.ignore_patterns("node_modules"))
    for command in (["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
                    ["npx", "tsc", "--noEmit"], ["node", "build.mjs", "../built"]):
        subprocess.run(command, cwd=page, check=True, timeout=240)
    for name in ("page.js", "page.css"):
        if (Path(folder) / "built" / name).read_bytes() != (HERE / "built" / name).read_bytes():
            sys.exit(f"built/{name} is not what page/ builds to: npm ci && npm run build in reports/html/page")
print("built/ is what page/ builds to")
