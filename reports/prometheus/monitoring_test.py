"""Metrics of real runs in real Prometheus servers: scraped, pushed, and queried back.

  monitoring_test.py PROGRAM

Without Debian's prometheus and prometheus-pushgateway the test is skipped (exit code 77), but for
CI=true, where it fails.
"""
import http.server
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import unittest
import urllib.request

import servers

PROGRAM = os.path.abspath(sys.argv.pop(1))
REGISTRY = r"serving on (http://\S+)"
METRICS = r"metrics on http://(\S+)/metrics"


def environment(variables):
    return {name: value for name, value in os.environ.items()
            if not name.startswith(("OCI_", "PLIMSOLL_"))} | variables


def run(*arguments, **variables):
    return subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, timeout=240,
                          env=environment(variables))


def serving(*flags):
    return servers.running([PROGRAM, "serve", "--listen", "127.0.0.1:0", "--prometheus", "0", *flags],
                           REGISTRY, METRICS)


def check_metrics(text):
    """As promtool has it; what prometheus-cpp tells of itself does not keep to the conventions."""
    own = "".join(line + "\n" for line in text.splitlines() if "exposer_" not in line)
    subprocess.run(["promtool", "check", "metrics"], input=own, text=True, check=True)


def text_of(address):
    with urllib.request.urlopen(f"http://{address}/metrics", timeout=30) as answer:
        return answer.read().decode()


class Folder(unittest.TestCase):
    def setUp(self):
        made = tempfile.TemporaryDirectory()
        self.addCleanup(made.cleanup)
        self.folder = pathlib.Path(made.name)
        self.results = str(self.folder / "results")


class Scraping(Folder):
    def test_a_registrys_traffic_and_content_are_queried_back(self):
        with serving("--store", str(self.folder / "store")) as [registry, metrics]:
            ran = run("test", registry, "--filter", "pu", "--keep", "--output", self.results)
            self.assertEqual(ran.returncode, 0, ran.stdout)
            check_metrics(text_of(metrics))
            with servers.prometheus(self.folder, [("registry", metrics)]) as prometheus:
                for labels in ('route="blob",method="GET",code="2xx"', 'route="uploads",method="POST",code="2xx"',
                               'route="manifest",method="PUT",code="2xx"', 'route="blob",method="GET",code="4xx"'):
                    found = prometheus.wait_for(f"plimsoll_registry_requests_total{{{labels}}}")
                    self.assertGreater(found[0][1], 0, labels)
                for gauge in ("repositories", "blobs", "manifests", "tags"):
                    self.assertGreater(prometheus.query(f"plimsoll_registry_{gauge}")[0][1], 0, gauge)
                self.assertGreater(prometheus.query("plimsoll_registry_received_bytes_total")[0][1], 1000)
                self.assertEqual(prometheus.query("sum(plimsoll_registry_requests_total)"),
                                 prometheus.query("sum(plimsoll_registry_request_duration_seconds_count)"))

    def test_a_load_run_is_seen_while_it_goes_on_and_ends_no_earlier_than_its_result_says(self):
        with servers.running([PROGRAM, "serve", "--listen", "127.0.0.1:0"], REGISTRY) as [registry]:
            with servers.running([PROGRAM, "load", registry, "--workload", "mixed", "--duration", "1h", "--clients",
                                  "4", "--prometheus", "0", "--scale", "0.01", "--output", self.results],
                                 METRICS) as [metrics]:
                with servers.prometheus(self.folder, [("load", metrics)]) as prometheus:
                    grown = "sum(plimsoll_load_operations_total) - sum(plimsoll_load_operations_total offset 1s) > 0"
                    prometheus.wait_for(grown)
                    check_metrics(text_of(metrics))
                    flying = prometheus.query("sum(plimsoll_load_operations_in_flight)")
                    self.assertTrue(0 <= flying[0][1] <= 4, flying)
                    names = {labels["operation"] for labels, _ in prometheus.query("plimsoll_load_operations_total")}
                    self.assertGreater(len(names), 1)
                    self.assertEqual(prometheus.query("plimsoll_load_valid"), [])

    def test_a_run_of_the_suite_is_seen_scenario_by_scenario(self):
        # Each answer takes its time, so that the run is there to be scraped.
        with servers.running([PROGRAM, "serve", "--listen", "127.0.0.1:0", "--delay", "300"], REGISTRY) as [registry]:
            with servers.running([PROGRAM, "test", registry, "--concurrency", "1", "--prometheus", "0",
                                  "--output", self.results], METRICS) as [metrics]:
                with servers.prometheus(self.folder, [("test", metrics)]) as prometheus:
                    prometheus.wait_for('sum(plimsoll_conformance_scenarios{verdict="pass"}) > 0')
                    planned = prometheus.query("plimsoll_conformance_scenarios_planned")
                    self.assertGreater(planned[0][1], 50)
                    self.assertEqual(planned[0][0]["registry"], registry)
                    self.assertEqual(prometheus.query("plimsoll_conformance_conformant"), [])
                    check_metrics(text_of(metrics))


