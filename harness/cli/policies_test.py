"""End-to-end tests of runs on registries with policies, and of runs that only read.

  policies_test.py PROGRAM
"""
import contextlib
import hashlib
import http.server
import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import unittest
import urllib.request

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "ci", "peers"))
from served import environment, running  # noqa: E402

PROGRAM = os.path.abspath(sys.argv.pop(1))


@contextlib.contextmanager
def served(*flags):
    """Gives the URL of a registry."""
    with running(PROGRAM, *flags) as (_, address):
        yield f"http://{address}"


def judged(url, *arguments):
    """The run, and its result."""
    with tempfile.TemporaryDirectory() as folder:
        ran = subprocess.run([PROGRAM, "test", url, "--output", folder, *arguments], capture_output=True,
                             text=True, timeout=120, env=environment())
        with open(os.path.join(folder, "result.json"), encoding="utf-8") as file:
            return ran, json.load(file)


def judged_variant(variant, *arguments):
    with served("--variant", variant) as url:
        return judged(url, *arguments)


def with_verdict(result, *verdicts):
    return [one["id"] for one in result["scenarios"] if one["verdict"] in verdicts]


def send(method, url, body, content_type):
    request = urllib.request.Request(url, data=body, method=method, headers={"Content-Type": content_type})
    urllib.request.urlopen(request, timeout=10).close()


IMAGE_MANIFEST = "application/vnd.oci.image.manifest.v1+json"


def digest_of(content):
    return "sha256:" + hashlib.sha256(content).hexdigest()


def image():
    """A blob, and the manifest of an image that has no other."""
    blob = b"{}"
    return blob, json.dumps({
        "schemaVersion": 2, "mediaType": IMAGE_MANIFEST, "layers": [],
        "config": {"mediaType": "application/vnd.oci.empty.v1+json", "digest": digest_of(blob),
                   "size": len(blob)}}).encode()


def push_image(url, repository):
    """Pushes the image with the tag v1; returns the digests of the blob and of the manifest."""
    blob, manifest = image()
    send("POST", f"{url}/v2/{repository}/blobs/uploads/?digest={digest_of(blob)}", blob, "application/octet-stream")
    send("PUT", f"{url}/v2/{repository}/manifests/v1", manifest, IMAGE_MANIFEST)
    return digest_of(blob), digest_of(manifest)


@contextlib.contextmanager
def answering(handler):
    """Gives the URL of a server whose GET and HEAD are answered with handler(path): status, type, body."""
    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            status, content_type, body = handler(self.path)
            self.send_response(status)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body)))
            if status == 200 and self.path != "/v2/":
                self.send_header("Docker-Content-Digest", digest_of(body))
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(body)

        do_HEAD = do_GET

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def mirror():
    """A mirror with the image as team/a:v1, and no lists."""
    blob, manifest = image()
    content = {"/v2/": ("application/json", b"{}"),
               f"/v2/team/a/blobs/{digest_of(blob)}": ("application/octet-stream", blob),
               "/v2/team/a/manifests/v1": (IMAGE_MANIFEST, manifest),
               f"/v2/team/a/manifests/{digest_of(manifest)}": (IMAGE_MANIFEST, manifest)}

    def handler(path):
        if path in content:
            return 200, *content[path]
        return 404, "text/plain", b"not here"
    return answering(handler)


class Pushes(unittest.TestCase):
    def test_that_are_refused_are_one_cause_with_the_registrys_words_and_advice(self):
        ran, result = judged_variant("pushes-denied")
        self.assertEqual(ran.returncode, 3, ran.stdout)
        self.assertEqual(with_verdict(result, "fail", "warn", "error"), [])
        blocked = [line for line in ran.stdout.splitlines() if line.startswith("blocked")]
        self.assertEqual(len(blocked), 1, ran.stdout)
        self.assertIn("403 DENIED: nobody pushes here", blocked[0])
        self.assertIn("--read-only", blocked[0])
        self.assertIn("pull/no-such-repository", with_verdict(result, "pass"))

    def test_beyond_a_quota_are_blocked_and_break_no_rule(self):
        for variant in ("quota-403", "quota-413", "quota-507"):
            ran, result = judged_variant(variant)
            self.assertEqual(ran.returncode, 3, ran.stdout)
            self.assertEqual(with_verdict(result, "fail", "warn", "error"), [], ran.stdout)
            self.assertIn("the quota of the project is exceeded", ran.stdout)

    def test_under_a_tag_that_does_not_move_are_not_offered(self):
        for variant in ("tags-fixed-400", "tags-fixed-409"):
            ran, result = judged_variant(variant)
            self.assertEqual(ran.returncode, 0, ran.stdout)
            self.assertIn("push/tag-moved", with_verdict(result, "unsupported"))
            lines = [line for line in ran.stdout.splitlines() if "does not move tags" in line]
            self.assertLessEqual(len(lines), 3, ran.stdout)
            self.assertIn("tags are immutable in this repository", lines[0])

    def test_of_one_type_that_is_refused_are_no_broken_rule(self):
        ran, result = judged_variant("indexes-denied")
        self.assertEqual(ran.returncode, 3, ran.stdout)
        self.assertEqual(with_verdict(result, "fail", "warn", "error"), [], ran.stdout)
        self.assertIn("indexes are not allowed in this project", ran.stdout)


