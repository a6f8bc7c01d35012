"""Judges Debian's docker-registry on loopback, and compares what is found with what is expected.

  docker_registry_test.py PROGRAM

A finding that is new or that is gone fails. Without docker-registry on the machine the test is
skipped (exit code 77), but for CI=true, where it fails.
"""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

EXPECTED = os.path.join(os.path.dirname(os.path.abspath(__file__)), "docker_registry.expected.json")
CONFIGURATION = """version: 0.1
log: {{level: info}}
storage:
  filesystem: {{rootdirectory: {folder}}}
  delete: {{enabled: true}}
http: {{addr: 127.0.0.1:0}}
"""


def start(folder):
    """The process, and the URL that it says it listens on; its log goes to a file."""
    path = os.path.join(folder, "config.yml")
    log = os.path.join(folder, "log")
    with open(path, "w", encoding="utf-8") as file:
        file.write(CONFIGURATION.format(folder=os.path.join(folder, "data")))
    process = subprocess.Popen(["docker-registry", "serve", path], stderr=subprocess.PIPE,
                               stdout=subprocess.DEVNULL, text=True)
    for line in process.stderr:
        found = re.search(r"listening on (127\.0\.0\.1:\d+)", line)
        if found:
            # It goes on to log each request: somebody has to read, or it would stop.
            drain = subprocess.Popen(["cat"], stdin=process.stderr, stdout=open(log, "w"))
            return process, drain, "http://" + found[1]
    raise RuntimeError(f"docker-registry ended with {process.wait()} before it listened")


def findings_of(result):
    scenarios = result.get("scenarios") or next(
        v["scenarios"] for v in result.values() if isinstance(v, dict) and "scenarios" in v)
    out = {}
    for scenario in scenarios:
        broken = {check["requirement"]: check["verdict"] for check in scenario["checks"]
                  if check["verdict"] != "pass"}
        if broken or scenario["verdict"] not in ("pass", "skipped"):
            out[scenario["id"]] = {"verdict": scenario["verdict"], "checks": broken}
    return out


def judge(program, folder):
    process, drain, url = start(folder)
    try:
        ran = subprocess.run([program, "test", url, "--output", folder], capture_output=True,
                             text=True, timeout=120, stdin=subprocess.DEVNULL)
        with open(os.path.join(folder, "result.json"), encoding="utf-8") as file:
            return ran, findings_of(json.load(file))
    finally:
        process.terminate()
        process.wait()
        drain.wait()
        process.stderr.close()


def main(program):
    if not shutil.which("docker-registry"):
        print("docker-registry is not on this machine: ci/setup installs it")
        return 1 if os.environ.get("CI") == "true" else 77
    with tempfile.TemporaryDirectory() as folder:
        ran, found = judge(program, folder)
    with open(EXPECTED, encoding="utf-8") as file:
        expected = json.load(file)["findings"]
    wanted = {id: {"verdict": one["verdict"], "checks": one["checks"]}
              for id, one in expected.items()}
    if found == wanted:
        print("docker-registry: the findings are those expected, exit code", ran.returncode)
        return 0
    print(ran.stdout, ran.stderr, sep="\n")
    print("found:   ", json.dumps(found, indent=1, sort_keys=True))
    print("expected:", json.dumps(wanted, indent=1, sort_keys=True))
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
