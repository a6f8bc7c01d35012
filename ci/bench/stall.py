#!/usr/bin/env python3
"""What a load run says of a server that freezes, beside what is true and what wrk says.

  stall.py PROGRAM [--seconds N] [--rate N] [--skip-wrk]

PROGRAM is a release build of plimsoll. An nginx is stopped for 1 s in every 10, while 1 KiB blobs
are asked for at a constant rate. On paper a tenth of all requests meets the stop, at any point of
it alike, so that the percentile q above 90 waits (q - 90) / 10 of a second, and then until those
that came before it in the stop are answered, as fast as this nginx answers 16 clients at its limit.
The real length of the stops is printed: the paper takes their mean. wrk asks as fast as it is
answered, so that a stop costs it one request a connection. It measures and does not judge.
"""
import argparse
import contextlib
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..", "peers")]
from results import count, loaded, quantile  # noqa: E402
from servers import nginx, small_blob  # noqa: E402

PERIOD, STOP = 10.0, 1.0


@contextlib.contextmanager
def frozen(pid):
    """Stops the process for the last second of each ten, and gives the list of the real lengths."""
    lengths, ended = [], threading.Event()
    begin = time.monotonic()

    def freeze():
        turn = 1
        while not ended.wait(begin + turn * PERIOD - STOP - time.monotonic()):
            os.kill(pid, signal.SIGSTOP)
            stopped = time.monotonic()
            ended.wait(begin + turn * PERIOD - stopped)
            os.kill(pid, signal.SIGCONT)
            lengths.append(time.monotonic() - stopped)
            turn += 1

    thread = threading.Thread(target=freeze)
    thread.start()
    try:
        yield lengths
    finally:
        ended.set()
        thread.join()


def limit_of(program, address, digest):
    """The requests that this nginx answers in a second."""
    with tempfile.TemporaryDirectory() as output:
        result, _ = loaded(program, f"http://{address}", output, "--existing", f"app@{digest}",
                           "--clients", "16", "--duration", "3s", "--threads", "1")
    return count(result["operations"][0]["latency"]) / result["measured_ns"] * 1e9


def on_paper(percent, stop, rate, limit):
    """Seconds that the request at that percentile waits: for the stop's end, and its turn."""
    rest = (percent - 100 * (1 - stop / PERIOD)) / 100 * PERIOD
    return rest + (stop - rest) * rate / limit


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("program")
    options.add_argument("--seconds", type=int, default=120, help="a multiple of 10")
    options.add_argument("--rate", type=int, default=200)
    options.add_argument("--skip-wrk", action="store_true")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as root, tempfile.TemporaryDirectory() as output:
        digest = small_blob(root)
        with nginx(root) as (pid, address):
            limit = limit_of(given.program, address, digest)
            with frozen(pid) as lengths:
                result, _ = loaded(given.program, f"http://{address}", output, "--existing", f"app@{digest}",
                                   "--rate", str(given.rate), "--duration", f"{given.seconds}s",
                                   "--clients", str(given.rate * 2), "--threads", "1")
            stop = statistics.mean(lengths)
            latency = result["operations"][0]["latency"]
            print(f"{count(latency)} requests at {given.rate}/s, limit {limit:.0f}/s; {len(lengths)} stops of "
                  f"{min(lengths):.3f} to {max(lengths):.3f} s; load of the machine {os.getloadavg()[0]:.1f}")
            print(f"{'':10} {'on paper':>10} {'plimsoll':>10} {'difference':>10}")
            for percent in (92, 95, 99, 99.9):
                paper = on_paper(percent, stop, given.rate, limit)
                found = quantile(latency, percent / 100) / 1e9
                print(f"p{percent:<9} {paper:9.3f}s {found:9.3f}s {found / paper - 1:10.2%}")
            if given.skip_wrk:
                return
            with frozen(pid):
                print(subprocess.run(
                    ["wrk", "-t1", "-c16", f"-d{given.seconds}s", "--latency",
                     f"http://{address}/v2/app/blobs/{digest}"], check=True, capture_output=True, text=True).stdout)


if __name__ == "__main__":
    main()
