"""Logins that fail, and why: the registry's challenge, its token server, or the login itself.

  logins_test.py PROGRAM
"""
import os
import sys
import unittest

from field import FieldTest, HERE
from front import challenge, refusal

sys.path.insert(0, os.path.join(HERE, "..", "peers"))
import token_server  # noqa: E402

LOGIN = ("--username", "me")


def asks_with(text):
    """Each request is answered with 401 and this WWW-Authenticate; without one where it is empty."""
    async def condition(request, forward):
        return challenge(text) if text else refusal(401, "UNAUTHORIZED", "authentication required")
    return condition


class Challenges(FieldTest):
    async def expect_reason(self, text, pattern, *flags, **variables):
        ran = await self.judge(asks_with(text), *flags, **variables)
        self.expect_not_judged(ran, pattern)
        return ran

    async def test_a_401_without_a_challenge_is_the_registrys(self):
        ran = await self.expect_reason("", "401 without WWW-Authenticate")
        self.assertNotIn("refused", ran.text)

    async def test_a_login_that_is_asked_for_and_not_given_is_asked_for(self):
        ran = await self.expect_reason('Basic realm="r"', "--username")
        self.assertNotIn("refused", ran.text)

    async def test_a_login_that_is_refused_is_refused(self):
        await self.expect_reason('Basic realm="r"', "the login is refused", *LOGIN,
                                 PLIMSOLL_PASSWORD="wrong")

    async def test_a_realm_that_is_no_url_is_named(self):
        ran = await self.expect_reason('Bearer realm="not a url",service="s"', "not a url", *LOGIN,
                                       PLIMSOLL_PASSWORD="secret")
        self.assertNotIn("the login is refused", ran.text)

    async def test_a_scheme_that_is_not_known_is_named(self):
        ran = await self.expect_reason('Digest realm="r", nonce="n"', "neither Basic nor Bearer",
                                       *LOGIN, PLIMSOLL_PASSWORD="secret")
        self.assertNotIn("the login is refused", ran.text)

    async def test_a_login_that_nobody_asks_for_changes_nothing(self):
        async def condition(request, forward):
            return await forward(request)
        ran = await self.judge(condition, *LOGIN, PLIMSOLL_PASSWORD="secret")
        self.expect_no_finding(ran, 0)

    async def test_a_401_of_the_base_alone_does_not_end_the_run(self):
        async def condition(request, forward):
            return challenge('Basic realm="r"') if request.kind == "base" else await forward(request)
        self.expect_no_finding(await self.judge(condition), 0, 3)


class Tokens(FieldTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.server = cls.enterClassContext(token_server.running(token_server.Settings()))

    def asks_for_tokens(self, everywhere=True):
        """The challenge stands on each 401, or on that of /v2/ alone."""
        text = f'Bearer realm="{self.server.url}",service="s"'

        async def condition(request, forward):
            if request.header("Authorization", "").startswith("Bearer "):
                return await forward(request.drop("Authorization"))
            if everywhere or request.kind == "base":
                return challenge(text)
            return refusal(401, "UNAUTHORIZED", "authentication required")
        return condition

    async def judge_with(self, *flags, everywhere=True, **settings):
        self.server.settings = token_server.Settings(users={"me": "secret"}, **settings)
        return await self.judge(self.asks_for_tokens(everywhere), *LOGIN, *flags,
                                PLIMSOLL_PASSWORD="secret")

    async def test_a_login_by_tokens_changes_nothing(self):
        self.expect_no_finding(await self.judge_with(), 0)

    async def test_the_challenge_of_the_base_holds_for_the_other_requests(self):
        self.expect_no_finding(await self.judge_with(everywhere=False), 0)

    async def test_a_token_server_that_fails_is_named_and_the_login_is_not(self):
        for failure, pattern in (("status-500", "token .*500"), ("no-token", "token"),
                                 ("no-json", "token"), ("html", "token")):
            with self.subTest(failure=failure):
                ran = await self.judge_with(failure=failure)
                self.expect_not_judged(ran, pattern)
                self.assertNotIn("the login is refused", ran.text)


if __name__ == "__main__":
    unittest.main()
