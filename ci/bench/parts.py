#!/usr/bin/env python3
"""The micro-benchmarks (digesting, header parsing, histogram recording, blob generation), compared with
what they took when ci/bench/parts.json was recorded.

  parts.py PROGRAM [--repetitions N] [--threshold RATIO] [--baseline FILE] [--record]
  parts.py --results FILE ...

PROGRAM is build/bench/bin/bench_parts; FILE is what such a program wrote with --benchmark_out. The
figure of each is the least CPU time of all repetitions, since whatever else a machine does only adds to
it; the median is shown beside. The baseline has figures for each class of machine that it was recorded on;
--record writes those of this one anew.

Exit codes: 0 nothing takes RATIO times as long as it did, 1 something does, 2 bad usage, 3 could
not be judged: the baseline has no machine of this class, or a benchmark of it was not measured.
"""
import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile

BASELINE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "parts.json")
NANOSECONDS = {"ns": 1, "us": 1e3, "ms": 1e6, "s": 1e9}


def machine_class():
    """What decides CPU times most, and names no machine."""
    with open("/proc/cpuinfo", encoding="utf-8", errors="replace") as file:
        flags = next((line.split() for line in file if line.startswith(("flags", "Features"))), [])
    wanted = ("sha_ni", "sha2", "aes", "avx2", "avx512f")
    return " ".join([platform.machine(), *(one for one in wanted if one in flags)])


def measured(results):
    """By name: the CPU nanoseconds of each repetition, and the bytes of one iteration, 0 where it has none."""
    found = {}
    for one in results["benchmarks"]:
        if one.get("run_type", "iteration") != "iteration":
            continue
        if one.get("error_occurred"):
            raise ValueError(f"{one['name']}: {one.get('error_message', 'failed')}")
        nanoseconds = one["cpu_time"] * NANOSECONDS[one["time_unit"]]
        times, _ = found.setdefault(one["run_name"], ([], round(one.get("bytes_per_second", 0) * nanoseconds / 1e9)))
        times.append(nanoseconds)
    return found


def run(program, repetitions):
    with tempfile.TemporaryDirectory() as folder:
        out = os.path.join(folder, "results.json")
        # In turns, so that a busy second does not meet all repetitions of one.
        subprocess.run([program, f"--benchmark_repetitions={repetitions}", f"--benchmark_out={out}",
                        "--benchmark_enable_random_interleaving=true", "--benchmark_min_time=0.1"],
                       check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        with open(out, encoding="utf-8") as file:
            return json.load(file)


def baselines(path):
    """By class of machine."""
    with open(path, encoding="utf-8") as file:
        return {one["machine"]: one for one in json.load(file)}


def record(path, found, machine):
    known = baselines(path) if os.path.exists(path) else {}
    benchmarks = [{"name": name, "cpu_ns": round(min(times), 2), **({"bytes": size} if size else {})}
                  for name, (times, size) in sorted(found.items())]
    known[machine] = {"machine": machine, "least_of": min(len(times) for times, _ in found.values()),
                      "benchmarks": benchmarks}
    with open(path, "w", encoding="utf-8") as file:
        file.write("[\n" + ",\n".join(as_text(one) for _, one in sorted(known.items())) + "\n]\n")


def as_text(baseline):
    """A line a benchmark, so that a change of one shows as one."""
    lines = ",\n".join("      " + json.dumps(one) for one in baseline["benchmarks"])
    return (f'  {{\n    "machine": {json.dumps(baseline["machine"])},\n    "least_of": {baseline["least_of"]},\n'
            f'    "benchmarks": [\n{lines}\n    ]\n  }}')


def rate(size, nanoseconds):
    return f"{size / nanoseconds:9.2f} GB/s" if size else ""


def compare(found, baseline, threshold):
    """Prints a line each. Gives the names of what takes longer, and of what the baseline has alone."""
    known = {one["name"]: one["cpu_ns"] for one in baseline["benchmarks"]}
    slower = []
    print(f"{'':30} {'least':>14} {'median':>14} {'baseline':>14} {'ratio':>7}")
    for name, (times, size) in sorted(found.items()):
        least = min(times)
        line = f"{name:30} {least:11.1f} ns {statistics.median(times):11.1f} ns "
        if name not in known:
            print(f"{line} {'new':>13}         {rate(size, least)}".rstrip())
            continue
        ratio = least / known[name]
        if ratio >= threshold:
            slower.append(name)
        mark = "  SLOWER" if ratio >= threshold else ""
        print(f"{line}{known[name]:11.1f} ns {ratio:7.2f} {rate(size, least)}{mark}".rstrip())
    return slower, [name for name in known if name not in found]


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("program", nargs="?")
    options.add_argument("--results", help="of a run, instead of the program")
    options.add_argument("--repetitions", type=int, default=9)
    options.add_argument("--threshold", type=float, default=1.3, help="so many times as long is a regression")
    options.add_argument("--baseline", default=BASELINE)
    options.add_argument("--record", action="store_true", help="write the baseline anew")
    given = options.parse_args()
    if (given.program is None) == (given.results is None):
        options.error("expected the program, or --results")
    if given.threshold <= 1:
        options.error("--threshold expects a ratio above 1")
    if given.results:
        with open(given.results, encoding="utf-8") as file:
            results = json.load(file)
    else:
        print(f"load of the machine {os.getloadavg()[0]:.1f}")
        results = run(given.program, given.repetitions)
    found, machine = measured(results), machine_class()
    if given.record:
        record(given.baseline, found, machine)
        return 0
    known = baselines(given.baseline)
    slower, missing = compare(found, known.get(machine, {"benchmarks": []}), given.threshold)
    if machine not in known:
        print(f"not comparable: the baseline is of {', '.join(known)}, this is {machine}; --record adds it")
        return 3
    if missing:
        print(f"not measured: {', '.join(missing)}")
        return 3
    print(f"slower than {given.threshold} times the baseline: {', '.join(slower) or 'none'}")
    return 1 if slower else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (OSError, KeyError, ValueError, subprocess.CalledProcessError) as why:
        print(f"parts.py: {why}", file=sys.stderr)
        sys.exit(3)
