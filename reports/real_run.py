"""A run of the program on the registry that it serves, for the tests of single reports."""
import contextlib
import os
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "ci", "peers"))
from served import environment, served  # noqa: E402


@contextlib.contextmanager
def judged(program, flags, *arguments):
    """The exit code, and the folder with all reports, of a run on a registry with these flags."""
    with served(program, *flags) as address, tempfile.TemporaryDirectory() as folder:
        ran = subprocess.run([program, "test", f"http://{address}", "--output", folder, "--log", "error",
                              *arguments],
                             env=environment(), cwd=folder, capture_output=True, timeout=240)
        yield ran.returncode, pathlib.Path(folder)
