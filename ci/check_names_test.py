#!/usr/bin/env python3
"""ci/check_names.py on small sources: what it counts, what it prints, and when it fails."""
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

TOOL = Path(__file__).resolve().parent / "check_names.py"


class Names(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.root = Path(temporary.name)

    def write(self, path, code):
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(code, encoding="utf-8")

    def check(self, *arguments):
        process = subprocess.run([sys.executable, TOOL, *arguments], cwd=self.root, capture_output=True, text=True,
                                 timeout=60, check=False)
        self.assertEqual(process.stderr, "")
        return process.returncode, process.stdout

    def listed(self, code):
        self.write("area/module/a.cpp", code)
        lines = self.check("--list", "area")[1].splitlines()
        return [line.split(": ")[1] for line in lines if line.startswith("area/module/a.cpp:")]

    def test_locals_parameters_and_members_count(self):
        self.assertEqual(self.listed("int f(const std::string& who) {\n  for (const auto& one : who) g(one);\n}\n"
                                     "struct s {\n  int of_;\n};\n"), ["who", "one", "of_"])

    def test_other_names_uses_and_text_do_not_count(self):
        self.assertEqual(self.listed("// int one;\nint request = 1'000'000;  /* int to; */\nauto text = \"int what;\";\n"
                                     "int number = other + 'x';\nint f() {\n  g(one, to + 1);\n}\n"), [])

    def test_a_place_has_its_file_line_and_declaration(self):
        self.write("area/module/a.cpp", "\n\nint made = 1;\n")
        self.assertIn("area/module/a.cpp:3: made: int made = 1;\n", self.check("--list", "area")[1])

    def test_tests_are_left_out_unless_asked_for(self):
        self.write("area/module/a_test.cpp", "int one = 1;\n")
        self.assertNotIn("one", self.check("--list", "area")[1])
        self.assertIn("one", self.check("--list", "--tests", "area")[1])

    def test_a_tree_above_the_limit_fails_even_where_the_whole_is_below(self):
        self.write("area/good/a.cpp", "int request = 1;\n" * 1000)
        self.write("area/bad/a.cpp", "int request = 1;\n" * 8 + "int one = 1;\nint to = 1;\n")
        code, output = self.check("--most", "2", "area")
        self.assertEqual(code, 1)
        self.assertRegex(output, r"area/bad +2 of +10 +20\.0 %  more than 2 %\n")
        self.assertRegex(output, r"area/good +0 of +1000 +0\.0 %\n")
        self.assertRegex(output, r"all +2 of +1010 +0\.2 %\n")
        self.assertEqual(self.check("--most", "20", "area")[0], 0)

    def test_one_name_alone_is_no_share(self):
        self.write("area/small/a.cpp", "int one = 1;\nint request = 1;\n")
        self.assertEqual(self.check("--most", "2", "area")[0], 0)

    def test_public_headers_are_a_tree_a_module(self):
        self.write("include/plimsoll/http/a.hpp", "int one = 1;\n")
        self.assertRegex(self.check("include")[1], r"include/plimsoll/http +1 of +1 ")


if __name__ == "__main__":
    unittest.main()
