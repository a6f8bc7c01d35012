"""End-to-end tests of what `plimsoll load` keeps of many runs, on registries of `plimsoll serve`.

  load_runs_test.py PROGRAM
"""
import contextlib
import csv
import io
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "ci", "peers"))
from served import served  # noqa: E402

PROGRAM = os.path.abspath(sys.argv.pop(1))
SMALL = ("--workload", "pull", "--scale", "0.001", "--clients", "1", "--operations", "30", "--seed", "1")


class ManyRuns(unittest.TestCase):
    def setUp(self):
        stack = contextlib.ExitStack()
        self.addCleanup(stack.close)
        self.folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        self.enter = stack.enter_context

    def serve(self):
        return "http://" + self.enter(served(PROGRAM))

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
        self.assertEqual(self.plimsoll("report", "--history", "kept").stdout.count("): 1 load run\n"), 2)

    def test_the_newest_run_is_set_beside_those_before(self):
        files = self.fill(3)
        ran = self.plimsoll("report", "--history", "kept", "--html", "history.html")
        self.assertEqual(ran.returncode, 0, ran.stderr)
        page = (self.folder / "history.html").read_text(encoding="utf-8")
        for file in files:
            self.assertIn(f'"file":"{file.name}"', page)
        # The latest becomes one that measured nothing of the registry.
        latest = json.loads(files[-1].read_text(encoding="utf-8"))
        latest["invalid"] = ["the generator was the limit"]
        files[-1].write_text(json.dumps(latest), encoding="utf-8")
        told = self.plimsoll("report", "--history", "kept").stdout
        self.assertIn("not valid: the generator was the limit", told)
        self.assertRegex(told, r"the newest valid run, .*, beside the one before it and the median of the last 1;")
        self.assertRegex(told, r"(?m)^  pull\.p50 .* of 1$")

    def test_a_run_that_is_cut_short_is_told_and_not_kept(self):
        ran = subprocess.Popen([PROGRAM, "load", self.serve(), "--workload", "tiny-blobs", "--scale", "0.001", "--clients",
                                "1", "--duration", "10m", "--history", "kept", "--output", "out"],
                               cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for line in ran.stderr:
            if "running" in line:
                break
        ran.send_signal(signal.SIGINT)
        out, _ = ran.communicate(timeout=60)
        self.assertEqual(ran.returncode, 3, out)
        self.assertIn("interrupted before its end", out)
        self.assertEqual(json.loads((self.folder / "out/result.json").read_text(encoding="utf-8"))["invalid"],
                         ["interrupted before its end"])
        self.assertEqual(list((self.folder / "kept").iterdir()), [])

    def test_a_folder_that_cannot_be_written_to_is_refused_before_the_run(self):
        (self.folder / "file").write_text("", encoding="utf-8")
        ran = self.plimsoll("load", "http://127.0.0.1:9", "--history", "file/kept")
        self.assertEqual(ran.returncode, 2, ran.stdout + ran.stderr)
        self.assertRegex(ran.stderr, re.escape("--history: write file/kept: "))


class Interleaved(ManyRuns):
    def load(self, base, new, *flags, output="out"):
        return self.plimsoll("load", base, "--interleave", new, *SMALL, "--output", output, *flags)

    def document(self, path):
        return json.loads((self.folder / path).read_text(encoding="utf-8"))

    def runs(self, side):
        return [self.document(file) for file in sorted((self.folder / "out" / side).iterdir())]

    def test_both_run_in_turns_and_are_compared(self):
        base, new = self.serve(), self.serve()
        ran = self.load(base, new, "--repeat", "4")
        self.assertIn(ran.returncode, (0, 1), ran.stdout + ran.stderr)
        order = re.findall(r"run \d of 8, (\S+)", ran.stderr)
        self.assertEqual(order, [base, new, new, base] * 2)
        for side, url in (("base", base), ("new", new)):
            runs = self.runs(side)
            self.assertEqual([one["registry"] for one in runs], [url] * 4)
            self.assertEqual(len({one["run_id"] for one in runs}), 4)
        # What `compare` says of the same runs.
        again = self.plimsoll("compare", "out/base", "--", "out/new", "--json", "again.json")
        self.assertEqual(again.returncode, ran.returncode)
        compared, same = ({one["metric"]: (one["verdict"], one["low"], one["high"]) for one in self.document(file)["metrics"]}
                          for file in ("out/comparison.json", "again.json"))
        self.assertIn("pull.p50", compared)
        self.assertEqual(compared, same)
        self.assertIn(f"verdict: {self.document('out/comparison.json')['verdict']}\n", ran.stdout)
        self.assertIn("<html", (self.folder / "out" / "comparison.html").read_text(encoding="utf-8"))

    def test_a_registry_that_answers_late_is_worse(self):
        new = "http://" + self.enter(served(PROGRAM, "--delay", "50"))
        ran = self.load(self.serve(), new)
        self.assertEqual(ran.returncode, 1, ran.stdout + ran.stderr)
        self.assertIn("verdict: worse\n", ran.stdout)

    def test_a_margin_decides_what_is_worse(self):
        new = "http://" + self.enter(served(PROGRAM, "--delay", "3"))
        ran = self.load(self.serve(), new, "--margin", "1000", "--tail-margin", "1000")
        metrics = self.document("out/comparison.json")["metrics"]
        self.assertEqual({one["margin"] for one in metrics if one["effect"] == "ratio"}, {10})
        # A rate cannot fall by ten times itself.
        rates = [one["verdict"] for one in metrics if one["metric"].endswith("rate")]
        self.assertTrue(rates)
        self.assertEqual(set(rates), {"not worse"}, ran.stdout)

    def test_fewer_than_four_runs_decide_nothing(self):
        for flags, code in (((), 0), (("--strict",), 3)):
            with self.subTest(flags):
                ran = self.load(self.serve(), self.serve(), "--repeat", "1", *flags, output=f"out{code}")
                self.assertEqual(ran.returncode, code, ran.stdout + ran.stderr)
                self.assertIn("1 run with enough samples on a side, where 4 are needed", ran.stdout)
                self.assertIn("verdict: inconclusive\n", ran.stdout)

    def test_bad_usage_is_found_before_anything_is_sent(self):
        (self.folder / "out" / "new").mkdir(parents=True)
        (self.folder / "out" / "new" / "old.json").write_text("{}", encoding="utf-8")
        nobody = "http://127.0.0.1:9"
        for flags, why in ((("--interleave", nobody, "--output", "out"), "out/new has runs already"),
                           (("--interleave", "nowhere"), "nowhere"),
                           (("--interleave", nobody, "--history", "kept"), "excludes"),
                           (("--interleave", nobody, "--repeat", "0"), "--repeat"),
                           # Eight times 10 s, all on a host that is not this one.
                           (("--interleave", "http://example.com", "--repeat", "8", "--duration", "10s",
                             "--scale", "0.001"), "more than 60 s on example.com: say --yes"),
                           (("--repeat", "4"), "requires --interleave"),
                           (("--interleave", "http://example.com", "--repeat", "1", "--find-limit"), "excludes"),
                           (("--strict",), "requires --interleave"),
                           (("--margin", "5"), "requires --interleave")):
            with self.subTest(why):
                ran = self.plimsoll("load", nobody, *flags)
                self.assertEqual(ran.returncode, 2, ran.stdout + ran.stderr)
                self.assertIn(why, ran.stderr)

    def test_a_registry_that_is_not_there_ends_it(self):
        ran = self.load(self.serve(), "http://127.0.0.1:9")
        self.assertEqual(ran.returncode, 3, ran.stdout + ran.stderr)
        self.assertEqual((len(self.runs("base")), len(self.runs("new"))), (1, 0))


unittest.main()
