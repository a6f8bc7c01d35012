"""What `plimsoll load` and `plimsoll zb` print, write and answer with, on `plimsoll serve`.

  load_test.py PROGRAM FOLDER-OF-LOGS
"""
import contextlib
import json
import os
import subprocess
import sys
import tempfile
import unittest
import urllib.request

LOGS = os.path.abspath(sys.argv.pop(2))
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "ci", "peers"))
from served import environment, served  # noqa: E402

PROGRAM = os.path.abspath(sys.argv.pop(1))


def run(*arguments, folder):
    return subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, timeout=60,
                          cwd=folder, env=environment())


def result_in(folder):
    with open(os.path.join(folder, "plimsoll-load", "result.json"), encoding="utf-8") as file:
        return json.load(file)


class OnARegistry(unittest.TestCase):
    def setUp(self):
        stack = contextlib.ExitStack()
        self.addCleanup(stack.close)
        self.url = "http://" + stack.enter_context(served(PROGRAM))
        self.folder = stack.enter_context(tempfile.TemporaryDirectory())

    def load(self, *arguments):
        return run("load", self.url, *arguments, folder=self.folder)

    def tags(self):
        """All tags that are there."""
        with urllib.request.urlopen(self.url + "/v2/_catalog") as answer:
            names = json.load(answer)["repositories"]
        found = []
        for name in names:
            with urllib.request.urlopen(f"{self.url}/v2/{name}/tags/list") as answer:
                found += json.load(answer)["tags"] or []
        return found


class Replay(OnARegistry):
    def test_does_what_the_log_of_a_real_server_has(self):
        for log, name in (("nginx.log", "an access log (combined)"),
                          ("docker-registry.jsonl", "a docker-registry JSON log")):
            with self.subTest(log):
                ran = self.load("--replay", os.path.join(LOGS, log), "--speed", "8")
                self.assertIn(name + ", 57 requests", ran.stderr)
                result = result_in(self.folder)
                self.assertEqual(result["workload"], "replay")
                self.assertIn({"name": "speed", "value": "8"}, result["configuration"])
                names = {one["name"] for one in result["operations"]}
                self.assertLess({"blob-get", "blob-head", "blob-put", "manifest-put"}, names)
                for one in result["operations"] + result["steps"]:
                    self.assertFalse(one["failures"], one["name"])
                self.assertEqual(result["left_behind"], [])
                self.assertEqual(self.tags(), [])

    def test_a_trace_of_fast_2018_pulls_and_pushes_the_sizes_that_it_has(self):
        trace = [{"http.request.method": method, "http.request.uri": uri,
                  "http.response.status": status, "http.response.written": size,
                  "timestamp": f"2017-06-20T02:41:1{second}.5Z"}
                 for second, (method, uri, status, size) in enumerate((
                     ("GET", "v2/a/b/blobs/93c1c63b", 200, 51800),
                     ("HEAD", "v2/a/b/blobs/00000000", 404, 0),
                     ("PUT", "v2/a/b/manifests/d1b2a59f", 201, 950),
                     ("PUT", "v2/a/b/blobs/uploads/1?digest=23", 201, 70000)))]
        log = os.path.join(self.folder, "trace.json")
        with open(log, "w", encoding="utf-8") as file:
            json.dump(trace, file)
        ran = self.load("--replay", log, "--speed", "50")
        self.assertIn("a FAST 2018 trace, 4 requests", ran.stderr)
        moved = {one["name"]: (int(one["bytes_received"]), int(one["bytes_sent"]))
                 for one in result_in(self.folder)["operations"]}
        self.assertEqual(moved, {"blob-get": (51800, 0), "blob-head": (0, 0),
                                 "manifest-put": (0, 950), "blob-put": (0, 70000)})


