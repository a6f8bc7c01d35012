"""Judges `crane registry serve` on loopback, and compares what is found with what is expected.

  crane_test.py PROGRAM CACHE [--update]

Builds crane with Go into the folder CACHE once. A finding that is new or that is gone fails. Where
crane cannot be built the test is skipped (exit code 77), but for CI=true, where it fails.
"""
import contextlib
import os
import re
import subprocess
import sys

from findings import compare
from go_program import built

VERSION = "v0.22.1"
MODULE = "github.com/google/go-containerregistry/cmd/crane"
EXPECTED = os.path.join(os.path.dirname(os.path.abspath(__file__)), "crane.expected.json")


@contextlib.contextmanager
def running(crane):
    """Gives the URL that it says it listens on; its registry is in memory."""
    process = subprocess.Popen([crane, "registry", "serve", "--address", "127.0.0.1:0"],
                               stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
    drain = None
    try:
        found = None
        for line in process.stderr:
            found = re.search(r"serving on port (\d+)|127\.0\.0\.1:(\d+)", line)
            if found:
                break
        if not found:
            raise RuntimeError(f"crane ended with {process.wait()} before it listened")
        # It logs each request: somebody has to read, or it would stop.
        drain = subprocess.Popen(["cat"], stdin=process.stderr, stdout=subprocess.DEVNULL)
        yield f"http://127.0.0.1:{found[1] or found[2]}"
    finally:
        process.terminate()
        process.wait()
        if drain:
            drain.wait()
        process.stderr.close()


def main(program, cache, *flags):
    with running(built(cache, MODULE, VERSION)) as url:
        return compare(program, url, EXPECTED, "--update" in flags)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
