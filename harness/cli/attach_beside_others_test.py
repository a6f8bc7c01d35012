"""`plimsoll certify --attach` where another writer changes the list of referrers between its being read and pushed.

  attach_beside_others_test.py PROGRAM

The registry has no referrers API and holds to If-Match and If-None-Match. In front of it stands a proxy, behind whose back the list
changes whenever a push of it comes by.
"""
import contextlib
import hashlib
import http.client
import http.server
import json
import os
import sys
import tempfile
import threading
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../ci/peers"))
from certifying import certify, ed25519, push_image, verify, write_proof  # noqa: E402
from served import served  # noqa: E402

PROGRAM = os.path.abspath(sys.argv.pop(1))
INDEX = "application/vnd.oci.image.index.v1+json"
REPOSITORY = "library/harbour"
PASSED_ON = ("content-type", "location", "etag", "docker-content-digest", "oci-subject")


def ask(address, method, path, body=None, headers=()):
    connection = http.client.HTTPConnection(address, timeout=10)
    with contextlib.closing(connection):
        connection.request(method, path, body, dict(headers))
        answer = connection.getresponse()
        return answer.status, answer.getheaders(), answer.read()


class OtherWriter:
    """Adds an entry to the list before each of the first pushes of it that come by."""

    def __init__(self, address, tag, changes):
        self.address, self.left = address, changes
        self.list = f"/v2/{REPOSITORY}/manifests/{tag}"
        self.added = []
        self.pushes = []  # the status of each push of the list that came by

    def add(self):
        note = {"schemaVersion": 2, "mediaType": INDEX, "manifests": [],
                "annotations": {"org.example.note": str(len(self.added))}}
        body = json.dumps(note).encode()
        entry = {"mediaType": INDEX, "size": len(body), "digest": "sha256:" + hashlib.sha256(body).hexdigest()}
        index = {"schemaVersion": 2, "mediaType": INDEX, "manifests": self.entries() + [entry]}
        for path, text in ((f"/v2/{REPOSITORY}/manifests/{entry['digest']}", body),
                           (self.list, json.dumps(index).encode())):
            status, _, answer = ask(self.address, "PUT", path, text, {"Content-Type": INDEX})
            assert status == 201, answer
        self.added.append(entry["digest"])

    def entries(self):
        status, _, body = ask(self.address, "GET", self.list, headers={"Accept": INDEX})
        return json.loads(body)["manifests"] if status == 200 else []

    def pass_on(self, method, path, body, headers):
        is_push = method == "PUT" and path == self.list
        if is_push and self.left > 0:
            self.left -= 1
            self.add()
        answer = ask(self.address, method, path, body, headers)
        if is_push:
            self.pushes.append(answer[0])
        return answer


@contextlib.contextmanager
def proxy(writer):
    """Gives HOST:PORT of one that passes requests on by way of the other writer."""
    class Passing(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_):
            pass

        def pass_on(self):
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            sent = {name: value for name, value in self.headers.items() if name.lower() not in ("host", "connection")}
            status, headers, answer = writer.pass_on(self.command, self.path, body, sent)
            self.send_response(status)
            for name, value in headers:
                if name.lower() in PASSED_ON:
                    self.send_header(name, value)
            length = dict(headers).get("Content-Length", "0") if self.command == "HEAD" else len(answer)
            self.send_header("Content-Length", str(length))
            self.end_headers()
            self.wfile.write(answer)

        do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = pass_on

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Passing)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class AttachBesideOthers(unittest.TestCase):
    def setUp(self):
        self.folder = self.enterContext(tempfile.TemporaryDirectory())
        self.private, self.public = ed25519(self.folder)
        self.address = self.enterContext(served(PROGRAM, "--no-referrers", "--variant", "conditional-pushes"))
        subject = push_image(self.address, f"{REPOSITORY}:2.1")
        self.tag = subject.replace(":", "-")

    def attach(self, changes):
        """Certifies a registry, and attaches that while the list changes so often."""
        writer = OtherWriter(self.address, self.tag, changes)
        with served(PROGRAM) as judged, proxy(writer) as address:
            ran = certify(PROGRAM, f"http://{judged}", self.folder, self.private, write_proof(PROGRAM, self.folder),
                          "--attach", f"http://{address}/{REPOSITORY}:2.1")
        return writer, ran

    def test_all_entries_are_there_at_the_end(self):
        writer, ran = self.attach(2)
        self.assertEqual(ran.returncode, 0, ran.stdout + ran.stderr)
        self.assertEqual(writer.pushes, [412, 412, 201])
        listed = [one["digest"] for one in writer.entries()]
        self.assertEqual(len(writer.added), 2)  # the first of them made the list
        self.assertEqual(listed[:2], writer.added)
        self.assertIn(f"attached: {listed[2]}", ran.stdout)
        found = verify(PROGRAM, f"http://{self.address}/{REPOSITORY}:2.1", self.public)
        self.assertEqual(found.returncode, 0, found.stdout + found.stderr)

    def test_a_list_that_changes_all_the_time_is_given_up(self):
        writer, ran = self.attach(1000)
        self.assertEqual(ran.returncode, 3, ran.stdout + ran.stderr)
        self.assertEqual(writer.pushes, [412] * 5)
        self.assertIn(f"{REPOSITORY}:{self.tag}: each of 5 pushes of the list of referrers was answered with 412",
                      ran.stderr)
        self.assertEqual([one["digest"] for one in writer.entries()], writer.added)


if __name__ == "__main__":
    unittest.main()