class BadReplay(unittest.TestCase):
    def test_ends_with_2_and_says_why(self):
        line = '1.2.3.4 - - [24/Nov/2026:16:29:18 +0000] "%s HTTP/1.1" 200 %s "-" "x"\n'
        for text, flags, why in (
                (None, [], "cannot be read: No such file"),
                ("", [], "no known format"),
                ("a\0b\n" * 1000, [], "no known format"),
                ("{" * 100000, [], "no known format"),
                (line % ("GET /index.html", 7), [], "no request in the log can be replayed"),
                (line % ("GET /v2/a/blobs/x", 1 << 40) + line % ("GET /v2/a/blobs/y", 9), [],
                 "at most 1.0 TiB are replayed"),
                (line % ("GET /v2/a/blobs/x", 9), ["--rate", "5"], "--rate excludes"),
                (line % ("GET /v2/a/blobs/x", 9), ["--speed", "0"], "--speed"),
                (line % ("GET /v2/a/blobs/x", 9), ["--speed", "nan"], "a speed above 0")):
            with self.subTest(why), tempfile.TemporaryDirectory() as folder:
                if text is not None:
                    with open(os.path.join(folder, "log"), "w", encoding="utf-8") as file:
                        file.write(text)
                self.refused(flags, why, folder)

    def test_a_log_that_does_not_fit_into_memory_is_not_read(self):
        with tempfile.TemporaryDirectory() as folder:
            with open(os.path.join(folder, "log"), "w", encoding="utf-8") as file:
                file.truncate(1 << 40)
            self.refused([], "is larger than 1.0 GiB", folder)

    def refused(self, flags, why, folder):
        # Nobody listens there: what is wrong is found before anything is sent.
        ran = run("load", "http://127.0.0.1:9", "--replay", "log", *flags, folder=folder)
        self.assertEqual(ran.returncode, 2, ran.stdout + ran.stderr)
        self.assertIn(why, ran.stderr)


ZB_TESTS = [
    "Get Catalog", "Push Monolith 1MB", "Push Monolith 10MB", "Push Monolith 100MB",
    "Push Chunk Streamed 1MB", "Push Chunk Streamed 10MB", "Push Chunk Streamed 100MB",
    "Pull 1MB", "Pull 10MB", "Pull 100MB", "Pull Mixed 20% 1MB, 70% 10MB, 10% 100MB",
    "Push Monolith Mixed 20% 1MB, 70% 10MB, 10% 100MB",
    "Push Chunk Mixed 33% 1MB, 33% 10MB, 33% 100MB", "Pull 75% and Push 25% Mixed 1MB",
    "Pull 75% and Push 25% Mixed 10MB", "Pull 75% and Push 25% Mixed 100MB",
    "On-demand Sync 100MB", "On-demand Sync 1GB"]


class Consent(unittest.TestCase):
    def test_much_for_a_host_that_is_not_this_one_has_to_be_meant(self):
        for flags, why in (
                (["--workload", "pull", "--duration", "61s"], "runs for more than 60 s"),
                (["--workload", "push", "--duration", "5s"], "may push more than 1 GiB"),
                (["--workload", "push", "--duration", "5s", "--rate", "1000"], "may push more than 1 GiB"),
                (["--workload", "tiny-blobs", "--duration", "5s", "--scale", "0.001", "--find-limit",
                  "--slo", "pull.p99<1s"], "raises the rate until something breaks")):
            with self.subTest(flags), tempfile.TemporaryDirectory() as folder:
                ran = run("load", "http://example.com", *flags, folder=folder)
                self.assertEqual(ran.returncode, 2, ran.stdout + ran.stderr)
                self.assertIn(f"this {why} on example.com: say --yes", ran.stderr)


