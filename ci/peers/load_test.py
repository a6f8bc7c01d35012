"""Runs each built-in workload, scaled down, on registries of three makers, replays logs of servers, runs
zb's tests, those of on-demand sync too, and asks for what cannot be.

  load_test.py PROGRAM CRANE_CACHE

On `plimsoll serve`, with TLS too where openssl is there, nothing may fail. docker-registry and
crane's registry lack endpoints, and answer with a status: that is counted, but no failure may be
the generator's own doing, as a broken connection, a wrong byte or a message that it cannot read
would be. Peers that are not on the machine are left out, but for CI=true, where they are built or
missed.
"""
import contextlib
import json
import os
import resource
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import urllib.request

import crane_test
import docker_registry_test
from served import running, served

WORKLOADS = ("catalogue", "hub2017", "large-blobs", "manifest-poll", "mixed", "ml", "production",
             "pull", "pull-storm", "push", "referrers", "tiny-blobs")
SMALL = ("--scale", "1e-7", "--operations", "40", "--clients", "4", "--seed", "1")
FAILED = []


def expect(condition, what):
    if not condition:
        FAILED.append(what)
        print(f"FAILED: {what}")


def load(program, url, *flags, **how):
    """The exit code, the result where there is one, and what was said."""
    with tempfile.TemporaryDirectory() as folder:
        output = how.pop("output", folder)
        ran = subprocess.run([program, "load", url, "--output", output, *flags], text=True,
                             capture_output=True, timeout=120, check=False, **how)
        path = os.path.join(output, "result.json")
        result = None
        if os.path.isfile(path):
            with open(path, encoding="utf-8") as file:
                result = json.load(file)
        return ran.returncode, result, ran.stdout + ran.stderr


def failures(result):
    return {one["name"] for work in result["operations"] for one in work["failures"]} - {"unfinished"}


def every_workload(program, registry, url, allowed, *flags):
    for name in WORKLOADS:
        pace = () if name == "pull-storm" else ("--duration", "1s")
        code, result, said = load(program, url, "--workload", name, *SMALL, *pace, *flags)
        if result is None:
            # A registry may refuse what the workload needs, and that is said.
            refused = allowed and code == 3 and "answered with" in said
            expect(refused, f"{name} on {registry}: exit code {code}, no result: {said}")
            continue
        expect(code in (0, 3), f"{name} on {registry}: exit code {code}: {said}")
        expect(failures(result) <= allowed,
               f"{name} on {registry}: {failures(result)}: {result['examples']}")
        if not allowed:
            done = sum(sum(work["latency"]["buckets"][1::2]) for work in result["operations"])
            expect(done > 0, f"{name} on {registry}: nothing succeeded")
            expect(not result["left_behind"], f"{name} on {registry}: {result['left_behind']}")


def replays(program, registry, url, allowed):
    """The logs that real servers wrote."""
    logs = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../harness/load_values/logs")
    for name in sorted(os.listdir(logs)):
        code, result, said = load(program, url, "--replay", os.path.join(logs, name), "--speed", "10")
        expect(result is not None, f"{name} on {registry}: exit code {code}: {said}")
        if result:
            expect(failures(result) <= allowed, f"{name} on {registry}: {failures(result)}: {result['examples']}")


def tests_of_zb(program, registry, url, allowed):
    with tempfile.TemporaryDirectory() as folder:
        ran = subprocess.run([program, "zb", url, "-c", "2", "-n", "4", "--scale", "0.001", "--output", folder],
                             text=True, capture_output=True, timeout=120, check=False)
        expect(ran.returncode in ((0, 1) if allowed else (0,)),
               f"zb on {registry}: exit code {ran.returncode}: {ran.stdout}{ran.stderr}")
        expect(len(os.listdir(folder)) == 16, f"zb on {registry}: {os.listdir(folder)}")
        for name in os.listdir(folder):
            with open(os.path.join(folder, name), encoding="utf-8") as file:
                result = json.load(file)
            expect(failures(result) <= allowed,
                   f"{result['workload']} on {registry}: {failures(result)}: {result['examples']}")


