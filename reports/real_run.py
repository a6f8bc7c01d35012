"""A run of the program on the registry that it serves, for the tests of single reports."""
import contextlib
import os
import pathlib
import subprocess
import tempfile


@contextlib.contextmanager
def serving(program, *flags):
    process = subprocess.Popen([program, "serve", "--listen", "127.0.0.1:0", *flags],
                               stdout=subprocess.PIPE, text=True)
    try:
        yield process.stdout.readline().split()[-1]
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()


@contextlib.contextmanager
def judged(program, flags, *arguments):
    """The exit code, and the folder with all reports, of a run on a registry with these flags."""
    env = {name: value for name, value in os.environ.items()
           if not name.startswith(("OCI_", "PLIMSOLL_"))}
    with serving(program, *flags) as url, tempfile.TemporaryDirectory() as folder:
        ran = subprocess.run([program, "test", url, "--output", folder, "--log", "error", *arguments],
                             env=env, cwd=folder, capture_output=True, timeout=240)
        yield ran.returncode, pathlib.Path(folder)
