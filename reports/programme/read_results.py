#!/usr/bin/env python3
"""Has results.yaml of example runs read by a parser of its own, whatever a registry sent.

read_results.py PROGRAM: PROGRAM writes the examples into a folder.
"""
import os
import subprocess
import sys
import tempfile
from pathlib import Path

try:
    import yaml
except ImportError:
    print("python3-yaml is missing; ci/setup installs it")
    sys.exit(1 if os.environ.get("CI") == "true" else 77)

STATUSES = {"Pass", "Skip", "Disabled", "FAIL", "Error"}

with tempfile.TemporaryDirectory() as folder:
    subprocess.run([sys.argv[1], folder], check=True)
    for name in ("example", "hostile", "scripted"):
        read = yaml.safe_load((Path(folder) / f"{name}.yaml").read_text(encoding="utf-8"))
        assert list(read) == ["config", "plimsoll", "apis", "data"], read
        assert len(read["apis"]) == 28
        assert set(read["apis"].values()) | set(read["data"].values()) <= STATUSES, read
        assert read["config"]["registry"].startswith("localhost:5000")
        assert read["plimsoll"]["verdict"] == "fail"
