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
from served import served

PROGRAM = sys.argv.pop(1)
CACHE = os.path.abspath(sys.argv.pop(1))
VERSION = "v0.0.0-20260831232431-97274622c111"
MODULE = "github.com/opencontainers/distribution-spec/conformance"
HERE = os.path.dirname(os.path.abspath(__file__))


def statuses(suite, version, address, folder):
    """Each case that did not pass, and how many did."""
    settings = {"OCI_CONFIGURATION": "", "OCI_REGISTRY": address, "OCI_TLS": "disabled",
                "OCI_VERSION": version, "OCI_RESULTS_DIR": folder, "OCI_LOG": "error",
                "OCI_REPO1": "conformance/one", "OCI_REPO2": "conformance/two",
                "OCI_DATA_SPARSE": "true", "OCI_API_BLOBS_DIGEST_HEADER": "true",
                "OCI_API_MANIFESTS_DIGEST_HEADER": "true"}
    # Its stdout is the whole list of cases.
    subprocess.run([suite], env={**os.environ, **settings}, cwd=folder, timeout=120,
                   stdout=subprocess.DEVNULL)
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


if __name__ == "__main__":
    unittest.main()