class Listening(Folder):
    def test_a_port_that_is_taken_is_told_and_nothing_runs(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = str(taken.getsockname()[1])
            for command in (["serve", "--listen", "127.0.0.1:0"], ["load", "http://127.0.0.1:1"],
                            ["test", "--output", self.results]):
                ran = run(*command, "--prometheus", port)
                self.assertEqual(ran.returncode, 2, command)
                self.assertIn(f"--prometheus: listen 127.0.0.1:{port}: Address already in use", ran.stderr)
        self.assertFalse((self.folder / "results" / "result.json").exists())

    def test_what_is_no_address_is_told(self):
        ran = run("test", "--output", self.results, PLIMSOLL_PROMETHEUS="everywhere")
        self.assertEqual(ran.returncode, 2)
        self.assertIn("expected [ADDRESS:]PORT", ran.stderr)


class Pushing(Folder):
    def judge(self, *flags, **variables):
        return run("test", "--output", self.results, *flags, **variables)

    def test_runs_are_pushed_and_the_last_success_outlives_a_failure(self):
        with servers.pushgateway() as gateway, servers.running(
                [PROGRAM, "serve", "--listen", "127.0.0.1:0"], REGISTRY) as [registry]:
            good = self.judge(registry, "--pushgateway", gateway, "--require-push")
            self.assertEqual(good.returncode, 0, good.stderr)
            self.assertIn(f"metrics pushed to {gateway}", good.stderr)
            load = run("load", registry, "--workload", "pull", "--duration", "1s", "--scale", "0.01", "--output",
                       self.results, PLIMSOLL_PUSHGATEWAY=gateway, PLIMSOLL_REQUIRE_PUSH="true")
            self.assertIn(load.returncode, (0, 3), load.stderr)
            self.assertIn("metrics pushed", load.stderr)
            with servers.prometheus(self.folder, [("pushgateway", gateway.split("//")[1])]) as prometheus:
                prometheus.wait_for(f'plimsoll_conformance_conformant{{job="plimsoll-test",registry="{registry}"}} == 1')
                prometheus.wait_for('plimsoll_load_operations_total{job="plimsoll-load",workload="pull"} > 0')
                success = prometheus.query("plimsoll_conformance_last_success_timestamp_seconds")
                # Nobody is there any more: the verdict changes, and the time of the success stays.
                gone = self.judge("http://127.0.0.1:1", "--pushgateway", gateway)
                self.assertEqual(gone.returncode, 3)
                prometheus.wait_for('plimsoll_conformance_conformant{registry="http://127.0.0.1:1"} == 0')
                self.assertEqual(prometheus.query("plimsoll_conformance_last_success_timestamp_seconds"), success)
            check_metrics(text_of(gateway.split("//")[1]).replace("\npush_", "\n# push_"))

    def test_a_gateway_that_is_down_changes_the_exit_code_only_where_it_is_required(self):
        told = self.judge("--pushgateway", "http://127.0.0.1:1")
        self.assertEqual(told.returncode, 0, told.stderr)
        self.assertIn("Pushgateway http://127.0.0.1:1: connect 127.0.0.1:1: Connection refused; "
                      "the run's verdict stands", told.stderr)
        self.assertEqual(self.judge("--pushgateway", "http://127.0.0.1:1", "--require-push").returncode, 3)
        self.assertEqual(self.judge("--require-push").returncode, 2)

    def test_a_gateway_that_never_answers_does_not_hold_the_run(self):
        with socket.socket() as silent:
            silent.bind(("127.0.0.1", 0))
            silent.listen()
            told = self.judge("--pushgateway", f"http://127.0.0.1:{silent.getsockname()[1]}")
        self.assertEqual(told.returncode, 0, told.stderr)
        self.assertIn("timed out", told.stderr)

    def test_a_login_goes_to_the_gateway_and_into_no_report(self):
        seen = []

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                self.rfile.read(int(self.headers["Content-Length"]))
                login = self.headers.get("Authorization")
                seen.append(login)
                self.send_response(200 if login else 401)
                if not login:
                    self.send_header("WWW-Authenticate", "Basic realm=x")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            url = f"http://me:hunter2@127.0.0.1:{server.server_address[1]}"
            told = self.judge("--pushgateway", url, "--require-push")
            server.shutdown()
        self.assertEqual(told.returncode, 0, told.stderr)
        self.assertEqual(seen[-1], "Basic bWU6aHVudGVyMg==")
        for text in [told.stdout, told.stderr] + [one.read_text(errors="replace")
                                                  for one in pathlib.Path(self.results).iterdir()]:
            self.assertNotIn("hunter2", text)


if __name__ == "__main__":
    if not all(map(shutil.which, ("prometheus", "prometheus-pushgateway", "promtool"))):
        print("Debian's prometheus and prometheus-pushgateway are not here")
        sys.exit(1 if os.environ.get("CI") == "true" else 77)
    unittest.main()
