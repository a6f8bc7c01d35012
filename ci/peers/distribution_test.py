"""Judges distribution's registry 3 on loopback, and compares what is found with what is expected.

  distribution_test.py PROGRAM CACHE [--update]

Builds it with Go into the folder CACHE once. A finding that is new or that is gone fails. Where it
cannot be built the test is skipped (exit code 77), but for CI=true, where it fails.
"""
import os
import sys

from docker_registry_test import registry_folder, running
from findings import compare
from go_program import built

VERSION = "v3.0.0"
MODULE = "github.com/distribution/distribution/v3/cmd/registry"
EXPECTED = os.path.join(os.path.dirname(os.path.abspath(__file__)), "distribution.expected.json")


def main(program, cache, *flags):
    registry = built(cache, MODULE, VERSION)
    with registry_folder() as folder, running(folder, registry) as url:
        return compare(program, url, EXPECTED, "--update" in flags)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
