"""Judges Debian's docker-registry behind a login by tokens, which token_server.py hands out.

  token_login_test.py PROGRAM

With the login the findings are those that it has without one. Where the token server fails the run
cannot be judged, and says why.
"""
import shutil
import sys
import unittest

import docker_registry_test
import token_server
from findings import difference, judge, read
from served import skip

PROGRAM = sys.argv.pop(1)
CONFIGURATION = """auth:
  token: {{realm: "{realm}", service: docker-registry, issuer: token-server, rootcertbundle: "{root}"}}
"""
LOGIN = ["--username", "me"]


class TokenLogin(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = cls.enterClassContext(docker_registry_test.registry_folder())
        key, certificate = token_server.make_key(folder)
        cls.server = cls.enterClassContext(token_server.running(token_server.Settings()))
        cls.usual = token_server.Settings(users={"me": "secret"}, refresh_tokens={"again": "me"},
                                          key=key, certificate=certificate)
        cls.url = cls.enterClassContext(docker_registry_test.running(
            folder, settings=CONFIGURATION.format(realm=cls.server.url, root=certificate)))

    def judge(self, *flags, **settings):
        """What a run prints and finds, with the token server's settings changed as given."""
        self.server.settings = token_server.Settings(**(vars(self.usual) | settings))
        return judge(PROGRAM, self.url, *flags, PLIMSOLL_PASSWORD="secret")

    def expect_the_usual_findings(self, *flags, part="", **settings):
        """`part` is what the ids of the scenarios to run contain."""
        filtering = ["--filter", part] if part else []
        ran, found = self.judge(*flags, *filtering, **settings)
        usual = {id: one for id, one in read(docker_registry_test.EXPECTED)["findings"].items()
                 if part in id}
        self.assertEqual([], difference(found, usual), ran.stdout + ran.stderr)

    def test_a_login_adds_and_hides_no_finding(self):
        self.expect_the_usual_findings(*LOGIN)

    def test_a_token_that_expires_at_once_is_fetched_anew(self):
        self.expect_the_usual_findings(*LOGIN, part="push/chunk", expires_in=1)

    def test_a_slow_token_server_changes_nothing(self):
        self.expect_the_usual_findings(*LOGIN, part="push/chunk", delay=0.1)

    def expect_not_judged(self, reason, *flags, **settings):
        ran, found = self.judge(*flags, **settings)
        self.assertEqual(3, ran.returncode, ran.stdout + ran.stderr)
        self.assertRegex(ran.stdout + ran.stderr, reason)
        broken = [id for id, one in found.items() if one["verdict"] in ("fail", "warn")]
        self.assertEqual([], broken)

    def test_a_wrong_password_is_refused(self):
        self.expect_not_judged("(?i)refused", *LOGIN, users={"me": "another"})

    def test_a_token_server_that_fails_is_named_with_its_status(self):
        self.expect_not_judged("(?i)token.*500", *LOGIN, failure="status-500")

    def test_an_answer_without_a_token_is_named(self):
        self.expect_not_judged("(?i)token", *LOGIN, failure="no-token")

    def test_a_page_in_place_of_a_token_is_named(self):
        self.expect_not_judged("(?i)token", *LOGIN, failure="html")

    def test_a_token_that_the_registry_cannot_read_is_named(self):
        self.expect_not_judged("401", *LOGIN, key="", certificate="")


if __name__ == "__main__":
    if not shutil.which("docker-registry"):
        skip("docker-registry is not on this machine: ci/setup installs it")
    unittest.main()
