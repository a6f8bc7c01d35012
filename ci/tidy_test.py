#!/usr/bin/env python3
"""ci/tidy on a small project: what it finds, what it remembers, and what makes it look again."""
import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

TIDY = Path(__file__).resolve().parent / "tidy"


class Tidy(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.root = Path(temporary.name, "project")
        (self.root / "ci").mkdir(parents=True)
        self.tool = shutil.copy(TIDY, self.root / "ci" / "tidy")
        (self.root / ".clang-tidy").write_text("Checks: '-*,modernize-use-nullptr'\nWarningsAsErrors: '*'\n", encoding="utf-8")
        (self.root / ".clangd").write_text("", encoding="utf-8")
        self.source = self.root / "a.cpp"
        self.header = self.root / "a.hpp"
        self.header.write_text("#pragma once\n", encoding="utf-8")
        self.write("int* nowhere() { return nullptr; }")
        command = {"directory": str(self.root), "file": "a.cpp", "command": "clang++-14 -std=c++20 -c a.cpp"}
        (self.root / "compile_commands.json").write_text(json.dumps([command]), encoding="utf-8")
        self.environment = os.environ | {"XDG_CACHE_HOME": os.path.join(temporary.name, "cache")}

    def write(self, code):
        self.source.write_text('#include "a.hpp"\n' + code + "\n", encoding="utf-8")

    def tidy(self, *sources):
        ran = subprocess.run([sys.executable, self.tool, self.root,
                              *(word for one in sources or (self.source,) for word in ("--source", one))],
                             env=self.environment, capture_output=True, text=True, timeout=120, check=False)
        return ran.returncode, ran.stdout + ran.stderr

    def test_a_clean_file_is_read_once(self):
        self.assertEqual(self.tidy(), (0, "tidy: 1 files, 1 of them read, 0 findings\n"))
        self.assertEqual(self.tidy(), (0, "tidy: 1 files, 0 of them read, 0 findings\n"))

    def test_a_finding_is_told_each_time_until_it_is_gone(self):
        self.write("int* nowhere() { return 0; }")
        for _ in range(2):
            code, said = self.tidy()
            self.assertEqual(code, 1, said)
            self.assertRegex(said, r"^a\.cpp:2: use nullptr \[modernize-use-nullptr\]\n")
        self.write("int* nowhere() { return nullptr; }")
        self.assertEqual(self.tidy()[0], 0)

    def test_a_header_that_changed_is_a_reason_to_look_again(self):
        self.tidy()
        self.header.write_text("#pragma once\n#define NOWHERE 0\n", encoding="utf-8")
        self.assertIn("1 of them read", self.tidy()[1])

    def test_the_checks_are_those_of_the_configuration(self):
        self.write("int* nowhere() { return 0; }")
        (self.root / ".clangd").write_text("Diagnostics: {ClangTidy: {Remove: [modernize-use-nullptr]}}\n",
                                           encoding="utf-8")
        self.assertEqual(self.tidy()[0], 0)

    def test_headers_are_judged_by_themselves(self):
        self.header.write_text("#pragma once\ninline int* nowhere() { return 0; }\n", encoding="utf-8")
        code, said = self.tidy(self.header)
        self.assertEqual(code, 1, said)
        self.assertRegex(said, r"^a\.hpp:2: use nullptr ")

    def test_a_source_that_is_not_built_cannot_be_judged(self):
        other = self.root / "b.cpp"
        other.write_text("int b;\n", encoding="utf-8")
        code, said = self.tidy(other)
        self.assertEqual(code, 2, said)
        self.assertIn("b.cpp", said)

    def test_code_that_does_not_compile_is_a_finding(self):
        self.write("int broken( {")
        self.assertEqual(self.tidy()[0], 1)


if __name__ == "__main__":
    if not shutil.which("clangd-14"):
        print("skipped: no clangd-14 (apt-get install clangd-14)")
        sys.exit(1 if os.environ.get("CI") else 77)
    unittest.main()
