"""Judges Debian's docker-registry on loopback, and compares what is found with what is expected.

  docker_registry_test.py PROGRAM [--update]

A finding that is new or that is gone fails. Without docker-registry on the machine the test is
skipped (exit code 77), but for CI=true, where it fails.
"""
import contextlib
import os
import re
import shutil
import subprocess
import sys
import tempfile

from findings import compare
from served import skip

EXPECTED = os.path.join(os.path.dirname(os.path.abspath(__file__)), "docker_registry.expected.json")
CONFIGURATION = """version: 0.1
log: {{level: info}}
storage:
  filesystem: {{rootdirectory: {folder}}}
  delete: {{enabled: true}}
http: {{addr: 127.0.0.1:0}}
"""


def registry_folder():
    """A temporary folder for a registry: in memory where there is room, since a run leaves over a
    thousand files, whose removal takes longer than the run on some disks."""
    memory, enough = "/dev/shm", 512 << 20
    has_room = os.path.isdir(memory) and shutil.disk_usage(memory).free >= enough
    return tempfile.TemporaryDirectory(dir=memory if has_room else None)


@contextlib.contextmanager
def running(folder, registry="docker-registry", upstream=None, settings=""):
    """Gives the URL that it says it listens on; its log goes to a file.

    `registry` is the program, also a later one of the same family; `upstream` the URL of the registry
    that it fetches from, as a cache to which nothing can be pushed; `settings` is YAML that its
    configuration has beside.
    """
    path = os.path.join(folder, "config.yml")
    with open(path, "w", encoding="utf-8") as file:
        file.write(CONFIGURATION.format(folder=os.path.join(folder, "data")))
        if upstream:
            file.write(f"proxy: {{remoteurl: {upstream}}}\n")
        file.write(settings)
    process = subprocess.Popen([registry, "serve", path], stderr=subprocess.PIPE,
                               stdout=subprocess.DEVNULL, text=True)
    try:
        found = None
        for line in process.stderr:
            found = re.search(r"listening on (127\.0\.0\.1:\d+)", line)
            if found:
                break
        if not found:
            raise RuntimeError(f"{registry} ended with {process.wait()} before it listened")
        # It goes on to log each request: somebody has to read, or it would stop.
        with open(os.path.join(folder, "log"), "w", encoding="utf-8") as log:
            drain = subprocess.Popen(["cat"], stdin=process.stderr, stdout=log)
        try:
            yield "http://" + found[1]
        finally:
            process.terminate()
            drain.wait()
    finally:
        process.terminate()
        process.wait()
        process.stderr.close()


def main(program, *flags):
    if not shutil.which("docker-registry"):
        skip("docker-registry is not on this machine: ci/setup installs it")
    with registry_folder() as folder, running(folder) as url:
        return compare(program, url, EXPECTED, "--update" in flags)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
