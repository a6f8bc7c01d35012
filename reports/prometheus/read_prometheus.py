#!/usr/bin/env python3
"""Has what pipelines read checked by its readers: promtool, and Python's JSON and XML parsers.

read_prometheus.py PROGRAM: PROGRAM writes example and hostile runs into a folder. Without promtool
the test is skipped (exit code 77), but for CI=true, where it fails.
"""
import json
import os
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as tree
from pathlib import Path


def check_metrics(folder, name):
    with open(folder / f"{name}.prom", "rb") as text:
        subprocess.run(["promtool", "check", "metrics"], stdin=text, check=True)


def check(folder, name):
    check_metrics(folder, name)
    log = json.loads((folder / f"{name}.sarif").read_text(encoding="utf-8"))
    rules = [rule["id"] for rule in log["runs"][0]["tool"]["driver"]["rules"]]
    assert rules and len(set(rules)) == len(rules), rules
    assert {one["ruleId"] for one in log["runs"][0]["results"]} == set(rules)
    assert tree.parse(folder / f"{name}.svg").getroot().tag == "{http://www.w3.org/2000/svg}svg"


def main():
    if not shutil.which("promtool"):
        print("promtool is not here (Debian package prometheus)")
        return 1 if os.environ.get("CI") == "true" else 77
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.argv[1], folder], check=True)
        for name in ("example", "hostile"):
            check(Path(folder), name)
        check_metrics(Path(folder), "load")
    return 0


sys.exit(main())
