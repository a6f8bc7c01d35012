"""`plimsoll certify` and `plimsoll verify`, checked by OpenSSL's own command.

  certify_test.py PROGRAM
"""
import base64
import json
import os
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../ci/peers"))
from certifying import certify, ed25519, make_key, p256, push_image, verify, write_proof  # noqa: E402
from served import served  # noqa: E402

PROGRAM = os.path.abspath(sys.argv.pop(1))


def read(path):
    with open(path, "rb") as file:
        return file.read()


def write(path, data):
    with open(path, "wb") as file:
        file.write(data)
    return path


def encoded(kind, payload):
    """DSSE's pre-authentication encoding, from its text."""
    return b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload)


class Certified(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory()
        cls.folder = cls.temporary.name
        cls.private, cls.public = ed25519(cls.folder)
        cls.other_private, cls.other_public = p256(cls.folder)
        cls.proof = write_proof(PROGRAM, cls.folder)
        with served(PROGRAM) as address:
            push_image(address, "library/harbour:2.1")
            cls.ran = certify(PROGRAM, f"http://{address}", cls.folder, "env://SIGNING_KEY", cls.proof,
                              "--attach", f"http://{address}/library/harbour:2.1",
                              SIGNING_KEY=read(cls.private).decode())
            cls.attached = verify(PROGRAM, f"http://{address}/library/harbour:2.1", cls.public)
            push_image(address, "library/other:1")
            cls.unattached = verify(PROGRAM, f"http://{address}/library/other:1", cls.public)
        cls.file = os.path.join(cls.folder, "results", "certificate.json")
        cls.result = os.path.join(cls.folder, "results", "result.json")

    @classmethod
    def tearDownClass(cls):
        cls.temporary.cleanup()

    def setUp(self):
        self.assertEqual(self.ran.returncode, 0, self.ran.stdout + self.ran.stderr)

    def fails(self, code, says, *arguments):
        ran = verify(PROGRAM, *arguments)
        self.assertEqual(ran.returncode, code, ran.stdout + ran.stderr)
        self.assertIn(says, ran.stderr)
        self.assertNotIn("certified:", ran.stdout)

    def signed_again(self, payload, private):
        """The payload in an envelope that OpenSSL's command signs with ECDSA."""
        kind = b"application/vnd.in-toto+json"
        bytes_ = write(os.path.join(self.folder, "pae"), encoded(kind, payload))
        made = subprocess.run(["openssl", "dgst", "-sha256", "-sign", private, bytes_], check=True,
                              capture_output=True).stdout
        return write(os.path.join(self.folder, "again.json"), json.dumps({
            "payloadType": kind.decode(), "payload": base64.b64encode(payload).decode(),
            "signatures": [{"sig": base64.b64encode(made).decode()}]}).encode())

    def test_is_verified_with_all_that_lies_beside_it(self):
        ran = verify(PROGRAM, self.file, self.public, "--result", self.result, "--proof", self.proof)
        self.assertEqual(ran.returncode, 0, ran.stderr)
        for line in ("product       harbour 2.1", "profile certification", "management    pass"):
            self.assertIn(line, ran.stdout)

    def test_has_a_signature_that_openssl_takes(self):
        envelope = json.loads(read(self.file))
        payload = base64.b64decode(envelope["payload"])
        signed = write(os.path.join(self.folder, "signed"),
                       encoded(envelope["payloadType"].encode(), payload))
        sig = write(os.path.join(self.folder, "sig"),
                    base64.b64decode(envelope["signatures"][0]["sig"]))
        subprocess.run(["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", self.public, "-rawin",
                        "-in", signed, "-sigfile", sig], check=True, capture_output=True)
        statement = json.loads(payload)
        self.assertEqual(statement["_type"], "https://in-toto.io/Statement/v1")
        self.assertEqual(statement["predicateType"],
                         "https://in-toto.io/attestation/test-result/v0.1")
        self.assertEqual(statement["predicate"]["result"], "PASSED")

    def test_takes_a_signature_that_openssl_made(self):
        payload = base64.b64decode(json.loads(read(self.file))["payload"])
        again = self.signed_again(payload, self.other_private)
        self.assertEqual(verify(PROGRAM, again, self.other_public).returncode, 0)

    def test_altered_or_cut_short_is_not_certified(self):
        good = read(self.file)
        altered = os.path.join(self.folder, "altered.json")
        for at in range(0, len(good), len(good) // 7):
            write(altered, good[:at] + bytes([good[at] ^ 1]) + good[at + 1:])
            self.fails(1, "not certified", altered, self.public)
        self.fails(1, "cut short", write(altered, good[:-9]), self.public)

    def test_is_only_for_its_own_key_and_files(self):
        self.fails(1, "no signature is that of the key", self.file, self.other_public)
        other = write(os.path.join(self.folder, "other.json"), read(self.result) + b" ")
        self.fails(1, "another result", self.file, self.public, "--result", other)
        self.fails(1, "another proof", self.file, self.public, "--proof", other)

    def test_with_a_result_of_a_newer_version_is_not_judged(self):
        statement = json.loads(base64.b64decode(json.loads(read(self.file))["payload"]))
        result = json.loads(read(self.result))
        result["plimsoll_result"]["version"] = 99
        newer = write(os.path.join(self.folder, "newer.json"), json.dumps(result).encode())
        digest = subprocess.run(["sha256sum", newer], check=True, capture_output=True, text=True)
        statement["subject"][0]["digest"]["sha256"] = digest.stdout.split()[0]
        again = self.signed_again(json.dumps(statement).encode(), self.other_private)
        self.fails(3, "99 is newer", again, self.other_public, "--result", newer)

    def test_keys_that_cannot_be_used_are_bad_usage(self):
        rsa = make_key(self.folder, "rsa", "-algorithm", "RSA")[1]
        for key, says in ((self.private, "found a private key"), (rsa, "of the kind RSA"),
                          ("/no/such/key", "No such file"), ("env://NO_SUCH_KEY", "is not set")):
            self.fails(2, says, self.file, key)

    def test_is_found_where_it_is_attached(self):
        self.assertEqual(self.attached.returncode, 0, self.attached.stderr)
        self.assertIn("attached to", self.attached.stdout)
        self.assertEqual(self.unattached.returncode, 1)
        self.assertIn("no certificate is attached", self.unattached.stderr)
        self.fails(3, "Connection refused", "http://127.0.0.1:1/library/harbour:2.1", self.public)
        self.fails(2, "neither a file", "no-such-file", self.public)


class NotCertified(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = temporary.name
        self.key = ed25519(self.folder)[0]

    def refused(self, code, says, url, key, proof, *flags):
        ran = certify(PROGRAM, url, self.folder, key, proof, *flags)
        self.assertEqual(ran.returncode, code, ran.stdout + ran.stderr)
        self.assertIn(says, ran.stderr)
        left = os.listdir(os.path.join(self.folder, "results")) if os.path.isdir(
            os.path.join(self.folder, "results")) else []
        self.assertEqual([name for name in left if "certificate" in name], [])

    def test_bad_usage_is_found_before_the_run(self):
        url = "http://127.0.0.1:1"
        encrypted = os.path.join(self.folder, "encrypted.pem")
        subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-aes256", "-pass", "pass:x",
                        "-out", encrypted], check=True, capture_output=True)
        self.refused(2, "a password protects", url, encrypted, "none")
        self.refused(2, "No such file", url, "/no/such/key", "none")
        for flags, says in ((["--filter", "pull"], "filter is set (--filter)"),
                            (["--read-only"], "read-only is set (--read-only)"),
                            (["--profile", "spec"], "the profile certification"),
                            (["--apis.tags.list=0"], "is switched off"),
                            (["--attach", "name"], "expected HOST")):
            self.refused(2, says, url, self.key, "none", *flags)

    def test_no_registry_is_not_judged(self):
        self.refused(3, "no certificate", "http://127.0.0.1:1", self.key, "none")
        self.refused(3, "--attach", "http://127.0.0.1:1", self.key, "none", "--attach",
                     "http://127.0.0.1:1/library/harbour:2.1")

    def test_a_broken_rule_leaves_no_certificate(self):
        with served(PROGRAM, "--fault", "referrers-plain-json") as address:
            self.refused(1, "no certificate", f"http://{address}", self.key, "none")


if __name__ == "__main__":
    unittest.main()
