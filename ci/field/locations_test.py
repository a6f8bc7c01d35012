"""Locations and Links that cannot be followed break their own rule, once, with the URL named.

  locations_test.py PROGRAM
"""
import itertools
import unittest

from field import FieldTest

OPENED = {"push.post.location", "push.single-post.fallback-location", "push.mount.fallback-location"}
# The header's value, in which {} is another number each time, and what the text names of it.
LOCATIONS = {
    "http://registry.invalid:5000/v2/upload/{}": "registry.invalid",
    "http://127.0.0.1:9/v2/upload/{}": "127.0.0.1:9",
    "ftp://127.0.0.1/upload/{}": "ftp://127.0.0.1",
    "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c0{:012}": "sha256:44136fa",
    "/v2/a b/upload/{}": "a b",
    "http://::::/{}": "::::",
    "": "Location",
}


def with_header(name, value, when):
    """Answers that `when` holds for have the header field with that value in place of theirs."""
    numbers = itertools.count()

    async def condition(request, forward):
        answer = await forward(request)
        if when(request, answer) and answer.header(name) is not None:
            answer.set(name, value.format(next(numbers)))
        return answer
    return condition


class Locations(FieldTest):
    async def test_of_an_upload(self):
        for location, text in LOCATIONS.items():
            with self.subTest(location=location):
                ran = await self.judge(with_header(
                    "Location", location,
                    lambda request, answer: request.method == "POST" and answer.status == 202))
                self.assertEqual(1, ran.code, ran.text)
                self.assertLessEqual(set(ran.requirements("fail")), OPENED, ran.text)
                self.assertIn("push.post.location", ran.requirements("fail"))
                self.assertIn(text, ran.text)

    async def test_of_a_manifest(self):
        ran = await self.judge(with_header(
            "Location", "http://registry.invalid:5000/v2/x",
            lambda request, answer: request.kind == "manifest" and answer.status == 201))
        self.assertEqual(1, ran.code, ran.text)
        self.assertIn("registry.invalid", ran.text)
        for id in ran.requirements("fail"):
            self.assertIn("location", id)


class Links(FieldTest):
    async def test_of_a_tag_list(self):
        for link in ('<http://registry.invalid:5000/v2/x>; rel="next"', '<ftp://x/y>; rel="next"',
                     '<>; rel="next"', '</v2/a b/tags/list>; rel="next"', "next"):
            with self.subTest(link=link):
                ran = await self.judge(with_header("Link", link,
                                                   lambda request, answer: request.kind == "tags"))
                self.assertEqual(1, ran.code, ran.text)
                for id in ran.requirements("fail"):
                    self.assertTrue(id.startswith("tags.link-"), ran.text)


if __name__ == "__main__":
    unittest.main()
