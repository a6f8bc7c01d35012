"""Registries that are late, or do not answer at all: no false finding, and an end.

  delays_test.py PROGRAM
"""
import asyncio
import time
import unittest

from field import FieldTest
from front import Answer, Upstream, refusal


class Late:
    """What was pushed is read `seconds` later for the first time."""

    def __init__(self, seconds):
        self.seconds, self.born = seconds, {}

    def note(self, path):
        self.born.setdefault(path, time.monotonic())

    async def __call__(self, request, forward):
        if not request.writes and request.kind in ("blob", "manifest"):
            if time.monotonic() - self.born.get(request.path, 0) < self.seconds:
                return refusal(404, "MANIFEST_UNKNOWN", "not yet")
        answer = await forward(request)
        if answer.status == 201 and request.kind == "manifest":
            self.note(request.path)
            self.note(f"/v2/{request.repository}/manifests/{answer.header('Docker-Content-Digest')}")
        elif answer.status == 201 and request.kind == "upload":
            digest = request.parameters.get("digest") or request.parameters.get("mount")
            self.note(f"/v2/{request.repository}/blobs/{digest}")
        return answer


class LateDeletion:
    """A deletion is acknowledged, and done `seconds` later."""

    def __init__(self, seconds, registry):
        self.seconds, self.registry, self.deletions = seconds, registry, set()

    async def delete(self, request):
        await asyncio.sleep(self.seconds)
        upstream = Upstream(self.registry)
        await upstream.ask(request)
        upstream.close()

    async def __call__(self, request, forward):
        if request.method != "DELETE" or request.kind == "upload":
            return await forward(request)
        method, request.method = request.method, "HEAD"
        seen = await forward(request)
        request.method = method
        if seen.status != 200:
            return await forward(request)
        deletion = asyncio.create_task(self.delete(request))
        self.deletions.add(deletion)
        deletion.add_done_callback(self.deletions.discard)
        return Answer(202)


def hanging(when):
    async def condition(request, forward):
        if when(request):
            await asyncio.Event().wait()
        return await forward(request)
    return condition


class Delays(FieldTest):
    async def test_what_is_read_a_little_later_breaks_no_rule(self):
        self.expect_no_finding(await self.judge(Late(0.8)), 0)

    async def test_a_deletion_that_takes_a_second_breaks_no_rule(self):
        self.expect_no_finding(await self.judge(LateDeletion(1, self.registry)), 0)


class Silence(FieldTest):
    """Each run ends: a test that hangs is ended by CTest."""

    async def test_a_deletion_that_is_not_answered_breaks_no_rule_and_names_what_is_left(self):
        ran = await self.judge(hanging(lambda request: request.method == "DELETE"),
                               "--repo", "a", "--repo", "b", "--timeout", "1s")
        self.expect_no_finding(ran, 0, 3)
        self.assertNotEqual([], ran.result["left_behind"])

    async def test_an_upload_that_is_not_answered_breaks_no_rule(self):
        ran = await self.judge(hanging(lambda request: request.method == "PUT"), "--timeout", "1s")
        self.expect_no_finding(ran, 0, 3)

    async def test_a_registry_that_is_silent_is_not_judged(self):
        ran = await self.judge(hanging(lambda request: True), "--timeout", "1s")
        self.expect_not_judged(ran, "not over after|timed out")


if __name__ == "__main__":
    unittest.main()
