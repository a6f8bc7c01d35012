"""What a run of a part of the suite comes to, and which requests the official suite's switches keep
from being sent.

  partial_test.py PROGRAM
"""
import contextlib
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import threading
import unittest
import xml.etree.ElementTree

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "ci", "peers"))
from served import environment, served  # noqa: E402

PROGRAM = os.path.abspath(sys.argv.pop(1))


class Judged:
    """A run of `plimsoll test` and its reports."""

    def __init__(self, folder, *arguments, **variables):
        self.folder = folder
        self.ran = subprocess.run([PROGRAM, "test", *arguments, "--output", os.path.join(folder, "results")],
                                  capture_output=True, text=True, timeout=120, cwd=folder,
                                  env=environment(**variables))
        self.code = self.ran.returncode

    def read(self, name):
        with open(os.path.join(self.folder, "results", name), encoding="utf-8") as file:
            return file.read()

    def result(self):
        return json.loads(self.read("result.json"))


class InAFolder(unittest.TestCase):
    def setUp(self):
        made = tempfile.TemporaryDirectory()
        self.addCleanup(made.cleanup)
        self.folder = made.name

    def judge(self, *arguments, **variables):
        return Judged(self.folder, *arguments, **variables)

    def write(self, name, text):
        path = os.path.join(self.folder, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path


class Part(InAFolder):
    def check_partial(self, judged, code):
        self.assertEqual(judged.code, code, judged.ran.stdout + judged.ran.stderr)
        self.assertEqual(judged.result()["verdict"], "partial")
        self.assertRegex(judged.ran.stdout, r"(?m)^verdict: partial \(\d+ of \d+ scenarios run, nothing broken\)$")

    def test_every_report_names_it(self):
        judged = self.judge("--filter", "pull/blob")
        self.check_partial(judged, 0)
        part = judged.result()["part"]
        self.assertLess(part["scenarios_run"], part["scenarios_in_suite"])
        [restriction] = part["restrictions"]
        self.assertEqual((restriction["setting"], restriction["value"], restriction["origin"],
                          restriction["deliberate"]), ("filter", "pull/blob", "--filter", True))
        numbers = f"{part['scenarios_run']} of {part['scenarios_in_suite']} scenarios run"
        for name in ("summary.md", "badge.svg", "badge.json", "results.yaml", "report.sarif", "junit.xml"):
            self.assertIn(numbers, judged.read(name), name)
        self.assertEqual(json.loads(judged.read("badge.json"))["color"], "lightgrey")
        metrics = judged.read("plimsoll.prom")
        self.assertNotIn("plimsoll_conformance_conformant", metrics)
        self.assertNotIn("last_success", metrics)
        self.assertRegex(metrics, rf"plimsoll_conformance_scenarios_run{{[^}}]*}} {part['scenarios_run']}\n")
        properties = {one.get("name"): one.get("value")
                      for one in xml.etree.ElementTree.fromstring(judged.read("junit.xml")).iter("property")}
        self.assertEqual(properties["verdict"], "partial")
        self.assertIn("filter = pull/blob (--filter) leaves out", properties["restriction"])

    def test_a_flag_or_a_file_that_a_flag_names_is_meant(self):
        self.check_partial(self.judge("--category", "discovery"), 0)
        config = self.write("chosen.yaml", "filter: pull/blob\n")
        self.check_partial(self.judge("--config", config), 0)

    def test_a_variable_or_a_file_that_was_found_may_be_left_over(self):
        judged = self.judge(PLIMSOLL_FILTER="pull/blob")
        self.check_partial(judged, 3)
        [line] = [one for one in judged.ran.stderr.splitlines() if "exit code 3" in one]
        self.assertIn("PLIMSOLL_FILTER", line)
        self.write("plimsoll.yaml", "category: discovery\n")
        judged = self.judge()
        self.check_partial(judged, 3)
        self.assertIn("plimsoll.yaml:1", judged.ran.stderr)

    def test_what_is_broken_in_it_fails(self):
        with served(PROGRAM, "--fault", "blob-head-204") as address:
            for variables in ({}, {"PLIMSOLL_CATEGORY": "pull"}):
                judged = self.judge(f"http://{address}", "--filter", "pull/", **variables)
                self.assertEqual((judged.code, judged.result()["verdict"]), (1, "fail"))

    def test_a_profile_of_ones_own_makes_it_no_more(self):
        profile = self.write("profile.yaml", "claims: [pull, push]\n")
        judged = self.judge("--filter", "pull/blob", "--profile", profile)
        self.check_partial(judged, 0)
        self.assertIn("claimed      push: not judged in full", judged.ran.stdout)

    def test_reading_alone_is_one(self):
        digest = "sha256:" + "0" * 64
        with served(PROGRAM) as address:
            self.judge(f"http://{address}", "--filter", "push/blob-post-put", "--keep", "--repo", "a", "--repo", "b")
            judged = self.judge(f"http://{address}", "--read-only", "--repo", "a", "--given.referrers", digest)
        self.assertEqual(judged.result()["part"]["restrictions"][0]["setting"], "read-only")
        self.assertNotIn("(conformant", judged.ran.stdout)

    def test_certification_takes_none(self):
        for arguments in (["--filter", "pull/blob"], ["--category", "pull"], ["--read-only"],
                          ["--apis.tags.list=0"]):
            judged = self.judge("--profile", "certification", *arguments)
            self.assertEqual(judged.code, 2, arguments)
            self.assertIn("the profile certification judges all that there is", judged.ran.stderr)
        judged = self.judge("--profile", "certification", PLIMSOLL_FILTER="pull/blob")
        self.assertEqual(judged.code, 2)
        self.assertIn("PLIMSOLL_FILTER", judged.ran.stderr)

    def test_a_whole_run_is_none(self):
        judged = self.judge()
        self.assertEqual((judged.code, judged.result()["verdict"]), (0, "pass"))
        self.assertNotIn("part", judged.result())
        self.assertIn("plimsoll_conformance_conformant", judged.read("plimsoll.prom"))


class Certification(InAFolder):
    def test_does_not_ask_for_what_is_optional(self):
        for variant in ("mount-needs-from", "single-post-202", "sha512-400", "tags-without-link",
                        "session-lost-with-its-connection", "delete-no-tags-405"):
            with self.subTest(variant), served(PROGRAM, "--variant", variant) as address:
                judged = self.judge(f"http://{address}", "--profile", "certification")
                self.assertEqual(judged.code, 0, judged.ran.stdout[-3000:])

    def test_asks_for_each_end_point_by_name(self):
        for flags, api in ((["--no-deletes"], "DELETE /v2/<name>/manifests/<reference>"),
                           (["--no-referrers"], "GET /v2/<name>/referrers/<digest>"),
                           (["--variant", "delete-no-blobs-400"], "DELETE /v2/<name>/blobs/<digest>")):
            with self.subTest(api), served(PROGRAM, *flags) as address:
                judged = self.judge(f"http://{address}", "--profile", "certification")
                self.assertEqual(judged.code, 1)
                self.assertIn(f"is claimed, and {api} is not offered", judged.ran.stdout)


@contextlib.contextmanager
def observed(address):
    """Gives an address that leads there, and the list of request lines that came by."""
    host, port = address.split(":")
    lines = []
    listening = socket.create_server(("127.0.0.1", 0))

    def pass_on(source, sink, seen):
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                if seen is not None:
                    seen.extend(data)
                sink.sendall(data)
        with contextlib.suppress(OSError):
            sink.shutdown(socket.SHUT_WR)

    def connect(client):
        seen = bytearray()
        with client, socket.create_connection((host, int(port))) as registry:
            back = threading.Thread(target=pass_on, args=(registry, client, None))
            back.start()
            pass_on(client, registry, seen)
            back.join()
        lines.extend(one.decode() for one in re.findall(rb"((?:[A-Z]+) [!-~]+) HTTP/1\.1\r\n", bytes(seen)))

    threads = []

    def accept():
        with contextlib.suppress(OSError):
            while True:
                client, _ = listening.accept()
                threads.append(threading.Thread(target=connect, args=(client,)))
                threads[-1].start()

    accepting = threading.Thread(target=accept)
    accepting.start()
    try:
        yield f"127.0.0.1:{listening.getsockname()[1]}", lines
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        accepting.join()
        for one in threads:
            one.join()


class OfficialSwitches(InAFolder):
    OFF = {"OCI_API_TAGS_DELETE": "false", "OCI_API_MANIFESTS_DELETE": "false", "OCI_API_BLOBS_DELETE": "false",
           "OCI_DATA_SHA512": "false", "OCI_API_REFERRER": "false"}

    def lines_of(self, *arguments, **variables):
        with served(PROGRAM) as address:
            with observed(address) as (by, lines):
                judged = self.judge(f"http://{by}", *arguments, **variables)
            return judged, lines

    def test_nothing_is_sent_that_is_switched_off(self):
        for version in ("1.1", "1.2-dev"):
            judged, lines = self.lines_of("--spec", version, "--log", "debug", **self.OFF)
            self.assertEqual(judged.code, 0, judged.ran.stdout + judged.ran.stderr[-2000:])
            self.assertEqual(judged.result()["verdict"], "partial")
            self.assertGreater(len(lines), 300)
            for forbidden in (r"^DELETE ", r"sha512", r"/referrers/"):
                self.assertEqual([one for one in lines if re.search(forbidden, one)], [], forbidden)
            bodies = [one["request_body"] for each in judged.result()["scenarios"] for one in each["transcript"]]
            self.assertFalse([one for one in bodies if "sha512:" in one])
            self.assertIn("apis.manifests.delete is off (OCI_API_MANIFESTS_DELETE)",
                          " ".join(judged.result()["left_behind"]))

    def test_all_of_that_is_sent_otherwise(self):
        _, lines = self.lines_of()
        for sent in (r"^DELETE ", r"sha512", r"/referrers/"):
            self.assertTrue([one for one in lines if re.search(sent, one)], sent)


class ForeignNames(InAFolder):
    LINKS = {"PLIMSOLL_PORT": "tcp://10.0.0.1:5000", "PLIMSOLL_SERVICE_HOST": "10.0.0.1",
             "PLIMSOLL_PORT_5000_TCP_ADDR": "10.0.0.1", "OCI_REGISTRY_PORT": "tcp://10.0.0.1:5000"}
    ORACLE = {"OCI_CLI_PROFILE": "DEFAULT", "OCI_TENANCY": "ocid1.tenancy.oc1"}

    def show(self, *arguments, **variables):
        return self.judge("--dry-run", *arguments, **variables).ran

    def test_other_tools_variables_are_ignored(self):
        ran = self.show(**self.LINKS, **self.ORACLE)
        self.assertEqual((ran.returncode, ran.stderr), (0, ""))
        ran = self.show("--log", "info", **self.LINKS, **self.ORACLE)
        for name in {**self.LINKS, **self.ORACLE}:
            self.assertIn(f"plimsoll test: note: {name} is ignored: ", ran.stderr)

    def test_a_misspelt_variable_is_an_error(self):
        ran = self.show(PLIMSOLL_FLITER="pull/")
        self.assertEqual(ran.returncode, 2)
        self.assertIn('did you mean "PLIMSOLL_FILTER"?', ran.stderr)

    def test_every_flag_of_every_command_may_be_a_variable_or_a_key(self):
        flags = set()
        for command in ("load", "zb", "serve", "report", "prove", "certify", "verify", "compare", "explain", "list"):
            text = subprocess.run([PROGRAM, command, "--help"], capture_output=True, text=True, check=True).stdout
            flags |= set(re.findall(r"(?m)^  (?:-\w,)?--([\w.-]+)", text))
        flags -= {"help", "config"}
        own = subprocess.run([PROGRAM, "test", "--help"], capture_output=True, text=True, check=True).stdout
        others = sorted(flags - set(re.findall(r"--([\w.-]+)", own)))
        self.assertGreater(len(others), 40)
        self.write("plimsoll.yaml", "".join(f"{one}: x\n" for one in others))
        ran = self.show(**{"PLIMSOLL_" + one.upper().replace("-", "_"): "x" for one in others})
        self.assertEqual((ran.returncode, ran.stderr), (0, ""))


if __name__ == "__main__":
    unittest.main()
