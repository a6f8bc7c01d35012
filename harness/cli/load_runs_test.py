"""End-to-end tests of what `plimsoll load` keeps of many runs, on registries of `plimsoll serve`.

  load_runs_test.py PROGRAM
"""
import contextlib
import csv
import io
import json
import os
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "ci", "peers"))
from served import served  # noqa: E402

PROGRAM = os.path.abspath(sys.argv.pop(1))
SMALL = ("--workload", "pull", "--scale", "0.001", "--clients", "1", "--operations", "60", "--seed", "1")


class ManyRuns(unittest.TestCase):
    def setUp(self):
        stack = contextlib.ExitStack()
        self.addCleanup(stack.close)
        self.folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        self.serve = lambda: "http://" + stack.enter_context(served(PROGRAM))

    def plimsoll(self, *arguments):
        return subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, timeout=120, cwd=self.folder,
                              check=False)


class History(ManyRuns):
    def fill(self, runs):
        url = self.serve()
        for _ in range(runs):
            ran = self.plimsoll("load", url, *SMALL, "--history", "kept")
            self.assertEqual(ran.returncode, 0, ran.stdout + ran.stderr)
        return sorted((self.folder / "kept").iterdir())

    def test_each_run_stays_by_its_time(self):
        files = self.fill(3)
        self.assertEqual(len(files), 3)
        starts = []
        for file in files:
            run = json.loads(file.read_text(encoding="utf-8"))
            starts.append(run["started"])
            self.assertTrue(file.name.startswith(run["started"].replace(":", "") + "-"), file.name)
        self.assertEqual(starts, sorted(starts))

    def test_the_runs_become_a_table_of_times_and_metrics(self):
        files = self.fill(2)
        (self.folder / "kept" / "other.json").write_text("{}", encoding="utf-8")
        ran = self.plimsoll("report", "--history", "kept", "--csv")
        self.assertEqual(ran.returncode, 0, ran.stderr)
        self.assertIn("passed over kept/other.json", ran.stderr)
        table = list(csv.DictReader(io.StringIO(ran.stdout)))
        runs = [json.loads(file.read_text(encoding="utf-8")) for file in files]
        self.assertEqual([one["time"] for one in table], [one["started"] for one in runs])
        for row in table:
            self.assertRegex(row["time"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
            for name, value in row.items():
                if name not in ("time", "run", "version", "registry"):
                    self.assertGreaterEqual(float(value), 0, name)
            self.assertGreater(float(row["pull.p50"]), 0)

    def test_runs_of_different_tests_are_no_one_table(self):
        self.fill(1)
        url = self.serve()
        self.plimsoll("load", url, "--history", "kept", *SMALL, "--verify", "size")
        ran = self.plimsoll("report", "--history", "kept", "--csv", "-")
        self.assertEqual(ran.returncode, 3, ran.stdout)
        self.assertIn('of different tests: verify is "full" in one and "size" in another', ran.stderr)
        # Each is told all the same.
        self.assertTrue(self.plimsoll("report", "--history", "kept").stdout.startswith("2 load runs\n"))

    def test_a_folder_that_cannot_be_written_to_is_refused_before_the_run(self):
        (self.folder / "file").write_text("", encoding="utf-8")
        ran = self.plimsoll("load", "http://127.0.0.1:9", "--history", "file/kept")
        self.assertEqual(ran.returncode, 2, ran.stdout + ran.stderr)
        self.assertRegex(ran.stderr, re.escape("--history: write file/kept: "))


unittest.main()
