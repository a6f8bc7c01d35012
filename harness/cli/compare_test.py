"""End-to-end tests of `plimsoll compare`, on runs made from an example.

  compare_test.py PROGRAM WRITE_LOAD_EXAMPLE
"""
import copy
import json
import os
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

EXAMPLE = json.loads(subprocess.run([sys.argv.pop(2)], check=True, capture_output=True).stdout)
PROGRAM = os.path.abspath(sys.argv.pop(1))


def example(seconds):
    """A run of 2,000 operations that all took so long."""
    run = copy.deepcopy(EXAMPLE)
    run["invalid"] = []
    work = run["operations"][0]
    # The bucket of a time of t ns, as the schema has it.
    ns = int(seconds * 1e9)
    shift = max(ns.bit_length(), 7) - 7
    histogram = {"min_ns": ns, "max_ns": ns, "buckets": [(shift << 6) + (ns >> shift), 2000]}
    work |= {"latency": histogram, "service": histogram, "failures": []}
    run["operations"] = [work]
    return run


class Compare(unittest.TestCase):
    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.addCleanup(self.temporary.cleanup)
        self.folder = Path(self.temporary.name)
        for side, seconds in (("old", 0.010), ("same", 0.010), ("slow", 0.013)):
            (self.folder / side).mkdir()
            for i in range(4):
                (self.folder / side / f"{i}.json").write_text(json.dumps(example(seconds)))

    def compare(self, *arguments):
        return subprocess.run([PROGRAM, "compare", *arguments], capture_output=True, text=True,
                              timeout=60, cwd=self.folder)

    def test_a_registry_is_not_worse_than_itself(self):
        ran = self.compare("old", "--", "same", "--strict")
        self.assertEqual(ran.returncode, 0, ran.stdout + ran.stderr)
        self.assertTrue(ran.stdout.endswith("verdict: not worse\n"), ran.stdout)

    def test_a_slower_one_is_worse(self):
        ran = self.compare("old", "--", "slow", "--json", "out.json")
        self.assertEqual(ran.returncode, 1, ran.stdout + ran.stderr)
        document = json.loads((self.folder / "out.json").read_text())
        self.assertEqual(document["verdict"], "worse")

    def test_the_page_shows_each_metrics_verdict(self):
        ran = self.compare("old", "--", "slow", "--html", "out.html")
        self.assertEqual(ran.returncode, 1, ran.stdout + ran.stderr)
        page = (self.folder / "out.html").read_text(encoding="utf-8")
        data = json.loads(re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.S).group(1))
        verdicts = {one["metric"]: one["verdict"] for one in data["comparison"]["metrics"]}
        self.assertIn("worse", verdicts.values())
        # As on the terminal, line by line.
        for metric, verdict in verdicts.items():
            line = next(one for one in ran.stdout.splitlines() if one.startswith(metric + " "))
            self.assertIn("  " + verdict, line)
        self.assertEqual(len(data["loads"]), 2)

    def test_but_not_within_the_margin(self):
        ran = self.compare("--margin", "40", "--tail-margin", "40", "old", "--", "slow")
        self.assertEqual(ran.returncode, 0, ran.stdout + ran.stderr)

    def test_three_runs_decide_nothing(self):
        files = ["old/0.json", "old/1.json", "old/2.json"]
        self.assertEqual(self.compare(*files, "--", "slow").returncode, 0)
        self.assertEqual(self.compare(*files, "--", "slow", "--strict").returncode, 3)

    def test_bad_usage_is_two(self):
        self.assertEqual(self.compare("old").returncode, 2)
        self.assertEqual(self.compare("old", "--").returncode, 2)
        self.assertEqual(self.compare("--", "slow").returncode, 2)
        ran = self.compare("none.json", "--", "slow")
        self.assertEqual(ran.returncode, 2)
        self.assertIn("none.json: No such file", ran.stderr)
        self.assertEqual(self.compare("old", "--", "slow", "--margin", "0").returncode, 2)


unittest.main()
