#!/usr/bin/env python3
"""Has the JUnit report of example runs read by Python's own XML parser.

read_junit.py PROGRAM: PROGRAM writes example.xml and hostile.xml into a folder.
"""
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as tree
from pathlib import Path

KINDS = {"failures": "failure", "errors": "error", "skipped": "skipped"}


def check_counts(element):
    cases = list(element.iter("testcase"))
    assert int(element.get("tests")) == len(cases), element.attrib
    for attribute, kind in KINDS.items():
        found = sum(case.find(kind) is not None for case in cases)
        assert int(element.get(attribute)) == found, (attribute, found, element.attrib)
    assert float(element.get("time")) >= 0


def properties(case):
    return {one.get("name"): one.get("value") for one in case.find("properties")}


def check(path):
    root = tree.parse(path).getroot()
    assert root.tag == "testsuites"
    check_counts(root)
    for suite in root.findall("testsuite"):
        check_counts(suite)
    cases = list(root.iter("testcase"))
    assert len({case.get("name") for case in cases}) == len(cases)
    for case in cases:
        assert case.get("name").startswith(case.get("classname") + "/"), case.attrib
        assert {"verdict", "requirements", "levels"} <= properties(case).keys()
        verdict = properties(case)["verdict"]
        kind = {"fail": "failure", "error": "error", "pass": None, "warn": None}.get(verdict, "skipped")
        assert [k for k in KINDS.values() if case.find(k) is not None] == ([kind] if kind else [])
        if kind:
            assert case.find(kind).get("message")
        if verdict == "warn":
            assert "warn" in case.findtext("system-out")
    verdicts = {properties(case)["verdict"] for case in cases}
    assert verdicts == {"pass", "fail", "warn", "error", "blocked", "unsupported", "skipped"}, verdicts
    return root


with tempfile.TemporaryDirectory() as folder:
    subprocess.run([sys.argv[1], folder], check=True)
    failure = next(check(Path(folder) / "example.xml").iter("failure"))
    assert failure.get("message").endswith("expected status 416, received status 202")
    assert 'section      distribution-spec, "Pushing a blob in chunks"' in failure.text.splitlines()
    hostile = next(check(Path(folder) / "hostile.xml").iter("failure"))
    assert "\\x1B[31m]]><&\"'\\x0D\\x0A" in hostile.get("message"), hostile.attrib