def on_demand_sync(program):
    """zb's two tests of it, on docker-registry as a cache of `plimsoll serve`."""
    with served(program) as address, tempfile.TemporaryDirectory() as folder:
        upstream = f"http://{address}"
        output = os.path.join(folder, "results")
        with docker_registry_test.running(folder, upstream=upstream) as url:
            ran = subprocess.run([program, "zb", url, "-u", upstream, "-t", "Sync", "-c", "2", "-n", "6", "--scale",
                                  "0.001", "--output", output], text=True, capture_output=True, timeout=120, check=False)
        expect(ran.returncode == 0, f"on-demand sync: exit code {ran.returncode}: {ran.stdout}{ran.stderr}")
        for name in ("on-demand-sync-100mb.json", "on-demand-sync-1gb.json"):
            with open(os.path.join(output, name), encoding="utf-8") as file:
                result = json.load(file)
            pulls = sum(sum(one["latency"]["buckets"][1::2]) for one in result["operations"])
            expect(pulls == 6, f"{name}: {pulls} pulls")
            expect(not failures(result), f"{name}: {failures(result)}: {result['examples']}")
            # Nothing can be deleted from such a cache, but the upstream is as it was.
            expect(all("upstream" not in one for one in result["left_behind"]), f"{name}: {result['left_behind']}")
        for repository in answer_of(f"{upstream}/v2/_catalog")["repositories"]:
            tags = answer_of(f"{upstream}/v2/{repository}/tags/list")["tags"]
            expect(not tags, f"on-demand sync: {repository} of the upstream still has {tags}")


def answer_of(url):
    with urllib.request.urlopen(url, timeout=30) as response:
        return json.load(response)


def refuses(program, url, code, text, *flags, **how):
    got, _, said = load(program, url, *flags, **how)
    expect(got == code and text in said, f"{flags}: exit code {got}, said: {said}")


def bad_input(program, url):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "wrong.yaml")
        with open(path, "w", encoding="ascii") as file:
            file.write("pacing: {clients: 1}\noperations:\n  pull: {do: blob-pull, wieght: 3}\n")
        refuses(program, url, 2, "weight", "--workload", path)
        with open(path, "w", encoding="ascii") as file:
            file.write("pacing: {rate: -5}\noperations:\n  pull: {do: blob-pull}\n")
        refuses(program, url, 2, "wrong.yaml:1", "--workload", path)
    refuses(program, url, 2, "--duration", "--duration", "0s")
    refuses(program, url, 2, "pul.p99", "--workload", "pull", "--slo", "pul.p99<1s")
    refuses(program, url, 2, "tiny-blobs", "--workload", "tiny-blob")


def too_few_descriptors(program, url):
    def few():
        resource.setrlimit(resource.RLIMIT_NOFILE, (200, 200))
        # Root could raise it: nobody may, without that capability.
        if os.geteuid() == 0:
            os.setuid(65534)

    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o777)
        refuses(program, url, 3, "ulimit -Hn", "--workload", "tiny-blobs", "--clients", "5000",
                preexec_fn=few, output=folder, env={"HOME": folder})


def no_room_for_results(program, url):
    """What is measured is shown all the same."""
    def small_files():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))

    with tempfile.TemporaryDirectory() as folder:
        ran = subprocess.run([program, "load", url, "--workload", "tiny-blobs", *SMALL, "--output", folder],
                             text=True, capture_output=True, timeout=120, check=False, preexec_fn=small_files)
        expect(ran.returncode == 3 and "result.json" in ran.stderr,
               f"no room for results: exit code {ran.returncode}, said: {ran.stderr}")
        expect("verdict:" in ran.stdout, f"no room for results: shown was {ran.stdout}")
        expect(not os.path.exists(os.path.join(folder, "result.json")), "no room for results: half a result is left")


def refused_pushes(program):
    os.environ["PLIMSOLL_PASSWORD"] = "secret"
    with served(program, "--username", "user") as address:
        del os.environ["PLIMSOLL_PASSWORD"]
        refuses(program, f"http://{address}", 3, "401", "--workload", "tiny-blobs", *SMALL)


