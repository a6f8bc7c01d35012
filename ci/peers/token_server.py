"""A token server for registries that ask for Bearer tokens, as the Docker registry's token
specification and its OAuth2 form describe it.

  token_server.py --issuer NAME --user NAME:PASSWORD [--key FILE --certificate FILE] [options]

GET /token?service=S&scope=repository:a:pull with Basic auth, or POST /token with a form
(grant_type=password or refresh_token). Everything that is asked for is granted to a known user.

With a key (RSA) and its certificate a token is a JWT signed with RS256, whose certificate stands in
x5c, and who asks for the same again within its time is given the same; without a key it is opaque: a
random word. --fail and --delay make the server fail for tests.
"""
import argparse
import base64
import contextlib
import http.server
import json
import secrets
import subprocess
import sys
import threading
import time
import urllib.parse
from dataclasses import dataclass, field

FAILURES = ("status-500", "html", "no-token", "no-json")


@dataclass
class Settings:
    issuer: str = "token-server"
    users: dict = field(default_factory=dict)  # Name to password.
    refresh_tokens: dict = field(default_factory=dict)  # Refresh token to name.
    key: str = ""  # Paths of PEM files; both are empty for opaque tokens.
    certificate: str = ""
    expires_in: int = 300  # Seconds.
    delay: float = 0.0  # Seconds before each answer.
    failure: str = ""  # One of FAILURES.


def make_key(folder):
    """The paths of an RSA key and its self-signed certificate, which a registry trusts as its root."""
    key, certificate = f"{folder}/token.key.pem", f"{folder}/token.certificate.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
                    "-subj", "/CN=token server", "-keyout", key, "-out", certificate],
                   check=True, capture_output=True)
    return key, certificate


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def access_of(scopes):
    """The claim `access` that grants each scope: "repository:a/b:pull,push"."""
    granted = []
    for scope in scopes:
        kind, _, rest = scope.partition(":")
        name, _, actions = rest.rpartition(":")
        if name:
            granted.append({"type": kind, "name": name, "actions": actions.split(",")})
    return granted


def signed_token(settings, user, service, scopes):
    with open(settings.certificate, encoding="ascii") as file:
        certificate = "".join(line.strip() for line in file if not line.startswith("-----"))
    now = int(time.time())
    claims = {"iss": settings.issuer, "sub": user, "aud": service, "iat": now, "nbf": now - 10,
              "exp": now + settings.expires_in, "jti": secrets.token_hex(8),
              "access": access_of(scopes)}
    header = {"typ": "JWT", "alg": "RS256", "x5c": [certificate]}
    signed = ".".join(base64url(json.dumps(part).encode()) for part in (header, claims))
    signature = subprocess.run(["openssl", "dgst", "-sha256", "-sign", settings.key],
                               input=signed.encode(), check=True, capture_output=True)
    return signed + "." + base64url(signature.stdout)


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 30

    @property
    def settings(self):
        return self.server.settings

    def do_GET(self):
        asked = urllib.parse.parse_qs(urllib.parse.urlsplit(self.path).query)
        self.grant(self.user_of_basic(), asked)

    def do_POST(self):
        length = int(self.headers.get("Content-Length", 0))
        asked = urllib.parse.parse_qs(self.rfile.read(length).decode())
        if asked.get("grant_type") == ["refresh_token"]:
            user = self.settings.refresh_tokens.get(asked.get("refresh_token", [""])[0])
        else:
            user = self.known(asked.get("username", [""])[0], asked.get("password", [""])[0])
        self.grant(user, asked)

    def user_of_basic(self):
        scheme, _, encoded = self.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "basic":
            return None
        with contextlib.suppress(ValueError):
            return self.known(*base64.b64decode(encoded).decode().split(":", 1))
        return None

    def known(self, name, password):
        return name if name and self.settings.users.get(name) == password else None

    def token_of(self, user, service, scopes):
        if not self.settings.key:
            return secrets.token_urlsafe(24)
        wanted = (self.settings.issuer, user, service, *scopes)
        token, end = self.server.signed.get(wanted, ("", 0))
        if end <= time.monotonic():
            token = signed_token(self.settings, user, service, scopes)
            end = time.monotonic() + self.settings.expires_in
            self.server.signed[wanted] = token, end
        return token

    def grant(self, user, asked):
        time.sleep(self.settings.delay)
        if self.settings.failure:
            return self.fail()
        if user is None:
            return self.answer(401, {"details": "incorrect username or password"})
        scopes = [scope for value in asked.get("scope", []) for scope in value.split()]
        service = asked.get("service", [""])[0]
        token = self.token_of(user, service, scopes)
        return self.answer(200, {"token": token, "access_token": token,
                                 "expires_in": self.settings.expires_in,
                                 "issued_at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())})

    def fail(self):
        if self.settings.failure == "status-500":
            return self.answer(500, {"details": "the database is down"})
        if self.settings.failure == "no-token":
            return self.answer(200, {"expires_in": 300})
        if self.settings.failure == "no-json":
            return self.write(200, "text/plain", b"token=abc")
        return self.write(200, "text/html", b"<!DOCTYPE html><html><body>Sign in</body></html>")

    def answer(self, status, document):
        self.write(status, "application/json", json.dumps(document).encode())

    def write(self, status, kind, body):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def __init__(self, address, settings):
        super().__init__(address, Handler)
        self.settings = settings
        self.signed = {}  # What was asked for to the token and its end.

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_address[1]}/token"


@contextlib.contextmanager
def running(settings):
    """Gives the server, whose `url` is the realm; its settings may be changed while it runs."""
    server = Server(("127.0.0.1", 0), settings)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def main():
    flags = argparse.ArgumentParser(description=__doc__,
                                    formatter_class=argparse.RawDescriptionHelpFormatter)
    flags.add_argument("--port", type=int, default=5001)
    flags.add_argument("--issuer", default="token-server")
    flags.add_argument("--user", action="append", default=[], metavar="NAME:PASSWORD")
    flags.add_argument("--key", default="")
    flags.add_argument("--certificate", default="")
    flags.add_argument("--expires-in", type=int, default=300, metavar="SECONDS")
    flags.add_argument("--delay", type=float, default=0.0, metavar="SECONDS")
    flags.add_argument("--fail", choices=FAILURES, default="")
    given = flags.parse_args()
    if bool(given.key) != bool(given.certificate):
        flags.error("--key and --certificate belong together")
    users = dict(user.split(":", 1) for user in given.user)
    server = Server(("127.0.0.1", given.port),
                    Settings(given.issuer, users, {}, given.key, given.certificate,
                             given.expires_in, given.delay, given.fail))
    print(f"serving tokens at {server.url}", flush=True)
    with contextlib.suppress(KeyboardInterrupt):
        server.serve_forever()
    return 0


if __name__ == "__main__":
    sys.exit(main())