class Zb(OnARegistry):
    def zb(self, *arguments):
        return run("zb", *arguments, folder=self.folder)

    def test_runs_the_tests_that_need_one_registry_and_says_which_need_two(self):
        ran = self.zb(self.url, "-c", "3", "-n", "7", "--scale", "0.001", "-o", "ci-cd")
        self.assertEqual(ran.returncode, 0, ran.stdout + ran.stderr)
        for name in ZB_TESTS[-2:]:
            self.assertIn("leaving out " + name, ran.stderr)
        with open(os.path.join(self.folder, "ci-cd.json"), encoding="utf-8") as file:
            rates = json.load(file)
        self.assertEqual([one["name"] for one in rates], ZB_TESTS[:-2])
        self.assertEqual({one["unit"] for one in rates}, {"requests per sec"})
        self.assertGreater(min(one["value"] for one in rates), 0)
        results = os.path.join(self.folder, "plimsoll-zb")
        self.assertEqual(len(os.listdir(results)), 16)
        with open(os.path.join(results, "pull-10mb.json"), encoding="utf-8") as file:
            pull = json.load(file)
        counts = [sum(one["latency"]["buckets"][1::2]) for one in pull["operations"]]
        self.assertEqual((pull["workload"], counts), ("Pull 10MB", [7]))
        self.assertEqual(self.tags(), [])

    def test_a_regular_expression_chooses(self):
        chosen = ("-t", "^(Push Monolith|Pull) 1MB$", "-n", "2", "--scale", "0.001")
        self.assertEqual(self.zb("-l", *chosen).stdout, "Push Monolith 1MB\nPull 1MB\n")
        self.assertEqual(self.zb("-l").stdout.splitlines(), ZB_TESTS)
        ran = self.zb(self.url, *chosen)
        self.assertEqual(ran.returncode, 0, ran.stderr)
        self.assertEqual(sorted(os.listdir(os.path.join(self.folder, "plimsoll-zb"))),
                         ["pull-1mb.json", "push-monolith-1mb.json"])

    def test_bad_usage_ends_with_2_and_a_registry_that_is_not_there_with_3(self):
        for arguments, code, why in (
                ((self.url, "-t", "("), 2, "--test-regex ("),
                ((self.url, "-t", "Pull 2MB"), 2, "matches none"),
                ((self.url, "-t", "Sync"), 2, "no test is left"),
                ((self.url, "-c", "3", "-n", "2"), 2, "2 requests are fewer than 3 clients"),
                ((), 2, "expected the registry's URL"),
                ((self.url, "-o", "json"), 2, "--output-format"),
                (("http://example.com", "-n", "100"), 2, "say --yes"),
                ((self.url, "-t", "Sync 1GB", "-u", "http://example.com", "-c", "2", "-n", "2"), 2,
                 "2.0 GiB to example.com: say --yes"),
                ((self.url, "-t", "Sync", "-u", "nowhere"), 2, "--upstream-server-url: "),
                ((self.url, "-t", "Sync 1GB", "-u", "http://127.0.0.1:9"), 3, "On-demand Sync 1GB: "),
                (("http://127.0.0.1:9", "-t", "Pull 1MB"), 3, "Pull 1MB: ")):
            with self.subTest(arguments):
                ran = self.zb(*arguments)
                self.assertEqual(ran.returncode, code, ran.stdout + ran.stderr)
                self.assertIn(why, ran.stderr)

    def test_an_operation_that_fails_ends_with_1(self):
        with served(PROGRAM, "--fault", "push-of-manifests-405") as address:
            ran = self.zb(f"http://{address}", "-t", "^Push Monolith 1MB$", "-n", "3", "--scale", "0.001")
        self.assertEqual(ran.returncode, 1, ran.stdout + ran.stderr)
        self.assertIn("Push Monolith 1MB:\nfailed ", ran.stdout)

    def test_what_a_registry_does_not_delete_is_told(self):
        with served(PROGRAM, "--no-deletes") as address:
            ran = self.zb(f"http://{address}", "-t", "^Push Monolith 1MB$", "-n", "3", "--scale", "0.001")
        self.assertEqual(ran.returncode, 0, ran.stdout + ran.stderr)
        self.assertRegex(ran.stdout, r"\nPush Monolith 1MB: left behind: manifests left: 3: DELETE /v2/plimsoll/")

    def test_a_registry_that_fetches_nothing_fails_the_tests_of_on_demand_sync(self):
        with served(PROGRAM) as upstream:
            ran = self.zb(self.url, "-u", f"http://{upstream}", "-t", "Sync 100MB", "-n", "2", "--scale", "0.001")
        self.assertEqual(ran.returncode, 1, ran.stdout + ran.stderr)
        self.assertIn("On-demand Sync 100MB:\nfailed ", ran.stdout)
        self.assertIn("404", ran.stdout)
        self.assertNotIn("left", ran.stdout)


if __name__ == "__main__":
    unittest.main()
