"""End-to-end tests of the program: what it prints, writes and answers with.

  cli_test.py PROGRAM
"""
import contextlib
import hashlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import unittest
import urllib.request
import xml.etree.ElementTree

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "ci", "peers"))
from served import environment, running  # noqa: E402

PROGRAM = os.path.abspath(sys.argv.pop(1))


def run(*arguments, folder=None, **variables):
    """The program, without the settings that this process may have."""
    return subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, timeout=60,
                          cwd=folder, env=environment(**variables))


class BundledRegistry(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.ran = run("test", "--output", cls.folder.name)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def test_is_conformant(self):
        self.assertEqual(self.ran.returncode, 0, self.ran.stdout + self.ran.stderr)

    def test_every_scenario_passes(self):
        with open(os.path.join(self.folder.name, "result.json"), encoding="utf-8") as file:
            result = json.load(file)
        verdicts = {one["id"]: one["verdict"] for one in find_scenarios(result)}
        self.assertGreater(len(verdicts), 5)
        self.assertEqual(set(verdicts.values()), {"pass", "skipped"}, verdicts)

    def test_junit_has_a_case_a_scenario(self):
        root = xml.etree.ElementTree.parse(os.path.join(self.folder.name, "junit.xml")).getroot()
        listed = run("list", "scenarios").stdout.splitlines()
        self.assertEqual(len(list(root.iter("testcase"))), len(listed))
        self.assertEqual(list(root.iter("failure")), [])


def find_scenarios(result):
    if "scenarios" in result:
        return result["scenarios"]
    return next(v["scenarios"] for v in result.values() if isinstance(v, dict) and "scenarios" in v)


class ExitCodes(unittest.TestCase):
    def test_an_unreachable_registry_is_three_and_names_the_phase(self):
        with tempfile.TemporaryDirectory() as folder:
            ran = run("test", "http://127.0.0.1:1", "--output", folder)
        self.assertEqual(ran.returncode, 3, ran.stdout)
        self.assertIn("connect 127.0.0.1:1", ran.stdout)

    def test_bad_usage_is_two(self):
        for arguments in (["test", "--no-such-flag"], ["test", "not a url"], [],
                          ["test", "--spec", "2.0"], ["test", "--filter", "no/such-scenario"],
                          ["serve", "--listen", "nonsense"]):
            ran = run(*arguments)
            self.assertEqual(ran.returncode, 2, (arguments, ran.stdout, ran.stderr))
            self.assertNotEqual(ran.stderr, "", arguments)

    def test_an_unknown_flag_is_answered_with_the_nearest(self):
        ran = run("test", "--ouput", "x")
        self.assertEqual(ran.returncode, 2)
        self.assertIn("--ouput; did you mean --output?", ran.stderr)

    def test_an_unwritable_folder_is_found_before_the_run(self):
        ran = run("test", "--output", "/proc/no-such-folder")
        self.assertEqual(ran.returncode, 2)
        self.assertIn("--output", ran.stderr)


class Settings(unittest.TestCase):
    def shown(self, *arguments, **others):
        ran = run("test", "--show-config", *arguments, **others)
        self.assertEqual(ran.returncode, 0, ran.stderr)
        return dict(line.split(" = ", 1) for line in ran.stdout.splitlines())

    def test_flag_before_variable_before_file_before_default(self):
        with tempfile.TemporaryDirectory() as folder:
            with open(os.path.join(folder, "plimsoll.yaml"), "w", encoding="utf-8") as file:
                file.write("repo-prefix: file\nfilter: file\nusername: file\n")
            values = self.shown("--repo-prefix", "flag", "http://r.test:1", folder=folder,
                                PLIMSOLL_REPO_PREFIX="variable", PLIMSOLL_FILTER="variable")
        self.assertEqual(values["registry"], "http://r.test:1 (--registry)")
        self.assertEqual(values["repo-prefix"], "flag (--repo-prefix)")
        self.assertEqual(values["filter"], "variable (PLIMSOLL_FILTER)")
        self.assertEqual(values["username"], "file (./plimsoll.yaml:3)")
        self.assertEqual(values["spec"], "1.1 (default)")

    def test_file_of_the_official_suite_is_read(self):
        with tempfile.TemporaryDirectory() as folder:
            with open(os.path.join(folder, "oci-conformance.yaml"), "w", encoding="utf-8") as file:
                file.write("registry: r.test\nrepo1: a/b\nrepo2: c/d\ndata: {sha512: false}\n")
            values = self.shown(folder=folder, OCI_TLS="disabled", OCI_PASSWORD="hunter2")
        self.assertEqual(values["registry"], "http://r.test (./oci-conformance.yaml:1)")
        self.assertEqual(values["repo"], "a/b c/d (./oci-conformance.yaml:3)")
        self.assertEqual(values["data.sha512"], "false (./oci-conformance.yaml:4)")
        self.assertEqual(values["password"], "*** (OCI_PASSWORD)")

    def test_what_is_not_known_is_answered_with_the_nearest(self):
        for variable, nearest in (("PLIMSOLL_REPOO", "PLIMSOLL_REPO"), ("PLIMSOLL_SEDE", "PLIMSOLL_SEED")):
            ran = run("test", **{variable: "1"})
            self.assertEqual(ran.returncode, 2)
            self.assertEqual(ran.stderr, f"plimsoll test: {variable}: unknown variable; "
                                         f"did you mean \"{nearest}\"?\n")

    def test_same_seed_gives_the_same_names(self):
        seen = []
        for seed in ("7", "7", "8"):
            with tempfile.TemporaryDirectory() as folder:
                run("test", "--seed", seed, "--filter", "push/blob-post-put", "--output", folder)
                with open(os.path.join(folder, "result.json"), encoding="utf-8") as file:
                    seen.append(json.load(file)["run_id"])
        self.assertEqual(seen[0], seen[1])
        self.assertNotEqual(seen[0], seen[2])


class Catalogue(unittest.TestCase):
    def test_explains_a_requirement_with_what_judges_and_proves_it(self):
        ran = run("explain", "pull.blob.404")
        self.assertEqual(ran.returncode, 0, ran.stderr)
        self.assertRegex(ran.stdout, r"judged by .*pull/absent")
        self.assertRegex(ran.stdout, r"proven by .*blob-get-absent-200")
        self.assertRegex(ran.stdout, r"level +1\.0: MUST")

    def test_suggests_the_nearest_requirement(self):
        ran = run("explain", "pull.blob.40")
        self.assertEqual(ran.returncode, 2)
        self.assertIn("did you mean pull.blob.404?", ran.stderr)

    def test_lists_what_is_asked_for(self):
        lines = run("list", "requirements", "--level", "must not", "--category", "warnings",
                    "--actor", "registry").stdout.splitlines()
        self.assertRegex(lines[2], r"^MUST NOT +2 +0 +0$")
        self.assertEqual([line.split()[0] for line in lines[7:-1]],
                         ["warnings.no-date", "warnings.4096"])
        self.assertRegex(lines[-1], r"^2 of \d+ requirements$")


    def test_says_of_what_is_not_judged_why(self):
        lines = run("list", "requirements", "--filter", "ext.none-supported").stdout.splitlines()
        self.assertRegex(lines[-3], "^ext.none-supported .* not ")
        self.assertIn("A MAY", lines[-2])


@contextlib.contextmanager
def served(*flags, **variables):
    """Gives the URL of a registry."""
    with running(PROGRAM, *flags, **variables) as (_, address):
        yield f"http://{address}"


def judged(url, *arguments):
    """The run, and its result."""
    with tempfile.TemporaryDirectory() as folder:
        ran = run("test", url, "--output", folder, *arguments)
        with open(os.path.join(folder, "result.json"), encoding="utf-8") as file:
            return ran, json.load(file)


def send(method, url, body=None, **fields):
    request = urllib.request.Request(url, data=body, method=method, headers=fields)
    return urllib.request.urlopen(request, timeout=10)


class Plan(unittest.TestCase):
    def test_dry_run_sends_nothing(self):
        ran = run("test", "http://127.0.0.1:1", "--dry-run", "--apis.referrer=false")
        self.assertEqual(ran.returncode, 0, ran.stderr)
        lines = ran.stdout.splitlines()
        self.assertIn("skip  discovery/referrers: apis.referrer is off (--apis.referrer)", lines)
        self.assertIn("run   push/blob-post-put", lines)

    def test_what_is_skipped_stands_in_the_result(self):
        with served() as url:
            ran, result = judged(url, "--category", "discovery", "--apis.referrer=false")
        self.assertEqual(ran.returncode, 0, ran.stdout)
        reasons = {one["id"]: one["reason"] for one in result["scenarios"]
                   if one["verdict"] == "skipped"}
        self.assertEqual(reasons["discovery/referrers"], "apis.referrer is off (--apis.referrer)")

    def test_two_fixed_repositories_are_used_and_left_empty(self):
        with served() as url:
            ran, result = judged(url, "--repo", "team/a", "--repo", "team/b")
            with send("GET", url + "/v2/team/a/tags/list") as answer:
                self.assertFalse(json.load(answer)["tags"])
        self.assertEqual(ran.returncode, 0, ran.stdout)
        self.assertEqual(result["left_behind"], [])

    def test_fixed_repositories_may_have_what_was_pushed_before(self):
        with served("--no-deletes") as url:
            for one, other in ("ab", "ab", "ba"):
                ran, result = judged(url, "--repo", one, "--repo", other)
                self.assertEqual(ran.returncode, 0, ran.stdout)
                self.assertEqual([one["id"] for one in result["scenarios"]
                                  if one["verdict"] not in ("pass", "skipped", "unsupported")], [])

    def test_read_only_pushes_nothing_and_judges_what_is_given(self):
        blob = b"{}"
        digest = "sha256:" + hashlib.sha256(blob).hexdigest()
        manifest = json.dumps({
            "schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
            "config": {"mediaType": "application/vnd.oci.empty.v1+json", "digest": digest,
                       "size": len(blob)}, "layers": []}).encode()
        pushed = "sha256:" + hashlib.sha256(manifest).hexdigest()
        with served() as url:
            send("POST", f"{url}/v2/team/a/blobs/uploads/?digest={digest}", blob,
                 **{"Content-Type": "application/octet-stream"}).close()
            send("PUT", f"{url}/v2/team/a/manifests/v1", manifest,
                 **{"Content-Type": "application/vnd.oci.image.manifest.v1+json"}).close()
            ran, result = judged(url, "--read-only", "--repo", "team/a", "--given.tags", "v1",
                                 "--given.manifests", pushed, "--given.blobs", digest,
                                 "--given.referrers", pushed)
        self.assertEqual(ran.returncode, 0, ran.stdout)
        self.assertEqual(result["bytes_sent"], 0)
        passed = {one["id"] for one in result["scenarios"] if one["verdict"] == "pass"}
        self.assertLessEqual({"pull/given-manifests", "pull/given-blobs", "discovery/given-tags",
                              "discovery/given-referrers"}, passed)


class PrivateRepository(unittest.TestCase):
    SCENARIO = ("--filter", "push/mount-of-private-blob")
    OWNER = ("--private.repo", "team/secret", "--private.username", "ann", "--private.password", "a")

    def test_nothing_is_mounted_from_it(self):
        with served("--private", "team/secret", "--owner", "ann", PLIMSOLL_OWNER_PASSWORD="a") as url:
            ran, result = judged(url, *self.SCENARIO, *self.OWNER)
            self.assertEqual(ran.returncode, 0, ran.stdout)
            self.assertEqual(result["scenarios"][0]["verdict"], "pass")
            self.assertEqual(result["left_behind"], [])
            with self.assertRaises(urllib.error.HTTPError) as refused:
                send("GET", url + "/v2/team/secret/tags/list")
            self.assertEqual(refused.exception.code, 401)
        self.assertNotIn('"a"', json.dumps(result["configuration"]))

    def test_one_that_everybody_may_read_tells_nothing(self):
        with served() as url:
            ran, result = judged(url, *self.SCENARIO, *self.OWNER)
        self.assertEqual(ran.returncode, 3, ran.stdout)
        self.assertIn("the login may read it", result["scenarios"][0]["reason"])

    def test_is_needed_with_who_may_push_to_it(self):
        self.assertIn("run", run("test", "--dry-run", *self.SCENARIO, *self.OWNER).stdout)
        self.assertIn("--private.repo", run("test", "--dry-run", *self.SCENARIO).stdout)
        ran = run("test", "--private.repo", "team/secret")
        self.assertEqual(ran.returncode, 2)
        self.assertIn("private.repo: given without private.username", ran.stderr)
        ran = run("serve", "--private", "team/secret")
        self.assertEqual(ran.returncode, 2)
        self.assertIn("--private and --owner go together", ran.stderr)


class Profile(unittest.TestCase):
    def judge(self, profile, *flags):
        """Judges a registry that does not delete."""
        with served("--no-deletes") as url, tempfile.TemporaryDirectory() as folder:
            with open(os.path.join(folder, "p.yaml"), "w", encoding="utf-8") as file:
                file.write(profile)
            return run("test", url, "--filter", "management/", "--output", folder, "--profile",
                       os.path.join(folder, "p.yaml"), *flags)

    def test_a_claimed_category_has_to_be_there(self):
        self.assertEqual(self.judge("claims: [push]").returncode, 0)
        ran = self.judge("claims: [management]")
        self.assertEqual(ran.returncode, 1, ran.stdout)
        self.assertIn("the category management is claimed", ran.stdout)

    def test_a_profile_that_is_none_is_refused_with_its_line(self):
        ran = self.judge("name: x\nrequired: [tags.ordre]")
        self.assertEqual(ran.returncode, 2)
        self.assertRegex(ran.stderr, r"p\.yaml:2: required: unknown 'tags\.ordre'; did you mean")
        ran = run("test", "--profile", "certificate")
        self.assertEqual(ran.returncode, 2)
        self.assertIn("'certificate' is neither spec nor certification", ran.stderr)

    def test_an_allowance_that_ended_is_refused_with_its_line(self):
        ran = self.judge("allowed:\n- {requirement: tags.order, reason: soon, until: 2020-02-29}")
        self.assertEqual(ran.returncode, 2)
        self.assertRegex(ran.stderr, r"p\.yaml:2: allowed: that of tags\.order ended on 2020-02-29")
        self.assertEqual(ran.stdout, "")

    def test_what_is_claimed_is_told_in_the_summary_and_in_junit(self):
        with tempfile.TemporaryDirectory() as folder:
            profile = os.path.join(folder, "p.yaml")
            with open(profile, "w", encoding="utf-8") as file:
                file.write("claims: [pull, push]")
            ran = run("test", "--profile", profile, "--output", folder)
            self.assertIn("claimed      pull: holds\n"
                          "claimed      push: holds\n", ran.stdout)
            with open(os.path.join(folder, "junit.xml"), encoding="utf-8") as file:
                self.assertIn('<property name="claimed" value="holds"/>', file.read())

    def test_the_bundled_registry_passes_certification(self):
        with tempfile.TemporaryDirectory() as folder:
            ran = run("test", "--profile", "certification", "--output", folder)
        self.assertEqual(ran.returncode, 0, ran.stdout)
        self.assertIn("profile certification", ran.stdout)


class Serve(unittest.TestCase):
    def test_serves_until_it_is_told_to_end(self):
        with running(PROGRAM) as (process, address):
            with tempfile.TemporaryDirectory() as folder:
                self.assertEqual(run("test", f"http://{address}", "--output", folder).returncode, 0)
            process.send_signal(signal.SIGTERM)
            self.assertEqual(process.wait(timeout=10), 0)


class Report(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        run("test", "--output", cls.folder.name, "--filter", "pull/")
        cls.result = os.path.join(cls.folder.name, "result.json")

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def path(self, name):
        return os.path.join(self.folder.name, name)

    def read(self, name):
        with open(self.path(name), encoding="utf-8") as file:
            return file.read()

    def test_the_run_has_written_every_report(self):
        for name in ("result.json", "junit.xml", "report.html"):
            self.assertTrue(self.read(name), name)

    def test_later_reports_are_those_of_the_run(self):
        ran = run("report", self.result, "--html", self.path("again.html"), "--junit=" + self.path("again.xml"),
                  "--json", self.path("again.json"))
        self.assertEqual(ran.returncode, 0, ran.stderr)
        self.assertEqual(self.read("again.html"), self.read("report.html"))
        self.assertEqual(self.read("again.xml"), self.read("junit.xml"))
        self.assertEqual(self.read("again.json"), self.read("result.json"))

    def test_without_a_format_it_is_the_summary(self):
        ran = run("report", self.result)
        self.assertEqual(ran.returncode, 0, ran.stderr)
        self.assertIn("verdict: partial", ran.stdout)

    def test_what_is_no_result_is_told_in_one_line_and_nothing_is_written(self):
        for name, text in (("cut.json", self.read("result.json")[:500]), ("newer.json", '{"plimsoll_result": {"version": 99}}'),
                           ("other.json", "{}"), ("empty.json", "")):
            with open(self.path(name), "w", encoding="utf-8") as file:
                file.write(text)
            ran = run("report", self.path(name), "--html", self.path("none.html"))
            self.assertEqual(ran.returncode, 2, name)
            self.assertEqual(len(ran.stderr.splitlines()), 1, ran.stderr)
            self.assertIn(name, ran.stderr)
            self.assertFalse(os.path.exists(self.path("none.html")))
        self.assertEqual(run("report", self.path("missing.json")).returncode, 2)

    def test_a_result_is_not_written_over(self):
        before = self.read("result.json")
        ran = run("report", self.result, "--html", self.result)
        self.assertEqual(ran.returncode, 2)
        self.assertEqual(self.read("result.json"), before)


if __name__ == "__main__":
    unittest.main()
