"""The JUnit report of real runs of the program: on a registry that breaks a rule and lacks what is
optional, on one that ignores a recommendation, and on one that is good.

  real_runs_test.py PROGRAM
"""
import os
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
import junit_schema
import real_run

PROGRAM = os.path.abspath(sys.argv.pop(1))


def judged(*flags):
    """Exit code, the report's root, and its size, of a run on a registry with these flags."""
    with real_run.judged(PROGRAM, flags) as (code, folder):
        report = folder / "junit.xml"
        return code, junit_schema.valid(report), report.stat().st_size


def names(root):
    return [case.get("name") for case in root.iter("testcase")]


def properties(root):
    return {one.get("name"): one.get("value") for one in root.iter("property")}


class BrokenRegistry(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.code, cls.root, _ = judged("--fault", "chunk-answers-204", "--no-deletes", "--no-referrers")

    def case(self, name):
        return next(case for case in self.root.iter("testcase") if case.get("name") == name)

    def test_a_broken_rule_is_a_failure_with_what_was_expected_and_came(self):
        self.assertEqual(self.code, 1)
        failure = self.case("push/blob-in-chunks").find("failure")
        self.assertEqual(failure.get("type"), "push.chunk.202")
        self.assertIn("expected status 202, received status 204", failure.get("message"))
        self.assertIn("curl ", failure.text)
        self.assertEqual(properties(self.root)["verdict:push/blob-in-chunks"], "fail")

    def test_a_transcript_is_there_for_what_failed_alone(self):
        for case in self.root.iter("testcase"):
            told = case.findtext("system-out") or ""
            failed = case.find("failure") is not None
            self.assertEqual("transcript:" in told, failed, case.get("name"))

    def test_what_is_absent_or_switched_off_is_skipped_with_the_reason(self):
        said = [one.get("message") for one in self.root.iter("skipped")]
        self.assertTrue(any(one.startswith("not offered: ") for one in said), said)
        self.assertTrue(any(one.startswith("skipped: ") for one in said), said)

    def test_requirements_stand_beside_their_levels(self):
        for name, value in properties(self.root).items():
            if name.startswith("requirements:"):
                levels = properties(self.root)["levels:" + name.removeprefix("requirements:")]
                self.assertEqual(len(value.split(", ")), len(levels.split(", ")), name)


class RegistryThatIgnoresAdvice(unittest.TestCase):
    def test_a_warning_is_seen_and_is_no_failure(self):
        code, root, _ = judged("--fault", "mount-500")
        self.assertEqual(code, 0)
        self.assertEqual(list(root.iter("failure")), [])
        self.assertEqual(properties(root)["verdict:push/mount"], "warn")
        case = next(one for one in root.iter("testcase") if one.get("name") == "push/mount")
        self.assertIn("warn: a recommendation was not followed", case.findtext("system-out"))
        self.assertIn("push.mount.fallback-202.unsupported (SHOULD)", case.findtext("system-out"))


class GoodRegistry(unittest.TestCase):
    def test_two_runs_have_the_same_names_in_less_than_a_megabyte(self):
        first, root, size = judged()
        second, again, _ = judged()
        self.assertEqual((first, second), (0, 0))
        self.assertEqual(names(root), names(again))
        self.assertEqual(list(properties(root)), list(properties(again)))
        self.assertLess(size, 1_000_000)
        self.assertEqual(list(root.iter("failure")), [])
        self.assertFalse(any("transcript:" in (one.text or "") for one in root.iter("system-out")))
        print(f"{len(names(root))} cases in {size} bytes")


if __name__ == "__main__":
    unittest.main()
