#!/usr/bin/env python3
"""What the catalogue's generator says of a file that is not one: one line with the place, exit 2.

generate_test.py PROGRAM
"""
import json
import os
import subprocess
import sys
import tempfile
import unittest

PROGRAM = sys.argv.pop(1)
GOOD = {"id": "a.b", "spec": "distribution", "section": "Pull", "level": "MUST", "actor": "registry",
        "endpoints": [], "since": "1.0", "statement": "It is.", "observe": "Look.",
        "testable": "wire", "category": "pull"}


class Generator(unittest.TestCase):
    def generate_in(self, folder, requirements, not_observed="{}"):
        paths = [os.path.join(folder, name) for name in ("r.json", "n.json", "ids.hpp", "t.cpp")]
        for path, text in zip(paths, (requirements, not_observed)):
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
        return subprocess.run([PROGRAM, *paths], capture_output=True, text=True, timeout=30)

    def generate(self, *texts):
        with tempfile.TemporaryDirectory() as folder:
            return self.generate_in(folder, *texts)

    def expect_refused(self, ran, *parts):
        self.assertEqual(ran.returncode, 2, ran.stderr)
        self.assertEqual(len(ran.stderr.splitlines()), 1, ran.stderr)
        for part in parts:
            self.assertIn(part, ran.stderr)

    def test_takes_a_good_one(self):
        self.assertEqual(self.generate(json.dumps([GOOD]), '{"a.b": "why"}').returncode, 0)

    def test_a_rule_without_keyword_says_what_it_weighs_and_why(self):
        plain = GOOD | {"statement": "It is. [implied]"}
        self.expect_refused(self.generate(json.dumps([plain])), "r.json: entry 'a.b'", "expected a reason")
        self.expect_refused(self.generate(json.dumps([plain | {"weight": "heavy", "reason": "So."}])),
                            "keyword, definition or advice", "'heavy'")
        self.expect_refused(self.generate(json.dumps([GOOD | {"weight": "advice", "reason": "So."}])),
                            "needs no weight")
        good = plain | {"weight": "definition", "reason": "So."}
        self.assertEqual(self.generate(json.dumps([good])).returncode, 0)
        client = plain | {"actor": "client"}
        self.assertEqual(self.generate(json.dumps([client])).returncode, 0)

    def test_leaves_alone_what_would_be_the_same(self):
        with tempfile.TemporaryDirectory() as folder:
            ids, table = os.path.join(folder, "ids.hpp"), os.path.join(folder, "t.cpp")
            self.generate_in(folder, json.dumps([GOOD]))
            for path in (ids, table):
                os.utime(path, ns=(0, 0))
            self.generate_in(folder, json.dumps([GOOD | {"statement": "It is not."}]))
            self.assertEqual(os.stat(ids).st_mtime_ns, 0)
            self.assertNotEqual(os.stat(table).st_mtime_ns, 0)

    def test_names_the_line_where_it_is_no_json(self):
        self.expect_refused(self.generate('[\n{"id": }'), "r.json: ", "line 2, column 8")
        self.expect_refused(self.generate("[]", "{"), "n.json: ", "line 1")

    def test_names_the_entry_that_lacks_something(self):
        bad = {key: value for key, value in GOOD.items() if key != "observe"}
        self.expect_refused(self.generate(json.dumps([GOOD, bad])),
                            'r.json: entry 2 ("a.b"): expected a string in observe')
        self.expect_refused(self.generate("[7]"), "r.json: entry 1: expected an object")
        self.expect_refused(self.generate("{}"), "r.json: expected an array of entries")

    def test_names_an_unknown_level_or_version_and_an_id_that_stands_twice(self):
        self.expect_refused(self.generate(json.dumps([GOOD | {"level": "OUGHT"}])),
                            "r.json: entry 'a.b': unknown level 'OUGHT'")
        self.expect_refused(self.generate(json.dumps([GOOD | {"since": "3"}])),
                            "r.json: entry 'a.b': unknown version '3'")
        self.expect_refused(self.generate(json.dumps([GOOD, GOOD])), "'a.b' stands there twice")

    def test_names_a_reason_for_an_id_that_is_none(self):
        self.expect_refused(self.generate(json.dumps([GOOD]), '{"a.c": "why"}'),
                            "n.json: 'a.c' is none of the catalogue's ids")


if __name__ == "__main__":
    unittest.main()
