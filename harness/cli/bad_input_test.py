"""What the program says and does when a registry, the way to it, or an argument is bad.

  bad_input_test.py PROGRAM

Each case is a server that misbehaves in one way. The program has to end by itself, with the right
exit code, one line that names the phase and what to do, and bounded memory.
"""
import contextlib
import json
import os
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import unittest

PROGRAM = os.path.abspath(sys.argv.pop(1))
LIMIT_SECONDS = 60  # of a run that is given much less; only a hang gets there
MEMORY_LIMIT_KIB = int(os.environ.get("MEMORY_LIMIT_KIB", 128 * 1024))
CLEAN = {name: value for name, value in os.environ.items()
         if not name.lower().startswith(("oci_", "plimsoll_")) and "proxy" not in name.lower()}


class Ran:
    def __init__(self, arguments, after_start=None, **variables):
        with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
            process = subprocess.Popen([PROGRAM, *arguments], stdout=out, stderr=err,
                                       env=CLEAN | variables)
            guard = threading.Timer(LIMIT_SECONDS, process.kill)
            guard.start()
            if after_start:
                after_start(process)
            _, status, usage = os.wait4(process.pid, 0)
            guard.cancel()
            process.returncode = os.waitstatus_to_exitcode(status)
            self.code = process.returncode
            self.memory_kib = usage.ru_maxrss
            out.seek(0)
            err.seek(0)
            self.out = out.read()
            self.err = err.read()

    def verdict_line(self):
        return next((line for line in self.out.splitlines() if line.startswith("verdict:")), "")


