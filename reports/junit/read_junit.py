#!/usr/bin/env python3
"""Has the JUnit report of example runs read by readers of others: libxml2, with the schema, and junitparser.

read_junit.py PROGRAM: PROGRAM writes example.xml and hostile.xml into a folder.
"""
import copy
import subprocess
import sys
import tempfile
from pathlib import Path

from junitparser import JUnitXml

import junit_schema

KINDS = {"failures": "failure", "errors": "error", "skipped": "skipped"}
VERDICTS = {"pass", "fail", "warn", "error", "blocked", "unsupported", "skipped"}


def check_counts(element):
    cases = list(element.iter("testcase"))
    assert int(element.get("tests")) == len(cases), element.attrib
    for attribute, kind in KINDS.items():
        found = sum(case.find(kind) is not None for case in cases)
        said = element.get(attribute)
        assert said is None or int(said) == found, (attribute, found, element.attrib)


def check_case(case, properties):
    name = case.get("name")
    assert name.startswith(case.get("classname") + "/"), case.attrib
    verdict = properties["verdict:" + name]
    assert {"requirements:" + name, "levels:" + name} <= properties.keys()
    kind = {"fail": "failure", "error": "error", "pass": None, "warn": None}.get(verdict, "skipped")
    assert [k for k in KINDS.values() if case.find(k) is not None] == ([kind] if kind else [])
    if verdict == "warn":
        assert "warn" in case.findtext("system-out")
    return verdict


def check(path):
    root = junit_schema.valid(path)
    check_counts(root)
    verdicts = set()
    for suite in root:
        check_counts(suite)
        properties = {one.get("name"): one.get("value") for one in suite.find("properties")}
        verdicts |= {check_case(case, properties) for case in suite.findall("testcase")}
    assert verdicts == VERDICTS, verdicts
    read = JUnitXml.fromfile(str(path))
    assert sum(suite.failures for suite in read) == int(root.get("failures"))
    return root


def expect_refused(root, damage):
    """Shows that the schema says something about that place at all."""
    damaged = copy.deepcopy(root)
    damage(damaged)
    assert not junit_schema.takes(damaged), "a damaged document is taken"


def check_schema(root):
    expect_refused(root, lambda damaged: damaged.set("skipped", "1"))
    expect_refused(root, lambda damaged: damaged[0].set("tests", "many"))
    expect_refused(root, lambda damaged: damaged[0].find("testcase").append(
        copy.deepcopy(damaged[0].find("properties"))))
    expect_refused(root, lambda damaged: damaged[0].append(copy.deepcopy(damaged[0].find("testcase"))))
    failure = lambda damaged: next(damaged.iter("failure"))
    expect_refused(root, lambda damaged: failure(damaged).attrib.pop("message"))
    expect_refused(root, lambda damaged: failure(damaged).attrib.pop("type"))
    expect_refused(root, lambda damaged: next(damaged.iter("skipped")).attrib.pop("message"))


with tempfile.TemporaryDirectory() as folder:
    subprocess.run([sys.argv[1], folder], check=True)
    example = check(Path(folder) / "example.xml")
    check_schema(example)
    failure = next(example.iter("failure"))
    assert failure.get("message").endswith("expected status 416, received status 202")
    assert 'section      distribution-spec, "Pushing a blob in chunks"' in failure.text.splitlines()
    hostile = next(check(Path(folder) / "hostile.xml").iter("failure"))
    assert "\\x1B[31m]]><&\"'\\x0D\\x0A" in hostile.get("message"), hostile.attrib
