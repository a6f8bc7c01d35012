"""Runs every panel's query, and the alerts, on a real Prometheus that real runs filled.

  dashboards_test.py PROGRAM

Seven days of history are made from a real run's metrics and put into Prometheus' storage by
promtool; then runs are pushed to a Pushgateway, and scraped while they go on. A query that fails,
or finds nothing, fails the test. Skipped (exit code 77) as monitoring_test.py is.
"""
import contextlib
import json
import math
import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "prometheus"))
import servers  # noqa: E402

PROGRAM = os.path.abspath(sys.argv.pop(1))
REGISTRY = r"serving on (http://\S+)"
METRICS = r"metrics on http://(\S+)/metrics"
RULES = [HERE.parent / "prometheus" / name for name in ("plimsoll.rules.yml", "plimsoll.alerts.yml")]
HOUR = 3600


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def run(*arguments):
    env = {name: value for name, value in os.environ.items() if not name.startswith(("OCI_", "PLIMSOLL_"))}
    return subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, timeout=280, env=env)


def dashboards():
    return {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(HERE.glob("*.json"))}


def queries(board):
    """Each panel's title with one of its queries, what Grafana fills in filled in."""
    for panel in board["panels"]:
        for target in panel.get("targets", []):
            expression = target["expr"].replace("$__rate_interval", "4s")
            yield panel["title"], re.sub(r"\$\{?(registry|workload|instance)\}?", ".*", expression)


def recorded_names():
    return re.findall(r"record: (\S+)", RULES[0].read_text(encoding="utf-8"))


def history_of(text, extra, began, ended):
    """The samples of a text form each hour of a time, as OpenMetrics, which promtool imports."""
    lines = [line for line in text.splitlines() + extra if line and not line.startswith("#")]
    out = []
    for line in lines:
        series, value = line.rsplit(" ", 1)
        job = "plimsoll-load" if "plimsoll_load" in series else "plimsoll-test"
        if "{" not in series:
            series += "{}"
        if ":" not in series.split("{")[0]:
            series = series.replace("{", f'{{job="{job}",', 1).replace(",}", "}")
        for at in range(int(began), int(ended), HOUR):
            moved = value
            if series.startswith("plimsoll_conformance_last_"):
                moved = str(at)
            out.append(f"{series} {moved} {at}")
    # OpenMetrics wants the samples of a family together, and each series in its order.
    return "\n".join(out) + "\n# EOF\n"


class Structure(unittest.TestCase):
    def test_each_dashboard_is_one_that_grafana_can_import(self):
        uids = set()
        for name, board in dashboards().items():
            uids.add(board["uid"])
            self.assertGreaterEqual(board["schemaVersion"], 36, name)
            variables = {one["name"] for one in board["templating"]["list"]}
            ids = [panel["id"] for panel in board["panels"]]
            self.assertEqual(len(ids), len(set(ids)), name)
            for panel in board["panels"]:
                at = panel["gridPos"]
                self.assertLessEqual(at["x"] + at["w"], 24, panel["title"])
                if panel["type"] == "row":
                    continue
                refs = [one["refId"] for one in panel["targets"]]
                self.assertEqual(len(refs), len(set(refs)), panel["title"])
                for one in panel["targets"]:
                    self.assertEqual(one["datasource"]["uid"], "${datasource}")
                    used = set(re.findall(r"\$\{?(\w+)", one["expr"])) - {"__rate_interval"}
                    self.assertLessEqual(used, variables, panel["title"])
        self.assertEqual(len(uids), len(dashboards()))

    def test_no_two_panels_lie_on_one_another(self):
        for name, board in dashboards().items():
            taken = {}
            for panel in board["panels"]:
                at = panel["gridPos"]
                for x in range(at["x"], at["x"] + at["w"]):
                    for y in range(at["y"], at["y"] + at["h"]):
                        self.assertIsNone(taken.get((x, y)), f"{name}: {panel['title']} on {taken.get((x, y))}")
                        taken[x, y] = panel["title"]


class Rules(unittest.TestCase):
    def test_promtool_takes_them_and_they_do_what_their_unit_tests_say(self):
        subprocess.run(["promtool", "check", "rules", *RULES], check=True)
        subprocess.run(["promtool", "test", "rules", "rules_test.yml"], cwd=HERE.parent / "prometheus", check=True)


