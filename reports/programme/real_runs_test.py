"""results.yaml of real runs: on a good registry, on one that lacks what is optional, and, for each
API of the OCI's programme, on one that breaks a rule of it.

  real_runs_test.py PROGRAM
"""
import concurrent.futures
import os
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
import real_run

try:
    import yaml
except ImportError:
    print("python3-yaml is missing; ci/setup installs it")
    sys.exit(1 if os.environ.get("CI") == "true" else 77)

PROGRAM = os.path.abspath(sys.argv.pop(1))

# A fault of the reference registry for each API, and the scenarios that are enough to see it.
FAULTS = {
    "Tag listing": ("tags-list-206", "discovery/tags"),
    "Tag delete": ("delete-tag-200", "management/tag"),
    "Tag delete atomic": ("delete-tag-stays", "management/tag"),
    "Blob upload cancel": ("cancel-does-nothing", "push/upload-cancelled"),
    "Blob push": ("put-answers-200", "push/blob"),
    "Blob post only": ("single-post-answers-200", "push/blob"),
    "Blob post put": ("post-answers-200", "push/blob-post-put"),
    "Blob chunked": ("chunk-answers-204", "push/blob"),
    "Blob streaming": ("blob-get-flips-a-bit", "push/blob-streamed"),
    "Blob mount": ("mount-answers-200", "push/mount"),
    "Blob anonymous mount": ("mount-location-leads-nowhere", "push/mount"),
    "Blob get": ("blob-get-flips-a-bit", "pull/blob"),
    "Blob get range": ("range-without-its-last-byte", "pull/blob"),
    "Blob head": ("blob-head-204", "pull/blob"),
    "Blob delete": ("delete-blob-204", "management/blob"),
    "Blob delete atomic": ("delete-blob-stays", "management/blob"),
    "Manifest put by digest": ("manifest-put-other-digest", "push/manifest-by"),
    "Manifest put by tag": ("manifest-put-without-location", "push/manifest-by"),
    "Manifest put with tag params": ("tag-parameters-told-not-set", "push/tag"),
    "Manifest put with subject": ("subject-untold", "push/subject"),
    "Manifest get by digest": ("manifest-get-other-bytes", "pull/manifest"),
    "Manifest get by tag": ("manifest-get-202", "pull/manifest"),
    "Manifest head by digest": ("manifest-head-204", "pull/manifest"),
    "Manifest head by tag": ("manifest-head-only-by-digest", "pull/manifest"),
    "Manifest delete": ("delete-manifest-200", "management/manifest"),
    "Manifest delete atomic": ("delete-manifest-stays", "management/manifest"),
    "Referrers": ("referrers-list-206", "discovery/referrers"),
    "Ping": ("base-answers-204", "pull/determining-support"),
}


def submission(flags, *arguments):
    """results.yaml of a run on a registry with these flags; the other reports lie beside it."""
    with real_run.judged(PROGRAM, ["--spec", "1.2-dev", *flags], *arguments) as (_, folder):
        assert (folder / "junit.xml").stat().st_size and (folder / "report.html").stat().st_size
        return yaml.safe_load((folder / "results.yaml").read_text(encoding="utf-8"))


class GoodRegistry(unittest.TestCase):
    def test_passes_every_api_and_every_kind_of_content(self):
        seen = submission([], "--spec", "1.2-dev")
        self.assertEqual(set(seen["apis"]), set(FAULTS))
        self.assertEqual(set(seen["apis"].values()), {"Pass"}, seen["apis"])
        self.assertEqual(set(seen["data"].values()), {"Pass"}, seen["data"])
        self.assertEqual(seen["config"]["version"], "1.1+dev")
        self.assertEqual(seen["config"]["tls"], "disabled")
        self.assertEqual(seen["plimsoll"]["verdict"], "pass")

    def test_what_1_1_does_not_have_is_disabled(self):
        seen = submission([])
        disabled = {name for name, status in seen["apis"].items() if status == "Disabled"}
        self.assertEqual(disabled, {"Blob upload cancel", "Manifest put with tag params"})
        self.assertEqual(set(seen["apis"].values()), {"Pass", "Disabled"}, seen["apis"])

    def test_a_login_is_not_in_it(self):
        seen = submission([], "--username", "someone", "--password", "hunter2")
        self.assertNotIn("hunter2", str(seen))
        self.assertNotIn("someone", str(seen))


class LeanRegistry(unittest.TestCase):
    def test_what_it_does_not_have_is_skipped(self):
        seen = submission(["--no-deletes", "--no-referrers"])
        skipped = {name for name, status in seen["apis"].items() if status == "Skip"}
        self.assertEqual(skipped, {"Blob delete", "Blob delete atomic", "Manifest delete",
                                   "Manifest delete atomic", "Manifest put with subject", "Referrers",
                                   "Tag delete", "Tag delete atomic"})
        self.assertNotIn("FAIL", seen["apis"].values())
        self.assertEqual(seen["data"]["Artifacts with Subject"], "Skip")

    def test_what_is_switched_off_is_disabled_and_what_is_left_out_is_skipped(self):
        seen = submission([], "--category", "pull", "--apis.pull=0")
        self.assertEqual(seen["apis"]["Blob get"], "Disabled")
        self.assertEqual(seen["apis"]["Tag listing"], "Skip")


class BrokenRegistry(unittest.TestCase):
    def test_the_api_of_a_broken_rule_fails(self):
        """What a registry never shows, or never deletes, fails after a minute: they wait together."""
        def status(api):
            fault, scenarios = FAULTS[api]
            seen = submission(["--fault", fault], "--spec", "1.2-dev", "--filter", scenarios)
            return seen["apis"][api], seen["apis"]

        with concurrent.futures.ThreadPoolExecutor(len(FAULTS)) as pool:
            for api, (outcome, all_apis) in zip(FAULTS, pool.map(status, FAULTS)):
                with self.subTest(api):
                    self.assertEqual(outcome, "FAIL", all_apis)


if __name__ == "__main__":
    unittest.main()