class Names(unittest.TestCase):
    def test_of_few_components_are_used_where_longer_ones_are_refused(self):
        for variant in ("names-of-one-component", "names-of-two-components"):
            ran, result = judged_variant(variant)
            self.assertEqual(ran.returncode, 0, ran.stdout)
            self.assertIn("the name has too many components", ran.stdout)
            self.assertIn("push/repository-names", with_verdict(result, "unsupported"))
            self.assertIn("push/blob-post-put", with_verdict(result, "pass"))

    def test_that_have_to_exist_are_to_be_named(self):
        ran, result = judged_variant("names-not-created")
        self.assertEqual(ran.returncode, 3, ran.stdout)
        self.assertIn("--repo names two repositories that exist", ran.stdout)
        self.assertEqual(with_verdict(result, "fail", "warn", "error"), [])

    def test_that_are_given_are_the_only_ones_written_to(self):
        with served() as url:
            ran, _ = judged(url, "--repo", "team/a", "--repo", "team/b", "--log", "debug")
        self.assertEqual(ran.returncode, 0, ran.stdout)
        written = set(re.findall(r"^  (?:POST|PUT|PATCH|DELETE) http://[^/]+/v2/(\S+?)/(?:manifests|blobs)/",
                                 ran.stderr, re.MULTILINE))
        self.assertEqual(written, {"team/a", "team/b"})


class Start(unittest.TestCase):
    def test_a_page_in_html_is_called_that(self):
        page = b"\n<!DOCTYPE html><title>Welcome</title>"
        with answering(lambda path: (200, "application/json", page)) as url:
            ran, _ = judged(url)
        self.assertEqual(ran.returncode, 3, ran.stdout)
        self.assertIn("a page in HTML", ran.stdout)

    def test_true_as_text_html_is_a_registry(self):
        ran, _ = judged_variant("base-true-as-html", "--filter", "pull/absent")
        self.assertEqual(ran.returncode, 0, ran.stdout)

    def test_a_401_on_the_base_alone_does_not_end_the_run(self):
        ran, result = judged_variant("base-asks-for-login", "--filter", "push/blob-post-put")
        self.assertEqual(ran.returncode, 0, ran.stdout)
        self.assertEqual(with_verdict(result, "pass"), ["push/blob-post-put"])

    def test_a_login_that_is_needed_for_all_is_asked_for(self):
        with running(PROGRAM, "--username", "me", PLIMSOLL_PASSWORD="secret") as (_, address):
            ran, _ = judged(f"http://{address}", "--read-only", "--repo", "team/a")
        self.assertEqual(ran.returncode, 3, ran.stdout)
        self.assertIn("--username and PLIMSOLL_PASSWORD", ran.stdout)


class ReadOnly(unittest.TestCase):
    def test_what_needs_only_reads_is_judged_without_any_given_content(self):
        with served() as url:
            ran, result = judged(url, "--read-only")
        self.assertEqual(ran.returncode, 0, ran.stdout)
        self.assertEqual(result["bytes_sent"], 0)
        self.assertLessEqual({"pull/absent-blob", "pull/absent-manifest", "pull/no-such-repository",
                              "pull/determining-support", "extensions/registry"},
                             set(with_verdict(result, "pass", "unsupported")))

    def test_a_mirror_without_lists_passes(self):
        blob, manifest = image()
        with mirror() as url:
            ran, result = judged(url, "--read-only", "--repo", "team/a", "--given.tags", "v1",
                                 "--given.manifests", digest_of(manifest), "--given.blobs", digest_of(blob),
                                 "--given.referrers", digest_of(manifest))
        self.assertEqual(ran.returncode, 0, ran.stdout)
        self.assertLessEqual({"pull/given-manifests", "pull/given-blobs"}, set(with_verdict(result, "pass")))
        self.assertLessEqual({"discovery/given-tags", "discovery/given-referrers"},
                             set(with_verdict(result, "unsupported")))

    def test_a_name_that_is_not_there_is_named_and_is_not_called_a_broken_rule(self):
        with served() as url:
            blob, _ = push_image(url, "team/a")
            absent = "sha256:" + "0" * 64
            for setting, name in (("--given.tags", "v11"), ("--given.manifests", absent), ("--given.blobs", absent)):
                ran, result = judged(url, "--read-only", "--repo", "team/a", "--given.blobs", blob, setting, name)
                self.assertEqual(ran.returncode, 3, ran.stdout)
                self.assertEqual(with_verdict(result, "fail"), [])
                self.assertIn(f"{setting[2:]} {name} (status 404)", ran.stdout)


if __name__ == "__main__":
    unittest.main()