@contextlib.contextmanager
def serving(behave, tls=None):
    """A server that does `behave(connection)` with each connection; gives its address."""
    listener = socket.create_server(("127.0.0.1", 0))
    ended = threading.Event()

    def one(connection):
        with connection, contextlib.suppress(OSError):
            if not tls:
                behave(connection)
                return
            with tls.wrap_socket(connection, server_side=True) as secured:
                behave(secured)

    def accept():
        while not ended.is_set():
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=one, args=(connection,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield "127.0.0.1:%d" % listener.getsockname()[1]
    finally:
        ended.set()
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()


def until_closed(connection):
    while connection.recv(65536):
        pass


def hangs(connection):
    until_closed(connection)


def answers(*pieces, then=None):
    """Reads a request's header, sends the pieces, and closes, or does `then`."""
    def behave(connection):
        seen = b""
        while b"\r\n\r\n" not in seen:
            piece = connection.recv(65536)
            if not piece:
                return
            seen += piece
        for piece in pieces:
            connection.sendall(piece)
        if then:
            then(connection)
    return behave


def endless(piece):
    def behave(connection):
        while True:
            connection.sendall(piece * 512)
    return behave


def repeats(answer):
    """The same answer to each request of a connection."""
    def behave(connection):
        while True:
            seen = b""
            while b"\r\n\r\n" not in seen:
                piece = connection.recv(65536)
                if not piece:
                    return
                seen += piece
            connection.sendall(answer)
    return behave


OK = b"HTTP/1.1 200 OK\r\n"

# Name, what the server does, what the line holds: the phase, and what to do.
SERVERS = [
    ("silence", hangs, ["not over after 1000 ms (during first byte)", "--timeout"]),
    ("stops within the header", answers(OK + b"X-A: b", then=hangs),
     ["not over after 1000 ms (during read)"]),
    ("stops within the body", answers(OK + b"Content-Length: 9\r\n\r\nabc", then=hangs),
     ["not over after 1000 ms (during read)"]),
    ("endless header field", answers(OK + b"X-A: ", then=endless(b"x" * 1024)),
     ["read ", "the header is over the limit of 65536 bytes"]),
    ("endless header fields", answers(OK, then=endless(b"X-A: " + b"x" * 1000 + b"\r\n")),
     ["read ", "the header is over the limit of 65536 bytes"]),
    ("endless interim answers", answers(then=endless(b"HTTP/1.1 100 Continue\r\n\r\n")),
     ["read ", "more than 16 interim responses"]),
    ("endless body", answers(OK + b"\r\n", then=endless(b"x" * 1024)),
     ["read ", "the body is over the limit of 16777216 bytes"]),
    ("endless chunks", answers(OK + b"Transfer-Encoding: chunked\r\n\r\n",
                               then=endless(b"400\r\n" + b"x" * 1024 + b"\r\n")),
     ["read ", "the body is over the limit of 16777216 bytes"]),
    ("a length that is too long", answers(OK + b"Content-Length: 10\r\n\r\nabc"),
     ["read ", "the connection was closed after 3 bytes of the body of 10"]),
    ("a length that is none", answers(OK + b"Content-Length: -5\r\n\r\nabc"),
     ["read ", "does not keep to HTTP"]),
    ("closes without an answer", answers(), ["closed without a response", "https://"]),
    ("closes within the header", answers(OK + b"X-A"),
     ["read ", "the connection was closed within the response's header"]),
    ("does not speak HTTP", answers(b"SSH-2.0-OpenSSH_9.2\r\n"), ["read ", "does not keep to HTTP"]),
    ("redirects in a circle",
     repeats(b"HTTP/1.1 307 Go\r\nLocation: /v2/\r\nContent-Length: 0\r\n\r\n"),
     ["redirect ", "more than 10 redirects", "circle"]),
    ("redirects to nowhere",
     repeats(b"HTTP/1.1 307 Go\r\nLocation: ftp://x\r\nContent-Length: 0\r\n\r\n"), ["redirect "]),
    ("answers with a page", repeats(OK + b"Content-Type: text/html\r\nContent-Length: 6\r\n\r\n<html>"),
     ["GET /v2/", "a page in HTML", "check the URL"]),
    ("is not ready", repeats(b"HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n"),
     ["GET /v2/", "500", "see its log"]),
    ("wants a login", repeats(b"HTTP/1.1 401 No\r\nWWW-Authenticate: Basic realm=\"r\"\r\n"
                              b"Content-Length: 0\r\n\r\n"),
     ["GET /v2/", "401", "--username"]),
    ("limits the rate for an hour",
     repeats(b"HTTP/1.1 429 No\r\nRetry-After: 3600\r\nContent-Length: 0\r\n\r\n"),
     ["limits the rate (429, Retry-After: 3600)", "--concurrency 2", "--rate-limit-wait"]),
    ("limits the rate for longer than we wait",
     repeats(b"HTTP/1.1 429 No\r\nContent-Length: 0\r\n\r\n"),
     ["limits the rate (429)", "--rate-limit-wait"]),
    ("is never available", repeats(b"HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n"),
     ["GET /v2/", "503"]),
    ("leads to https",
     repeats(b"HTTP/1.1 301 Go\r\nLocation: https://127.0.0.1/v2/\r\nContent-Length: 0\r\n\r\n"),
     ["use https://"]),
    ("wants TLS, and says so",
     repeats(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 48\r\n\r\n"
             b"Client sent an HTTP request to an HTTPS server.\n"), ["use https://"]),
]


class Judging(unittest.TestCase):
    def judge(self, url, *arguments, **variables):
        with tempfile.TemporaryDirectory() as folder:
            ran = Ran(["test", url, "--output", folder, "--timeout", "1s",
                       "--rate-limit-wait", "1s", *arguments], **variables)
            self.assertTrue(os.path.exists(os.path.join(folder, "result.json")), ran.err)
        return ran

    def check(self, ran, parts):
        self.assertEqual(ran.code, 3, ran.out + ran.err)
        for part in parts:
            self.assertIn(part, ran.verdict_line())
        self.assertLess(ran.memory_kib, MEMORY_LIMIT_KIB)


class BadServers(Judging):
    def test_each_is_one_line(self):
        for name, behave, parts in SERVERS:
            with self.subTest(name), serving(behave) as host:
                self.check(self.judge("http://" + host), parts)

    def test_wrong_password(self):
        refusal = (b"HTTP/1.1 401 No\r\nWWW-Authenticate: Basic realm=\"r\"\r\n"
                   b"Content-Length: 0\r\n\r\n")
        with serving(repeats(refusal)) as host:
            ran = self.judge("http://" + host, "--username", "u", PLIMSOLL_PASSWORD="hunter2")
        self.check(ran, ["the login is refused", "PLIMSOLL_PASSWORD"])
        self.assertNotIn("hunter2", ran.out + ran.err)

    def test_no_such_host(self):
        self.check(self.judge("http://no-such-host.invalid"),
                   ["connect no-such-host.invalid:80", "is the name right"])

    def test_nobody_listens(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
        self.check(self.judge(f"http://127.0.0.1:{port}"),
                   [f"connect 127.0.0.1:{port}", "Connection refused", "is it running"])

    def test_tls_where_there_is_none(self):
        with serving(lambda one: one.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")) as host:
            self.check(self.judge("https://" + host), ["tls ", "not TLS", "http://"])
        with serving(hangs) as host:
            self.check(self.judge("https://" + host), ["(during tls)", "http://"])
        with serving(lambda one: None) as host:
            self.check(self.judge("https://" + host), ["tls ", "http://"])


class RateLimits(unittest.TestCase):
    def test_no_rule_is_judged_by_a_limit(self):
        """The first requests are served, all others are refused for an hour."""
        asked = iter(range(10**9))

        def behave(connection):
            served = repeats(OK + b"Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}")
            refused = repeats(b"HTTP/1.1 429 No\r\nRetry-After: 3600\r\nContent-Length: 0\r\n\r\n")
            (served if next(asked) == 0 else refused)(OneRequest(connection))

        with serving(behave) as host, tempfile.TemporaryDirectory() as folder:
            ran = Ran(["test", "http://" + host, "--output", folder])
            with open(os.path.join(folder, "result.json"), encoding="utf-8") as file:
                run = json.load(file)
        self.assertEqual(ran.code, 3, ran.out + ran.err)
        self.assertIn("limits the rate (429, Retry-After: 3600)", ran.verdict_line())
        self.assertEqual([], [check for one in run["scenarios"] for check in one["checks"]
                              if check["verdict"] == "fail"])


class OneRequest:
    """A connection that ends behind its first answer."""

    def __init__(self, connection):
        self.connection = connection
        self.answered = False

    def recv(self, size):
        return b"" if self.answered else self.connection.recv(size)

    def sendall(self, data):
        self.connection.sendall(data)
        self.answered = True


class BadCertificates(Judging):
    not_ready = staticmethod(repeats(b"HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n"))

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.pem = os.path.join(cls.folder.name, "server.pem")
        cls.key = os.path.join(cls.folder.name, "server.key")
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                        "ec_paramgen_curve:P-256", "-nodes", "-keyout", cls.key, "-out", cls.pem,
                        "-subj", "/CN=test", "-addext", "subjectAltName=IP:127.0.0.1"],
                       check=True, capture_output=True)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def server(self):
        made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        made.load_cert_chain(self.pem, self.key)
        return made

    def test_self_signed(self):
        with serving(self.not_ready, self.server()) as host:
            self.check(self.judge("https://" + host),
                       ["tls ", "self-signed certificate", "--ca-file", "--insecure"])
            # Both ways lead to the registry.
            for way in (["--ca-file", self.pem], ["--insecure"]):
                self.check(self.judge("https://" + host, *way), ["GET /v2/", "500"])

    def test_client_certificate_is_wanted(self):
        demanding = self.server()
        demanding.verify_mode = ssl.CERT_REQUIRED
        demanding.load_verify_locations(self.pem)
        with serving(self.not_ready, demanding) as host:
            self.check(self.judge("https://" + host, "--insecure"), ["--client-certificate"])
            shown = ["--client-certificate", self.pem, "--client-key", self.key]
            self.check(self.judge("https://" + host, "--insecure", *shown), ["GET /v2/", "500"])

    def test_plain_text_to_a_port_with_tls(self):
        with serving(self.not_ready, self.server()) as host:
            self.check(self.judge("http://" + host), ["https://"])


class BadArguments(unittest.TestCase):
    def test_each_is_found_before_anything_is_sent(self):
        asked = threading.Event()
        with serving(lambda one: asked.set()) as host, tempfile.TemporaryDirectory() as folder:
            url = "http://" + host
            file = os.path.join(folder, "file")
            with open(file, "w", encoding="utf-8"):
                pass
            for arguments, part in (
                    (["http://"], "expected http://HOST[:PORT]"),
                    (["http://a:99999"], "expected http://HOST[:PORT]"),
                    (["http://u:hunter2@a"], "without a login"),
                    ([url, "--output", "/proc/no-such-folder"], "--output: write /proc/"),
                    ([url, "--output", file], "--output: write " + file),
                    ([url, "--ca-file", file], "CA file " + file),
                    ([url, "--client-key", file], "client-key: given without"),
                    ([url, "--filter", "no/such-scenario"], "no scenario is chosen")):
                if "--output" not in arguments:
                    arguments = [*arguments, "--output", os.path.join(folder, "out")]
                with self.subTest(arguments):
                    ran = Ran(["test", *arguments])
                    self.assertEqual(ran.code, 2, ran.out + ran.err)
                    self.assertIn(part, ran.err)
                    self.assertEqual(len(ran.err.splitlines()), 1, ran.err)
                    self.assertNotIn("hunter2", ran.err)
        self.assertFalse(asked.is_set())


class Signals(unittest.TestCase):
    def test_run_ends_with_what_it_has(self):
        begun = threading.Event()

        def behave(connection):
            answers(OK + b"Content-Length: 0\r\n\r\n")(connection)
            if connection.recv(1):
                begun.set()
            until_closed(connection)

        def interrupt(process):
            begun.wait(LIMIT_SECONDS)
            process.send_signal(signal.SIGINT)

        with serving(behave) as host, tempfile.TemporaryDirectory() as folder:
            ran = Ran(["test", "http://" + host, "--output", folder, "--timeout", "10m"],
                      after_start=interrupt)
            with open(os.path.join(folder, "result.json"), encoding="utf-8") as file:
                result = json.load(file)
        self.assertEqual(ran.code, 3, ran.out + ran.err)
        self.assertIn("a signal ended the run", result["reason"])
        self.assertIn("a signal ended the run", ran.verdict_line())


if __name__ == "__main__":
    unittest.main()
