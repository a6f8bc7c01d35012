"""The official conformance suite against `plimsoll serve`, with every option on.

  official_suite_test.py PROGRAM CACHE

Builds the suite with Go into the folder CACHE once. What it does not pass has to be in
official_suite.expected.json, with the reason; there is nothing else there, and nothing of it is
missing.
"""
import json
import os
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree

from go_program import built
from served import served, skip

try:
    import yaml
except ImportError:
    skip("python3-yaml is missing; ci/setup installs it")

PROGRAM = os.path.abspath(sys.argv.pop(1))
CACHE = os.path.abspath(sys.argv.pop(1))
VERSION = "v0.0.0-20260831232431-97274622c111"
MODULE = "github.com/opencontainers/distribution-spec/conformance"
HERE = os.path.dirname(os.path.abspath(__file__))


def judge(suite, version, address, folder):
    """A run with every option on, whose reports are in the folder then."""
    settings = {"OCI_CONFIGURATION": "", "OCI_REGISTRY": address, "OCI_TLS": "disabled",
                "OCI_VERSION": version, "OCI_RESULTS_DIR": folder, "OCI_LOG": "error",
                "OCI_REPO1": "conformance/one", "OCI_REPO2": "conformance/two",
                "OCI_DATA_SPARSE": "true", "OCI_API_BLOBS_DIGEST_HEADER": "true",
                "OCI_API_MANIFESTS_DIGEST_HEADER": "true"}
    # Its stdout is the whole list of cases.
    subprocess.run([suite], env={**os.environ, **settings}, cwd=folder, timeout=120,
                   stdout=subprocess.DEVNULL)


def statuses(suite, version, address, folder):
    """Each case that did not pass, and how many did."""
    judge(suite, version, address, folder)
    tree = xml.etree.ElementTree.parse(os.path.join(folder, "junit.xml"))
    passed, others = 0, {}
    for case in tree.iter("testcase"):
        if case.get("status") == "passed":
            passed += 1
        else:
            others[case.get("name").removeprefix("OCI Conformance Test/")] = case.get("status")
    return passed, others


class OfficialSuite(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.suite = built(CACHE, MODULE, VERSION)
        with open(os.path.join(HERE, "official_suite.expected.json"), encoding="utf-8") as file:
            cls.expected = json.load(file)

    def judge(self, version, *flags):
        with tempfile.TemporaryDirectory() as folder:
            with served(PROGRAM, "--sparse", *flags) as address:
                passed, others = statuses(self.suite, version, address, folder)
        wanted = {name: one["status"] for name, one in self.expected[version]["others"].items()}
        self.assertEqual(others, wanted)
        self.assertGreaterEqual(passed, self.expected[version]["passed"])
        print(f"{version}: {passed} cases passed, {len(others)} did not")

    def test_1_1(self):
        self.judge("1.1", "--spec", "1.1")

    def test_1_1_with_the_store_in_a_folder(self):
        with tempfile.TemporaryDirectory() as store:
            self.judge("1.1", "--spec", "1.1", "--store", store)

    def test_dev(self):
        self.judge("dev", "--spec", "1.2-dev")

    def test_dev_with_a_least_chunk_length(self):
        self.judge("dev", "--spec", "1.2-dev", "--chunk-min-length", "2000")

    def results_yaml_of_both(self, version, *flags):
        """That of the official suite and ours, on the same registry."""
        ours = {"1.1": "1.1", "dev": "1.2-dev"}[version]
        with tempfile.TemporaryDirectory() as folder:
            with served(PROGRAM, "--spec", ours, "--sparse", *flags) as address:
                judge(self.suite, version, address, folder)
                with open(os.path.join(folder, "results.yaml"), encoding="utf-8") as file:
                    theirs = yaml.safe_load(file)
                subprocess.run([PROGRAM, "test", f"http://{address}", "--spec", ours, "--output", folder],
                               cwd=folder, capture_output=True, timeout=240)
                with open(os.path.join(folder, "results.yaml"), encoding="utf-8") as file:
                    return theirs, yaml.safe_load(file)

    def test_our_results_yaml_says_the_same(self):
        for version in ("1.1", "dev"):
            theirs, ours = self.results_yaml_of_both(version)
            self.assertEqual(ours["apis"], theirs["apis"])
            self.assertLessEqual(ours["data"].items(), theirs["data"].items())
            for key in ("registry", "tls"):
                self.assertEqual(ours["config"][key], theirs["config"][key])

    def test_what_fails_in_its_results_yaml_does_not_pass_in_ours(self):
        for fault, api in (("mount-answers-200", "Blob mount"), ("referrers-list-206", "Referrers"),
                           ("blob-head-204", "Blob head"), ("delete-tag-200", "Tag delete")):
            theirs, ours = self.results_yaml_of_both("1.1", "--fault", fault)
            failed = {name for name, status in theirs["apis"].items() if status == "FAIL"}
            self.assertIn(api, failed)
            self.assertEqual(ours["apis"][api], "FAIL")
            self.assertEqual([name for name in failed if ours["apis"][name] == "Pass"], [], fault)


if __name__ == "__main__":
    unittest.main()
