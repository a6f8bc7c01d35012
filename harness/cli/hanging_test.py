"""What a run does where a registry takes connections and does not answer some requests.

  hanging_test.py PROGRAM

Between the program and the reference registry stands a relay that keeps some kinds of requests for
itself. The run has to end after a few of each kind, and to say what was not judged or not deleted.
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

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "ci", "peers"))
from served import environment, served  # noqa: E402

PROGRAM = os.path.abspath(sys.argv.pop(1))
LIMIT_SECONDS = 240  # only a hang gets there


class Relay:
    """Passes on each request but those whose first line matches; these are counted."""

    def __init__(self, registry, withheld):
        host, port = registry.split(":")
        self.behind = (host, int(port))
        self.withheld = re.compile(withheld)
        self.count = 0
        self.lock = threading.Lock()
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.url = "http://127.0.0.1:%d" % self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def close(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()

    def accept(self):
        with contextlib.suppress(OSError):
            while True:
                client, _ = self.listener.accept()
                threading.Thread(target=self.serve, args=(client,), daemon=True).start()

    def serve(self, client):
        with client, socket.create_connection(self.behind) as server:
            threading.Thread(target=copy, args=(server, client), daemon=True).start()
            with contextlib.suppress(OSError):
                self.relay(client, server)
            # Closed alone, it would stay open for as long as the other thread reads from it.
            with contextlib.suppress(OSError):
                server.shutdown(socket.SHUT_RDWR)

    def relay(self, client, server):
        pending = b""
        while True:
            while b"\r\n\r\n" not in pending:
                pending += receive(client)
            head, pending = pending.split(b"\r\n\r\n", 1)
            if self.withheld.match(head.split(b"\r\n", 1)[0].decode("latin-1")):
                with self.lock:
                    self.count += 1
                while receive(client):
                    pass
            server.sendall(head + b"\r\n\r\n")
            pending = pass_body(client, server, head.lower(), pending)


def receive(connection):
    data = connection.recv(65536)
    if not data:
        raise OSError("closed")
    return data


def copy(source, target):
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)


def pass_body(client, server, head, pending):
    """@return what came behind the body"""
    if b"transfer-encoding: chunked" in head:
        while b"\r\n0\r\n\r\n" not in b"\r\n" + pending:
            pending += receive(client)
        body, end, rest = (b"\r\n" + pending).partition(b"\r\n0\r\n\r\n")
        server.sendall((body + end)[2:])
        return rest
    length = re.search(rb"content-length: (\d+)", head)
    left = int(length.group(1)) if length else 0
    while left:
        pending = pending or receive(client)
        server.sendall(pending[:left])
        left, pending = left - len(pending[:left]), pending[left:]
    return pending


class Ran:
    def __init__(self, withheld, *arguments):
        with tempfile.TemporaryDirectory() as folder, served(PROGRAM) as registry:
            relay = Relay(registry, withheld)
            ran = subprocess.run(
                [PROGRAM, "test", relay.url, "--timeout", "1s", "--concurrency", "4",
                 "--output", folder, *arguments],
                capture_output=True, text=True, timeout=LIMIT_SECONDS, env=environment())
            relay.close()
            self.code = ran.returncode
            self.count = relay.count
            with open(os.path.join(folder, "result.json"), encoding="utf-8") as file:
                self.result = json.load(file)

    def reasons(self, verdict):
        return [one.get("reason", "") for one in self.result["scenarios"]
                if one["verdict"] == verdict]


class HangingRegistry(unittest.TestCase):
    def test_that_takes_no_manifest_is_asked_a_few_times(self):
        ran = Ran(r"PUT /v2/\S+/manifests/")
        self.assertEqual(ran.code, 3)
        self.assertIn("not sent: PUT of a manifest", "\n".join(ran.reasons("error")))
        self.assertGreater(len(ran.reasons("pass")), 10)
        # Of some 1500 in a whole run.
        self.assertLess(ran.count, 60)

    def test_that_answers_ping_alone_is_asked_a_few_times_each(self):
        ran = Ran(r"(?!GET /v2/ )")
        self.assertEqual(ran.code, 3)
        passed = [one["id"] for one in ran.result["scenarios"] if one["verdict"] == "pass"]
        self.assertEqual(passed, ["pull/determining-support"])
        self.assertLess(ran.count, 200)

    def test_that_deletes_nothing_has_what_is_left_listed(self):
        for where in ([], ["--repo", "team/a", "--repo", "team/b"]):
            with self.subTest(where):
                ran = Ran(r"DELETE ", *where)
                left = "\n".join(ran.result["left_behind"])
                self.assertIn("DELETE is not answered", left)
                self.assertLess(ran.count, 60)


if __name__ == "__main__":
    unittest.main(verbosity=2)
