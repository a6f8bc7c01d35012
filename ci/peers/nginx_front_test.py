"""Judges Debian's docker-registry behind nginx: TLS by a certificate authority of our own, Basic, JSON coded
with gzip, a limit of 1 MiB for bodies, and limits of the rate.

  nginx_front_test.py PROGRAM [--update]

nginx adds no finding to those that the registry has without it, but for those that
nginx_front.expected.json names, which come of the limit of bodies; its `hidden` are findings of the
registry that nginx answers for. --update rewrites the findings there. Where docker-registry or nginx
are not on the machine the test is skipped (exit code 77), but for CI=true, where it fails.
"""
import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import unittest

import docker_registry_test
from findings import difference, judge, read, update
from served import skip

PROGRAM = sys.argv.pop(1)
EXPECTED = os.path.join(os.path.dirname(os.path.abspath(__file__)), "nginx_front.expected.json")
CONFIGURATION = """daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{ worker_connections 1024; }}
http {{
  access_log {folder}/access.log; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  gzip on; gzip_proxied any; gzip_min_length 1; gzip_vary on;
  gzip_types application/json application/vnd.oci.image.manifest.v1+json
    application/vnd.oci.image.index.v1+json;
  limit_req_zone $binary_remote_addr zone=requests:1m rate={rate};
  server {{
    listen 127.0.0.1:{port} ssl;
    ssl_certificate {certificate}; ssl_certificate_key {key};
    auth_basic registry; auth_basic_user_file {folder}/users;
    client_max_body_size {body_limit};
    chunked_transfer_encoding on;
    {limits}
    location / {{
      proxy_pass {registry};
      proxy_http_version 1.1; proxy_request_buffering off; proxy_set_header Connection "";
      proxy_set_header Host $http_host; proxy_set_header X-Forwarded-Proto https;
      proxy_set_header Authorization "";
    }}
  }}
}}
"""
WITH_RETRY_AFTER = """limit_req zone=requests burst=20 nodelay; limit_req_status 429;
    error_page 429 @limited;
    location @limited { add_header Retry-After 1 always; return 429; }"""
WITHOUT_RETRY_AFTER = "limit_req zone=requests burst=20 nodelay; limit_req_status 503;"


def make_certificate(folder):
    """A key and a certificate for 127.0.0.1 that signs itself, so that it is its own authority."""
    key, certificate = os.path.join(folder, "key.pem"), os.path.join(folder, "certificate.pem")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                    "-nodes", "-days", "2", "-subj", "/CN=registry", "-addext",
                    "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate],
                   check=True, capture_output=True)
    return key, certificate


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def nginx(registry, key, certificate, limits="", rate="1000r/s", body_limit="0"):
    """Gives the URL of an nginx in front of `registry`; its only user is me with the password secret."""
    with tempfile.TemporaryDirectory() as folder:
        # Its worker is another user where root starts it.
        os.chmod(folder, 0o755)
        port = free_port()
        with open(os.path.join(folder, "users"), "w", encoding="ascii") as file:
            file.write("me:{PLAIN}secret\n")
        path = os.path.join(folder, "nginx.conf")
        with open(path, "w", encoding="ascii") as file:
            file.write(CONFIGURATION.format(folder=folder, port=port, registry=registry, key=key,
                                            certificate=certificate, limits=limits, rate=rate,
                                            body_limit=body_limit))
        process = subprocess.Popen(["nginx", "-p", folder, "-c", path], stderr=subprocess.PIPE, text=True)
        try:
            while process.poll() is None:
                with contextlib.suppress(OSError):
                    socket.create_connection(("127.0.0.1", port)).close()
                    break
            if process.poll() is not None:
                raise RuntimeError(f"nginx did not start: {process.stderr.read()}")
            yield f"https://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait()
            process.stderr.close()


class NginxFront(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = cls.enterClassContext(docker_registry_test.registry_folder())
        cls.key, cls.certificate = make_certificate(folder)
        cls.registry = cls.enterClassContext(docker_registry_test.running(folder))

    def judge(self, *flags, **settings):
        with nginx(self.registry, self.key, self.certificate, **settings) as url:
            return judge(PROGRAM, url, "--ca-file", self.certificate, "--username", "me", *flags,
                         PLIMSOLL_PASSWORD="secret")

    def expect_findings(self, ran, found, part="", beside=None, hidden=()):
        usual = {id: one for id, one in read(docker_registry_test.EXPECTED)["findings"].items()
                 if part in id and id not in hidden}
        self.assertEqual([], difference(found, usual | (beside or {})), ran.stdout + ran.stderr)

    def test_tls_login_and_gzip_change_nothing(self):
        self.expect_findings(*self.judge())

    def test_a_limit_of_bodies_is_no_broken_must(self):
        ran, found = self.judge(body_limit="1m")
        if UPDATE:
            usual = read(docker_registry_test.EXPECTED)["findings"]
            update(EXPECTED, {id: one for id, one in found.items()
                              if difference({id: one}, {id: usual[id]} if id in usual else {})})
        expected = read(EXPECTED)
        beside = expected["findings"]
        self.assertEqual([], [id for id, one in beside.items()
                              if {"fail", "early"} & set(one["checks"].values())])
        self.expect_findings(ran, found, beside=beside, hidden=expected["hidden"])
        self.assertIn("413", ran.stdout)

    def test_a_limit_of_the_rate_with_retry_after_is_waited_for(self):
        ran, found = self.judge("--filter", "push/chunk", limits=WITH_RETRY_AFTER, rate="30r/s")
        self.expect_findings(ran, found, part="push/chunk")

    def test_a_limit_of_the_rate_without_retry_after_is_waited_for(self):
        ran, found = self.judge("--filter", "push/chunk", limits=WITHOUT_RETRY_AFTER, rate="30r/s")
        self.expect_findings(ran, found, part="push/chunk")

    def test_a_limit_that_never_ends_is_named_and_breaks_no_rule(self):
        ran, found = self.judge("--filter", "push/chunk", "--rate-limit-wait", "3s",
                                limits=WITH_RETRY_AFTER, rate="1r/m")
        self.assertEqual(3, ran.returncode, ran.stdout + ran.stderr)
        self.assertIn("limits the rate", ran.stdout + ran.stderr)
        self.assertEqual([], [id for id, one in found.items() if one["verdict"] == "fail"])


if __name__ == "__main__":
    UPDATE = "--update" in sys.argv
    if UPDATE:
        sys.argv.remove("--update")
    for needed in ("docker-registry", "nginx"):
        if not shutil.which(needed):
            skip(f"{needed} is not on this machine: ci/setup installs it")
    unittest.main()
