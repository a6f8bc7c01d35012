"""Load runs and their results. Histograms are as result.json has them: pairs of bucket and count in one list."""
import json
import math
import os
import subprocess
import sys

STEPS_BITS = 6  # as in plimsoll/load_values/histogram.hpp
EXACT_BELOW = 2 << STEPS_BITS


def count(histogram):
    return sum(histogram["buckets"][1::2])


def middle(index):
    """Nanoseconds in the middle of a bucket."""
    if index < EXACT_BELOW:
        return index
    shift = (index >> STEPS_BITS) - 1
    first = (index - (shift << STEPS_BITS)) << shift
    return first + ((1 << shift) - 1) // 2


def quantile(histogram, q):
    """Nanoseconds; the sample of the rank that `plimsoll` takes, to the same 1 %."""
    rank = math.ceil(q * count(histogram) * (1 - 1e-12))
    passed = 0
    for index, counted in zip(histogram["buckets"][::2], histogram["buckets"][1::2]):
        passed += counted
        if passed >= rank:
            return middle(index)
    raise ValueError("a histogram without samples")


def run(command):
    """CPU seconds of the process, its exit code, and what it printed."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    out = process.stdout.read()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    process.stdout.close()
    return used.ru_utime + used.ru_stime, process.returncode, out


def loaded(program, url, folder, *flags):
    """The result of a load run, and the CPU seconds of the whole process."""
    cpu, code, out = run([program, "load", url, "--output", folder, *flags])
    # 3 where the starts were late: some measure just that.
    if code not in (0, 3):
        sys.exit(out)
    with open(os.path.join(folder, "result.json"), encoding="utf-8") as file:
        return json.load(file), cpu
