#!/usr/bin/env python3
"""What the reference registry costs: CPU for each GET beside nginx with the same files, and the
memory that 4 GiB take on their way in and out.

  registry.py PROGRAM [--runs N] [--seconds N] [--skip-large]

PROGRAM is a release build of plimsoll. Needs nginx, wrk and curl (Debian packages of those names).
The two servers take turns under the same load, one thread each; the figures are the CPU time of the
server's process, so that other work on the machine disturbs them less than it does a rate. It
measures and does not judge.
"""
import argparse
import contextlib
import http.client
import os
import re
import statistics
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "peers"))
from served import running  # noqa: E402
from servers import cpu_seconds, nginx, peak_mib, push  # noqa: E402

SIZES = {"1 KiB": (1024, 16), "1 MiB": (1 << 20, 4)}  # and the connections of the load


def load(pid, url, connections, seconds):
    """CPU seconds for one request."""
    before = cpu_seconds(pid)
    out = subprocess.run(["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", url], check=True,
                         capture_output=True, text=True).stdout
    spent = cpu_seconds(pid) - before
    if "Non-2xx" in out or "Socket errors" in out:
        raise RuntimeError(f"{url}: {out}")
    return spent / int(re.search(r"(\d+) requests in", out)[1])


def compare(program, runs, seconds):
    with tempfile.TemporaryDirectory() as store, contextlib.ExitStack() as stack:
        folder, folder_address = stack.enter_context(running(program, "--store", store))
        memory, memory_address = stack.enter_context(running(program))
        pid, address = stack.enter_context(nginx(os.path.join(store, "app", "blobs", "sha256")))
        for name, (size, connections) in SIZES.items():
            body = os.urandom(size)
            digest = push(folder_address, body)
            push(memory_address, body)
            path = f"/v2/app/blobs/sha256:{digest}"
            servers = {"nginx": (pid, f"http://{address}/{digest}"),
                       "folder": (folder.pid, f"http://{folder_address}{path}"),
                       "memory": (memory.pid, f"http://{memory_address}{path}")}
            costs = {server: [] for server in servers}
            for _ in range(runs):
                for server, (process, url) in servers.items():
                    costs[server].append(load(process, url, connections, seconds))
            report(name, size, costs)


def report(name, size, costs):
    print(f"GET of {name}: CPU microseconds for a request, minimum / median / maximum of "
          f"{len(costs['nginx'])} runs")
    base = statistics.median(costs["nginx"])
    for server, values in costs.items():
        middle = statistics.median(values)
        print(f"  {server:7} {min(values) * 1e6:8.2f} / {middle * 1e6:8.2f} / "
              f"{max(values) * 1e6:8.2f}   {middle / size * 1e12:8.2f} ps a byte   "
              f"{middle / base:.2f} x nginx")


def large(program):
    """4 GiB in one PUT, and out again."""
    with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR", "/var/tmp")) as folder:
        source = os.path.join(folder, "source")
        with open(source, "wb") as file:
            file.truncate(4 << 30)
        digest = "sha256:" + subprocess.run(["sha256sum", source], check=True, capture_output=True,
                                            text=True).stdout.split()[0]
        store = os.path.join(folder, "store")
        with running(program, "--store", store) as (process, address):
            connection = http.client.HTTPConnection(address)
            connection.request("POST", "/v2/app/blobs/uploads/")
            location = connection.getresponse().headers["Location"]
            connection.close()
            pushed = curl("-T", source, "-w", "%{http_code}",
                          f"http://{address}{location}?digest={digest}")
            print(f"4 GiB push: status {pushed[0]}, curl {pushed[1]:.1f} MiB, "
                  f"registry {peak_mib(process.pid):.1f} MiB at most")
            pulled = curl("-o", "/dev/null", "-w", "%{http_code} %{size_download}",
                          f"http://{address}/v2/app/blobs/{digest}")
            print(f"4 GiB pull: status and bytes {pulled[0]}, curl {pulled[1]:.1f} MiB, "
                  f"registry {peak_mib(process.pid):.1f} MiB at most")


def curl(*arguments):
    """What it printed, and its peak memory in MiB."""
    process = subprocess.Popen(["curl", "-sS", *arguments], stdout=subprocess.PIPE, text=True)
    out = process.stdout.read()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = status
    process.stdout.close()
    return out.strip(), used.ru_maxrss / 1024


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("program")
    options.add_argument("--runs", type=int, default=7)
    options.add_argument("--seconds", type=int, default=3)
    options.add_argument("--skip-large", action="store_true")
    given = options.parse_args()
    compare(given.program, given.runs, given.seconds)
    if not given.skip_large:
        large(given.program)


if __name__ == "__main__":
    main()