class Filled(unittest.TestCase):
    """One Prometheus for all, filled once."""

    @classmethod
    def setUpClass(cls):
        made = tempfile.TemporaryDirectory()
        cls.addClassCleanup(made.cleanup)
        cls.folder = pathlib.Path(made.name)
        cls.port = free_port()
        cls.registry = f"http://127.0.0.1:{cls.port}"

    def served(self, *flags):
        return servers.running([PROGRAM, "serve", "--listen", f"127.0.0.1:{self.port}", *flags], REGISTRY)

    def test_every_query_of_every_panel_finds_something_and_a_regression_is_alerted(self):
        live, exposed = free_port(), free_port()
        with servers.pushgateway() as gateway, contextlib.ExitStack() as good:
            good.enter_context(self.served("--prometheus", str(exposed)))
            self.fill_history(gateway)
            jobs = [("pushgateway", gateway.split("//")[1]), ("live", f"127.0.0.1:{live}"),
                    ("registry", f"127.0.0.1:{exposed}")]
            with servers.prometheus(self.folder, jobs, RULES) as prometheus:
                began = time.time()
                # As many operations as a p99 needs; then an open loop, which alone has a schedule to be late for.
                for flags in (["--workload", "pull", "--operations", "1500", "--duration", "5m"],
                              ["--workload", "mixed", "--rate", "40", "--duration", "8s", "--prometheus", str(live)]):
                    load = self.load(gateway, *flags)
                    self.assertIn(load.returncode, (0, 3), load.stdout + load.stderr)
                    self.assertIn("metrics pushed", load.stderr)
                # More than once, so that a query over time has a step behind the first.
                for recorded in recorded_names():
                    prometheus.wait_for(f"count_over_time({recorded}[1h]) > 3")
                self.check_panels(prometheus, began)
                alert = 'ALERTS{alertname="PlimsollConformanceRegressed",alertstate="firing"}'
                self.assertEqual(prometheus.query(alert), [])
                # At the same address, a registry that breaks a rule which was kept for the week.
                good.close()
                with self.served("--fault", "blob-get-absent-200"):
                    self.assertEqual(self.judge(gateway).returncode, 1)
                fired = prometheus.wait_for(alert)
                self.assertEqual(fired[0][0]["registry"], self.registry)

    def load(self, gateway, *flags):
        return run("load", self.registry, "--scale", "0.01", "--clients", "4", "--slo", "errors<50%", "--pushgateway",
                   gateway, "--output", str(self.folder / "load"), *flags)

    def judge(self, gateway):
        return run("test", self.registry, "--pushgateway", gateway, "--require-push", "--output",
                   str(self.folder / "results"))

    def fill_history(self, gateway):
        judged = self.judge(gateway)
        self.assertEqual(judged.returncode, 0, judged.stdout + judged.stderr)
        text = (self.folder / "results" / "plimsoll.prom").read_text(encoding="utf-8")
        now = time.time()
        best = f'registry:plimsoll_conformance_broken_checks:sum{{registry="{self.registry}"}} 0'
        openmetrics = self.folder / "history.txt"
        openmetrics.write_text(history_of(text, [best], now - 7 * 24 * HOUR, now - HOUR), encoding="utf-8")
        subprocess.run(["promtool", "tsdb", "create-blocks-from", "openmetrics", openmetrics, self.folder / "data"],
                       check=True, stdout=subprocess.DEVNULL)

    def check_panels(self, prometheus, began):
        wrong = []
        for name, board in dashboards().items():
            for title, expression in queries(board):
                found = prometheus.get("query_range", query=expression, start=began, end=time.time(), step=1)["result"]
                values = [float(value) for one in found for _, value in one["values"]]
                if not any(math.isfinite(value) for value in values):
                    wrong.append(f"{name}: {title}: {expression} finds {found or 'nothing'}")
        self.assertEqual(wrong, [], "\n".join(wrong))
        week = prometheus.get("query_range", query="plimsoll_conformance_conformant", step=HOUR,
                              start=began - 7 * 24 * HOUR, end=began)["result"]
        self.assertGreater(max(len(one["values"]) for one in week), 24)


if __name__ == "__main__":
    if not all(map(shutil.which, ("prometheus", "prometheus-pushgateway", "promtool"))):
        print("Debian's prometheus and prometheus-pushgateway are not here")
        sys.exit(1 if os.environ.get("CI") == "true" else 77)
    unittest.main()
