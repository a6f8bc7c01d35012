"""Builds a peer that is written in Go, once."""
import os
import shutil
import subprocess

from served import skip


def built(cache, module, version):
    """The program's path. Skips the test where it cannot be built."""
    folder = os.path.join(os.path.abspath(cache), version)
    name = module.split("/")[-1]
    program = os.path.join(folder, name)
    if os.path.exists(program):
        return program
    if not shutil.which("go"):
        skip(f"Go is not on this machine: {name} is not judged")
    ran = subprocess.run(["go", "install", f"{module}@{version}"], text=True, capture_output=True,
                         timeout=900, env={**os.environ, "GOBIN": folder})
    if ran.returncode != 0:
        skip(f"{name} cannot be built:\n{ran.stderr}")
    return program
