#!/usr/bin/env python3
"""What reports cost: all formats of a full run, and a history of many.

  ci/bench/reports.py PROGRAM [RUNS]

Judges the bundled registry, and one with a fault, so that there are findings; then makes every report of
each, and the history of RUNS (1,000) of the latter, a result a day.
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

FORMATS = ["html", "junit", "markdown", "annotations", "sarif", "badge", "badge-json", "prometheus", "json"]


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
    serving = subprocess.Popen([program, "serve", "--listen", "127.0.0.1:0", "--fault", "blob-get-absent-200"],
                               stdout=subprocess.PIPE, text=True)
    try:
        url = serving.stdout.readline().split()[-1]
        subprocess.run([program, "test", url, "--log", "error", "--output", folder], stdout=subprocess.DEVNULL,
                       check=False)
    finally:
        serving.terminate()
        serving.wait()
    return folder / "result.json"


def fill(history, result, runs):
    document = json.loads(result.read_text(encoding="utf-8"))
    start = datetime.datetime(2020, 1, 1)
    for i in range(runs):
        document["run_id"] = f"{i:08x}"
        document["started"] = (start + datetime.timedelta(days=i)).strftime("%Y-%m-%dT%H:%M:%SZ")
        (history / f"{i:06}.json").write_text(json.dumps(document), encoding="utf-8")


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
        history = folder / "history"
        history.mkdir()
        fill(history, broken, runs)
        tell(f"a history of {runs} runs, terminal", best([program, "report", "--history", history]), 2)
        tell(f"a history of {runs} runs, page",
             best([program, "report", "--history", history, "--html", str(folder / "history.html")]), 2)


main()