def dies_within(program):
    """The registry is killed once the clock runs: the run goes on, counts, and reports."""
    with running(program) as (process, address), tempfile.TemporaryDirectory() as folder:
        run = subprocess.Popen([program, "load", f"http://{address}", "--workload", "tiny-blobs", "--scale", "1e-7",
                                "--clients", "4", "--duration", "2s", "--output", folder],
                               stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for line in run.stderr:
            if "running" in line:
                break
        process.send_signal(signal.SIGKILL)
        said = run.communicate(timeout=60)
        with open(os.path.join(folder, "result.json"), encoding="utf-8") as file:
            result = json.load(file)
        expect(failures(result) & {"connect", "reset"}, f"a registry that dies: {failures(result)}")
        expect(result["left_behind"], "a registry that dies: nothing is said of what is left behind")
        expect(run.returncode in (0, 1, 3), f"a registry that dies: exit code {run.returncode}: {said}")


@contextlib.contextmanager
def with_tls(address):
    """Gives the port of an `openssl s_server`-free TLS front: nginx before the registry; nothing without it."""
    if not (shutil.which("nginx") and shutil.which("openssl")):
        yield None, None
        return
    with tempfile.TemporaryDirectory() as folder, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        key, certificate = os.path.join(folder, "key.pem"), os.path.join(folder, "cert.pem")
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                        "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
                        "-days", "2", "-keyout", key, "-out", certificate], check=True, capture_output=True)
        path = os.path.join(folder, "nginx.conf")
        with open(path, "w", encoding="ascii") as file:
            file.write(f"""daemon off; master_process off; pid {folder}/pid; error_log {folder}/log;
events {{ worker_connections 512; }}
http {{ access_log off; client_max_body_size 0; proxy_request_buffering off;
  client_body_temp_path {folder}/a; proxy_temp_path {folder}/b; fastcgi_temp_path {folder}/c;
  uwsgi_temp_path {folder}/d; scgi_temp_path {folder}/e;
  server {{ listen 127.0.0.1:{port} ssl; ssl_certificate {certificate}; ssl_certificate_key {key};
    location / {{ proxy_pass http://{address}; proxy_http_version 1.1; proxy_set_header Host $http_host; }} }} }}
""")
        process = subprocess.Popen(["nginx", "-p", folder, "-c", path], stderr=subprocess.DEVNULL)
        try:
            while process.poll() is None:
                with contextlib.suppress(OSError):
                    socket.create_connection(("127.0.0.1", port)).close()
                    break
            yield f"https://127.0.0.1:{port}", certificate
        finally:
            process.terminate()
            process.wait()


def trusts_the_system(program, url, certificate):
    """Its CAs are those that OpenSSL is told of."""
    code, result, said = load(program, url, "--workload", "tiny-blobs", *SMALL,
                              env=os.environ | {"SSL_CERT_FILE": certificate})
    expect(code in (0, 3) and result and not failures(result), f"the system's CAs: exit code {code}: {said}")
    refuses(program, url, 3, "certificate", "--workload", "tiny-blobs", *SMALL,
            env={name: value for name, value in os.environ.items() if name != "SSL_CERT_FILE"})


def main(program, cache):
    with served(program) as address:
        url = f"http://{address}"
        every_workload(program, "plimsoll serve", url, set())
        bad_input(program, url)
        too_few_descriptors(program, url)
        no_room_for_results(program, url)
        with with_tls(address) as (secure, certificate):
            if secure:
                every_workload(program, "plimsoll serve with TLS", secure, set(), "--ca-file", certificate)
                trusts_the_system(program, secure, certificate)
    refused_pushes(program)
    dies_within(program)
    if shutil.which("docker-registry"):
        with tempfile.TemporaryDirectory() as folder, docker_registry_test.running(folder) as url:
            every_workload(program, "docker-registry", url, {"status"})
            replays(program, "docker-registry", url, set())
            tests_of_zb(program, "docker-registry", url, set())
        on_demand_sync(program)
    with contextlib.suppress(SystemExit if os.environ.get("CI") != "true" else ()):
        with crane_test.running(crane_test.built(cache, crane_test.MODULE, crane_test.VERSION)) as url:
            every_workload(program, "crane", url, {"status"})
            replays(program, "crane", url, {"status"})
            tests_of_zb(program, "crane", url, {"status"})
    return 1 if FAILED else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
