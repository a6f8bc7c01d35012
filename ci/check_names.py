#!/usr/bin/env python3
"""Counts variables, parameters and members that are named by function words, such as `one`, `to`, `what` or `made`.

  check_names.py [--most PERCENT] [--list] [--tests] [FOLDER_OR_FILE...]

A name is what follows a type and precedes `=`, `;`, `,`, `:`, `)` or `{` (`return NAME;` has that form too); it counts where
it is one of the words below, with or without a trailing underscore. Tests (`*_test.cpp`) are left out unless `--tests` is given.
Without arguments the C++ sources that git knows below the working folder are read.

Prints a line for each tree (two folders deep, three below `include`) and one for all of them together; `--list` prints
`file:line: name: declaration` before that. Exits 1 where a tree, or all of them together, has more than PERCENT of such
names, and more than one: in a small tree one name would be a large share.
"""
import argparse
import collections
import re
import subprocess
import sys
from pathlib import Path, PurePosixPath

FUNCTION_WORDS = frozenset(
    "one what who how why where when to from of with by at on in as is has made found told asked taken given here there "
    "such this that these those whom whose which then than so".split())
NAME = re.compile(
    r"\b(?:const )?(?:auto|[a-z_:]+(?:<[^<>]*>)?)[&*]* (?:const )?([a-z_]+)(?= ?[=;,:){])")
NO_DECLARATION = frozenset(("return", "const", "else", "case"))
TEXT = re.compile(r'//[^\n]*|/\*.*?\*/|R"\((?:.*?)\)"|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)
DIGIT_SEPARATOR = re.compile(r"(?<=[0-9a-fA-F])'(?=[0-9a-fA-F])")


def without_text(code):
    """Comments and literals become spaces; line breaks stay, so that line numbers hold."""
    return TEXT.sub(lambda match: re.sub(r"[^\n]", " ", match.group(0)), DIGIT_SEPARATOR.sub("0", code))


def declarations(code):
    """Every declared name with its line, from 1."""
    plain = without_text(code)
    for match in NAME.finditer(plain):
        if match.group(1) not in NO_DECLARATION:
            yield match.group(1), plain.count("\n", 0, match.start(1)) + 1


def tree_of(path):
    parts = PurePosixPath(path).parts
    depth = 3 if parts[0] == "include" else 2
    return "/".join(parts[:min(depth, max(1, len(parts) - 1))])


def sources(paths, tests):
    """The C++ files among `paths`, folders searched; those of git where there are none."""
    if paths:
        listed = [path for given in map(Path, paths) for path in (sorted(given.rglob("*")) if given.is_dir() else [given])]
        names = [path.as_posix() for path in listed]
    else:
        names = subprocess.run(["git", "ls-files"], capture_output=True, text=True, check=True).stdout.splitlines()
    return [name for name in names
            if name.endswith((".cpp", ".hpp")) and (tests or not name.endswith("_test.cpp"))]


def percent(count, total):
    return 100 * count / total if total else 0.0


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--most", type=float, default=100.0, metavar="PERCENT")
    arguments.add_argument("--list", action="store_true")
    arguments.add_argument("--tests", action="store_true")
    arguments.add_argument("paths", nargs="*")
    options = arguments.parse_args()

    total, words = collections.Counter(), collections.Counter()
    for file in sources(options.paths, options.tests):
        code = Path(file).read_text(encoding="utf-8")
        lines = code.splitlines()
        for name, line in declarations(code):
            total[tree_of(file)] += 1
            if name.rstrip("_") not in FUNCTION_WORDS:
                continue
            words[tree_of(file)] += 1
            if options.list:
                print(f"{file}:{line}: {name}: {lines[line - 1].strip()}")

    failed = False
    everything = ("all", sum(words.values()), sum(total.values()))
    for tree, count, names in [*((tree, words[tree], total[tree]) for tree in sorted(total)), everything]:
        share = percent(count, names)
        too_many = share > options.most and count > 1
        failed = failed or too_many
        mark = f"  more than {options.most:g} %" if too_many else ""
        print(f"{tree:<40} {count:>5} of {names:>6} {share:>5.1f} %{mark}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
