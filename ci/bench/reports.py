#!/usr/bin/env python3
"""What reports cost: all formats of a full run, and histories of many.

  ci/bench/reports.py PROGRAM [RUNS]

Judges the bundled registry, and one with a fault, so that there are findings; then makes every report of
each, and the history of RUNS (1,000) of the latter, a result a day. Likewise of RUNS load runs of the workload
mixed, whose seconds are repeated to two minutes.
Prints the best of five: wall time, processor time and the most memory.
"""
import datetime
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "peers"))
from served import served  # noqa: E402

FORMATS = ["console", "html", "junit", "markdown", "annotations", "sarif", "badge", "badge-json", "results-yaml", "prometheus",
           "json"]


def measured(arguments):
    """Wall and processor seconds, and MiB, of one run of the program."""
    began = time.monotonic()
    process = subprocess.Popen(arguments, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{arguments[:3]} ended with {process.returncode}")
    return time.monotonic() - began, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def best(arguments, times=5):
    return [min(column) for column in zip(*(measured(arguments) for _ in range(times)))]


def tell(what, figures, wall_bar, memory_bar=None):
    wall, cpu, memory = figures
    bar = f"bar {wall_bar * 1000:.0f} ms" + (f", {memory_bar} MiB" if memory_bar else "")
    print(f"{what:<44}  {wall * 1000:>7.0f} ms  {cpu * 1000:>7.0f} ms CPU  {memory:>5.0f} MiB  ({bar})")


def judge(program, folder, *flags):
    subprocess.run([program, "test", "--log", "error", "--output", folder, *flags], check=True,
                   stdout=subprocess.DEVNULL)
    return folder / "result.json"


def faulty(program, folder):
    """Against a registry that breaks a rule."""
    with served(program, "--fault", "blob-get-absent-200") as address:
        subprocess.run([program, "test", f"http://{address}", "--log", "error", "--output", folder], stdout=subprocess.DEVNULL,
                       check=False)
    return folder / "result.json"


def load(program, folder):
    """A short run, with two minutes of seconds."""
    with served(program) as address:
        subprocess.run([program, "load", f"http://{address}", "--workload", "mixed", "--clients", "4", "--duration", "10s",
                        "--slo", "errors<1%", "--output", folder], stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL, check=True)
    result = folder / "result.json"
    document = json.loads(result.read_text(encoding="utf-8"))
    document["series"] = (document["series"] * 120)[:120]
    result.write_text(json.dumps(document, separators=(",", ":")), encoding="utf-8")
    return result


def fill(history, result, runs):
    document = json.loads(result.read_text(encoding="utf-8"))
    start = datetime.datetime(2020, 1, 1)
    for i in range(runs):
        document["run_id"] = f"{i:08x}"
        document["started"] = (start + datetime.timedelta(days=i)).strftime("%Y-%m-%dT%H:%M:%SZ")
        (history / f"{i:06}.json").write_text(json.dumps(document, separators=(",", ":")), encoding="utf-8")


def main():
    program = os.path.abspath(sys.argv[1])
    runs = int(sys.argv[2]) if len(sys.argv) > 2 else 1000
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        all_formats = [flag for one in FORMATS for flag in (f"--{one}", str(folder / one))]
        clean = judge(program, folder / "clean")
        broken = faulty(program, folder / "broken")
        for what, result in (("a clean run", clean), ("a run with findings", broken)):
            size = result.stat().st_size / 1024
            tell(f"every report of {what} ({size:.0f} KiB)", best([program, "report", result, *all_formats]), 0.2, 64)
        loaded = load(program, folder / "load")
        for what, result in (("runs", broken), ("load runs", loaded)):
            history = folder / what
            history.mkdir()
            fill(history, result, runs)
            size = result.stat().st_size / 1024
            tell(f"a history of {runs} {what} ({size:.0f} KiB each)", best([program, "report", "--history", history]), 2)
            page = str(folder / "history.html")
            tell(f"a history of {runs} {what}, page", best([program, "report", "--history", history, "--html", page]), 2)
            print(f"{'':<44}  {os.path.getsize(page) / 1e6:>7.2f} MB of page  (bar 2 MB)")


main()
