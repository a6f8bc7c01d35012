"""The comparison of micro-benchmarks with their baseline, on results that were made up."""
import json
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

PARTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "parts.py")


def results(**times):
    """As Google Benchmark writes them: each repetition, and then what it makes of all."""
    benchmarks = []
    for name, repetitions in times.items():
        for one in repetitions:
            benchmarks.append({"name": f"{name}/repeats:3", "run_name": name, "run_type": "iteration", "cpu_time": one,
                               "time_unit": "ns", "bytes_per_second": 64e9 / one})
        benchmarks.append({"name": f"{name}_mean", "run_name": name, "run_type": "aggregate", "cpu_time": 1,
                           "time_unit": "ns"})
    return {"benchmarks": benchmarks}


class Parts(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.baseline = Path(temporary.name, "baseline.json")
        self.results = Path(temporary.name, "results.json")
        self.parts(results(hash=[100, 110, 300], parse=[20, 21, 22]), "--record")

    def parts(self, measured, *flags):
        self.results.write_text(json.dumps(measured), encoding="utf-8")
        return subprocess.run([sys.executable, PARTS, "--results", self.results, "--baseline", self.baseline, *flags],
                              capture_output=True, text=True, timeout=30, check=False)

    def test_the_baseline_is_the_least_time_of_each(self):
        (baseline,) = json.loads(self.baseline.read_text(encoding="utf-8"))
        self.assertEqual(baseline["benchmarks"], [{"name": "hash", "cpu_ns": 100, "bytes": 64},
                                                  {"name": "parse", "cpu_ns": 20, "bytes": 64}])

    def test_one_quiet_repetition_is_enough(self):
        ran = self.parts(results(hash=[400, 101, 900], parse=[20, 20, 20]))
        self.assertEqual(ran.returncode, 0, ran.stdout + ran.stderr)
        self.assertRegex(ran.stdout, r"hash +101\.0 ns +400\.0 ns +100\.0 ns +1\.01\b")

    def test_what_takes_longer_each_time_is_slower(self):
        ran = self.parts(results(hash=[100, 100, 100], parse=[40, 41, 42]))
        self.assertEqual(ran.returncode, 1, ran.stdout + ran.stderr)
        self.assertTrue(ran.stdout.endswith("slower than 1.3 times the baseline: parse\n"), ran.stdout)

    def test_the_threshold_decides(self):
        slower = results(hash=[140, 140, 140], parse=[20, 20, 20])
        self.assertEqual(self.parts(slower).returncode, 1)
        self.assertEqual(self.parts(slower, "--threshold", "1.5").returncode, 0)
        self.assertEqual(self.parts(slower, "--threshold", "0.9").returncode, 2)

    def test_what_is_new_is_shown_and_what_is_missing_cannot_be_judged(self):
        ran = self.parts(results(hash=[100], parse=[20], other=[5]))
        self.assertEqual(ran.returncode, 0)
        self.assertRegex(ran.stdout, r"other .* new\b")
        ran = self.parts(results(hash=[100]))
        self.assertEqual(ran.returncode, 3)
        self.assertIn("not measured: parse", ran.stdout)

    def test_another_machine_cannot_be_judged(self):
        (baseline,) = json.loads(self.baseline.read_text(encoding="utf-8"))
        self.baseline.write_text(json.dumps([baseline | {"machine": "pdp11"}]), encoding="utf-8")
        ran = self.parts(results(hash=[500], parse=[20]))
        self.assertEqual(ran.returncode, 3, ran.stdout + ran.stderr)
        self.assertIn("the baseline is of pdp11", ran.stdout)
        # Its figures are added, and those of the other stay.
        self.assertEqual(self.parts(results(hash=[500], parse=[20]), "--record").returncode, 0)
        kept = json.loads(self.baseline.read_text(encoding="utf-8"))
        self.assertEqual({one["machine"]: one["benchmarks"][0]["cpu_ns"] for one in kept},
                         {"pdp11": 100, baseline["machine"]: 500})
        self.assertEqual(self.parts(results(hash=[500], parse=[20])).returncode, 0)

    def test_a_benchmark_that_failed_is_no_figure(self):
        failed = results(hash=[100])
        failed["benchmarks"][0] |= {"error_occurred": True, "error_message": "other bytes"}
        ran = self.parts(failed)
        self.assertEqual(ran.returncode, 3)
        self.assertIn("hash/repeats:3: other bytes", ran.stderr)


unittest.main()
