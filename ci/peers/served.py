"""A running `plimsoll serve`, and how a peer test ends where its peer is not on the machine."""
import contextlib
import os
import subprocess
import sys


@contextlib.contextmanager
def running(program, *flags, **variables):
    """Gives the process and HOST:PORT of a registry that runs as long as the block does."""
    process = subprocess.Popen([program, "serve", "--listen", "127.0.0.1:0", *flags],
                               stdout=subprocess.PIPE, text=True, env=os.environ | variables)
    try:
        line = process.stdout.readline()
        if not line:
            raise RuntimeError("plimsoll serve did not start")
        yield process, line.split("//")[-1].strip()
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()


@contextlib.contextmanager
def served(program, *flags, **variables):
    """Gives HOST:PORT alone."""
    with running(program, *flags, **variables) as (_, address):
        yield address


def environment(**variables):
    """This process' variables without the settings of the program that it may have, and with these."""
    return {name: value for name, value in os.environ.items()
            if not name.startswith(("OCI_", "PLIMSOLL_"))} | variables


def skip(why):
    """Ends the test: skipped (exit code 77), but failed for CI=true."""
    print(why)
    sys.exit(1 if os.environ.get("CI") == "true" else 77)
