"""What an operator forbids is named, and breaks no rule; what is left is judged.

  policies_test.py PROGRAM
"""
import hashlib
import http.client
import json
import unittest

from field import FieldTest
from front import challenge, refusal

MANIFEST = "application/vnd.oci.image.manifest.v1+json"
CONTENT = b"{}"
CONTENT_DIGEST = "sha256:" + hashlib.sha256(CONTENT).hexdigest()
EMPTY = {"mediaType": "application/vnd.oci.empty.v1+json", "digest": CONTENT_DIGEST, "size": 2}
IMAGE = json.dumps({"schemaVersion": 2, "mediaType": MANIFEST, "config": EMPTY,
                    "layers": [EMPTY]}).encode()
IMAGE_DIGEST = "sha256:" + hashlib.sha256(IMAGE).hexdigest()
TWO = ("--repo", "team/a", "--repo", "team/b")


def refused(decide):
    """`decide` gives the answer in the registry's place, or None."""
    async def condition(request, forward):
        return decide(request) or await forward(request)
    return condition


def immutable(status):
    """A tag that is there is not moved to other bytes."""
    pushed = {}

    async def condition(request, forward):
        if request.method == "PUT" and request.kind == "manifest" and ":" not in request.path:
            if pushed.setdefault(request.path, request.body) != request.body:
                return refusal(status, "DENIED", "the tag is immutable and cannot be overwritten")
        return await forward(request)
    return condition


def quota(status, limit):
    """Uploads end with a refusal once `limit` bytes came."""
    used = 0

    async def condition(request, forward):
        nonlocal used
        if request.kind == "upload":
            used += len(request.body)
            if used > limit and request.method == "PUT":
                return refusal(status, "DENIED", "the quota of the project team is used up")
        return await forward(request)
    return condition


class Pushes(FieldTest):
    async def test_immutable_tags_break_no_rule(self):
        for status in (400, 403, 409, 412):
            with self.subTest(status=status):
                self.expect_no_finding(await self.judge(immutable(status)), 0)

    async def test_a_quota_breaks_no_rule_and_is_named(self):
        for status in (403, 413, 507):
            with self.subTest(status=status):
                ran = await self.judge(quota(status, 1 << 20))
                self.expect_no_finding(ran, 0, 3)
                self.assertIn("quota", ran.text)

    async def test_a_registry_that_takes_no_push_is_named_with_the_flag_that_helps(self):
        for status, code in ((403, "DENIED"), (405, "UNSUPPORTED")):
            def decide(request, status=status, code=code):
                if request.method in ("POST", "PUT", "PATCH"):
                    return refusal(status, code, "pushes are closed")
                return None
            with self.subTest(status=status):
                ran = await self.judge(refused(decide))
                self.expect_no_finding(ran, 0, 3)
                self.assertIn("pushes are closed", ran.text)
                self.assertIn("--read-only", ran.text)

    async def test_refused_deletions_break_no_rule(self):
        for status in (403, 405, 409):
            def decide(request, status=status):
                if request.method == "DELETE" and request.kind != "upload":
                    return refusal(status, "DENIED", "retention")
                return None
            with self.subTest(status=status):
                self.expect_no_finding(await self.judge(refused(decide)), 0)


def at_most(levels):
    def decide(request):
        if request.repository.count("/") >= levels:
            return refusal(400, "NAME_INVALID", f"a name has {levels} components at most")
        return None
    return refused(decide)


def no_creation(*known):
    def decide(request):
        if request.repository and request.repository not in known:
            return refusal(404, "NAME_UNKNOWN", "the repository has to be created first")
        return None
    return refused(decide)


class Repositories(FieldTest):
    async def test_names_that_are_too_deep_are_named_with_the_flag_that_helps(self):
        ran = await self.judge(at_most(2))
        self.expect_no_finding(ran, 0, 3)
        self.assertIn("--repo", ran.text)

    async def test_repositories_that_have_to_be_there_are_named_with_the_flag_that_helps(self):
        ran = await self.judge(no_creation())
        self.expect_no_finding(ran, 0, 3)
        self.assertIn("--repo", ran.text)

    async def test_with_two_repositories_both_are_judged(self):
        for condition in (at_most(2), no_creation("team/a", "team/b")):
            self.expect_no_finding(await self.judge(condition, *TWO), 0)

    async def test_with_two_repositories_nothing_else_is_written_to(self):
        elsewhere = []

        def note(request):
            if request.writes and request.repository not in ("team/a", "team/b"):
                elsewhere.append(f"{request.method} {request.path}")
        self.expect_no_finding(await self.judge(refused(note), *TWO), 0)
        self.assertEqual([], elsewhere)


class Mirrors(FieldTest):
    """Registries that only give away; what they hold is pushed past the condition."""

    GIVEN = ("--read-only", "--repo", "team/app", "--given.manifests", IMAGE_DIGEST, "--given.blobs",
             CONTENT_DIGEST)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.push()

    @classmethod
    def push(cls):
        connection = http.client.HTTPConnection(cls.registry)
        for method, path, body, kind in (
                ("POST", f"blobs/uploads/?digest={CONTENT_DIGEST}", CONTENT, "application/octet-stream"),
                ("PUT", "manifests/v1", IMAGE, MANIFEST)):
            connection.request(method, f"/v2/team/app/{path}", body, {"Content-Type": kind})
            answer = connection.getresponse()
            answer.read()
            assert answer.status == 201, answer.status
        connection.close()

    async def judge_mirror(self, decide, *flags):
        def closed(request):
            if request.writes:
                return refusal(405, "UNSUPPORTED", "a mirror")
            return decide(request)
        return await self.judge(refused(closed), *self.GIVEN, *flags)

    async def test_a_mirror_without_tag_lists_passes(self):
        for status in (404, 405):
            def decide(request, status=status):
                return refusal(status, "UNSUPPORTED", "no lists") if request.kind == "tags" else None
            with self.subTest(status=status):
                ran = await self.judge_mirror(decide, "--given.tags", "v1")
                self.expect_no_finding(ran, 0)
                self.assertIn("pull/given-manifests", ran.scenarios("pass"))

    async def test_a_mirror_whose_base_asks_for_a_login_passes(self):
        def decide(request):
            return challenge('Basic realm="r"') if request.kind == "base" else None
        ran = await self.judge_mirror(decide, "--given.tags", "v1")
        self.expect_no_finding(ran, 0)
        self.assertIn("pull/given-manifests", ran.scenarios("pass"))

    async def test_a_mirror_that_gives_what_is_not_there_is_broken(self):
        def decide(request):
            if request.kind == "blob" and CONTENT_DIGEST not in request.path:
                return refusal(200, "NONE", "here you are")
            return None
        ran = await self.judge_mirror(decide)
        self.assertEqual(1, ran.code, ran.text)
        self.assertIn("pull.blob.404", ran.requirements("fail"))

    async def test_a_tag_that_was_misspelt_is_named_and_breaks_no_rule(self):
        ran = await self.judge_mirror(lambda request: None, "--given.tags", "v9")
        self.expect_no_finding(ran, 2, 3)
        self.assertIn("v9", ran.text)


if __name__ == "__main__":
    unittest.main()
