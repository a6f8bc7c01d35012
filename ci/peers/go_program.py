"""Builds a peer that is written in Go, once."""
import glob
import json
import os
import platform
import re
import shutil
import subprocess

from served import skip

OLDEST = (1, 25)  # What the peers' go.mod ask for.
TOOLCHAIN = "go1.26.6"  # Taken where the machine's own Go is older, as Debian 12's is.


def built(cache, module, version):
    """The program's path. Skips the test where it cannot be built."""
    folder = os.path.join(os.path.abspath(cache), version)
    name = module.split("/")[-1]
    program = os.path.join(folder, name)
    if os.path.exists(program):
        return program
    ran = subprocess.run([go(), "install", f"{module}@{version}"], text=True, capture_output=True,
                         timeout=900, env={**os.environ, "GOBIN": folder, "GOTOOLCHAIN": "local"})
    if ran.returncode != 0:
        skip(f"{name} cannot be built:\n{ran.stderr}")
    return program


def go():
    """The go command: the machine's own, or a newer one that it fetches as a module."""
    if not shutil.which("go"):
        skip("Go is not on this machine, so the peer that is written in it is not asked: install golang-go")
    own = subprocess.run(["go", "version"], text=True, capture_output=True, check=True).stdout
    if tuple(int(part) for part in re.search(r"go(\d+)\.(\d+)", own).groups()) >= OLDEST:
        return "go"
    machine = {"x86_64": "amd64", "aarch64": "arm64"}.get(platform.machine(), platform.machine())
    ran = subprocess.run(["go", "mod", "download", "-json",
                          f"golang.org/toolchain@v0.0.1-{TOOLCHAIN}.linux-{machine}"],
                         text=True, capture_output=True, timeout=600, cwd="/")
    if ran.returncode != 0:
        skip(f"{own.strip()} is too old for the peers, and {TOOLCHAIN} cannot be fetched:\n"
             f"{ran.stdout}{ran.stderr}")
    root = json.loads(ran.stdout)["Dir"]
    # A module's files come without the right to run them.
    for pattern in ("bin/*", "pkg/tool/*/*"):
        for program in glob.glob(os.path.join(root, pattern)):
            os.chmod(program, 0o555)
    return os.path.join(root, "bin", "go")
