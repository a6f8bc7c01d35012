"""Limits of the rate, gateways that fail now and then, content codings and redirects.

  gateways_test.py PROGRAM
"""
import gzip
import time
import unittest
from email.utils import formatdate

from field import FieldTest
from front import Answer, page, refusal


def limited(rate, *headers):
    """At most `rate` requests a second are answered; the others get 429."""
    left, at = rate, time.monotonic()

    async def condition(request, forward):
        nonlocal left, at
        now = time.monotonic()
        left, at = min(rate, left + (now - at) * rate), now
        if left < 1:
            return refusal(429, "TOOMANYREQUESTS", "slow down", *headers)
        left -= 1
        return await forward(request)
    return condition


def used_up(count, *headers):
    """So many requests are answered, and none after them."""
    seen = 0

    async def condition(request, forward):
        nonlocal seen
        seen += 1
        if seen > count:
            return refusal(429, "TOOMANYREQUESTS", "You have reached your pull rate limit.", *headers)
        return await forward(request)
    return condition


def every(period, answer):
    """One request of `period` is answered in the registry's place; None resets the connection."""
    seen = 0

    async def condition(request, forward):
        nonlocal seen
        seen += 1
        return answer if seen % period == 0 else await forward(request)
    return condition


def changed(change):
    """Each answer is what `change` makes of it."""
    async def condition(request, forward):
        answer = await forward(request)
        change(request, answer)
        return answer
    return condition


def always(answer):
    async def condition(request, forward):
        return answer
    return condition


def is_json(request, answer):
    return request.method == "GET" and answer.body and "json" in answer.header("Content-Type", "")


def code_json(request, answer):
    if is_json(request, answer):
        answer.body = gzip.compress(answer.body)
        answer.set("Content-Encoding", "gzip")


def code_json_where_accepted(request, answer):
    if "gzip" in request.header("Accept-Encoding", ""):
        code_json(request, answer)


class RateLimits(FieldTest):
    async def test_a_limit_with_retry_after_is_waited_for(self):
        ran = await self.judge(limited(40, ("Retry-After", "1")), "--filter", "push/chunk")
        self.expect_no_finding(ran, 0)

    async def test_a_limit_without_retry_after_is_waited_for(self):
        ran = await self.judge(limited(40), "--filter", "push/chunk")
        self.expect_no_finding(ran, 0)

    async def test_a_budget_that_is_used_up_ends_the_run_with_advice(self):
        later = formatdate(time.time() + 3600, usegmt=True)
        for headers in ([("Retry-After", "3600")], [("Retry-After", later)]):
            with self.subTest(headers=headers):
                ran = await self.judge(used_up(300, *headers))
                self.expect_not_judged(ran, "limits the rate .*429.*--rate-limit-wait")

    async def test_a_limit_that_never_ends_is_waited_for_as_long_as_is_allowed(self):
        ran = await self.judge(used_up(300, ("Retry-After", "1")), "--rate-limit-wait", "3s")
        self.expect_not_judged(ran, "limits the rate .*429.*--rate-limit-wait")


class Gateways(FieldTest):
    async def test_a_failure_now_and_then_breaks_no_rule(self):
        for status in (502, 503, 504):
            with self.subTest(status=status):
                ran = await self.judge(every(61, page(status, "try again")))
                self.expect_no_finding(ran, 0, 3)

    async def test_a_reset_now_and_then_breaks_no_rule(self):
        self.expect_no_finding(await self.judge(every(61, None)), 0, 3)

    async def test_a_registry_that_is_down_is_not_judged(self):
        ran = await self.judge(always(page(503, "maintenance")), "--rate-limit-wait", "2s")
        self.expect_not_judged(ran, "503")


class Codings(FieldTest):
    async def test_json_that_is_coded_where_gzip_is_accepted_breaks_no_rule(self):
        self.expect_no_finding(await self.judge(changed(code_json_where_accepted)), 0)

    async def test_json_that_is_coded_unasked_is_named_and_breaks_no_rule(self):
        ran = await self.judge(changed(code_json))
        self.expect_no_finding(ran, 0)
        self.assertIn("gzip", ran.text)

    async def test_a_coding_that_is_named_and_not_there_is_broken(self):
        for kind in ("blob", "manifest"):
            def claim(request, answer, kind=kind):
                if request.kind == kind and request.method == "GET" and answer.status == 200:
                    answer.set("Content-Encoding", "gzip")
            with self.subTest(kind=kind):
                ran = await self.judge(changed(claim))
                self.assertEqual(1, ran.code, ran.text)
                self.assertRegex(ran.text, "not coded as Content-Encoding says|Content-Encoding: gzip")


class OtherServers(FieldTest):
    async def test_a_page_is_no_registry(self):
        self.expect_not_judged(await self.judge(always(page())), "HTML")

    async def test_whatever_else_answers_with_200_is_a_registry(self):
        async def condition(request, forward):
            if request.kind == "base":
                return Answer(200, [("Content-Type", "text/html; charset=utf-8")], b"true")
            return await forward(request)
        self.expect_no_finding(await self.judge(condition), 0)

    async def test_a_redirect_to_https_says_so(self):
        async def condition(request, forward):
            return Answer(301, [("Location", f"https://{request.header('Host')}{request.target}")])
        self.expect_not_judged(await self.judge(condition), "use https://")

    async def test_a_redirect_to_a_login_page_is_no_registry(self):
        async def condition(request, forward):
            return page() if request.path == "/login" else Answer(302, [("Location", "/login")])
        self.expect_not_judged(await self.judge(condition), "HTML")

    async def test_a_redirect_of_a_post_that_turns_it_into_a_get_is_named(self):
        for status in (301, 302):
            async def condition(request, forward, status=status):
                if request.method == "POST":
                    return Answer(status, [("Location", request.target.rstrip("/"))])
                return await forward(request)
            with self.subTest(status=status):
                ran = await self.judge(condition)
                self.assertIn(ran.code, (1, 3), ran.text)
                self.assertRegex(ran.text, f"{status}.*GET in place of POST|GET in place of POST")


if __name__ == "__main__":
    unittest.main()
