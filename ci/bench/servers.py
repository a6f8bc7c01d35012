"""The servers that benchmarks ask, and what a process costs."""
import contextlib
import glob
import hashlib
import http.client
import os
import re
import socket
import subprocess
import tempfile

NGINX = """daemon off; master_process off; pid {folder}/nginx.pid; error_log {folder}/error.log;
worker_rlimit_nofile 65536;
events {{ worker_connections 32768; }}
http {{
  access_log off; sendfile on; keepalive_requests 100000000; default_type application/octet-stream;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  server {{ listen 127.0.0.1:{port} backlog=16384; root {root}; }}
}}
"""


@contextlib.contextmanager
def nginx(root):
    """Gives the process id and HOST:PORT of an nginx of one process that serves the files below `root`."""
    with tempfile.TemporaryDirectory() as folder, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        path = os.path.join(folder, "nginx.conf")
        with open(path, "w", encoding="ascii") as file:
            file.write(NGINX.format(folder=folder, port=port, root=root))
        process = subprocess.Popen(["nginx", "-p", folder, "-c", path],
                                   stderr=subprocess.DEVNULL)
        try:
            while process.poll() is None:
                with contextlib.suppress(OSError):
                    socket.create_connection(("127.0.0.1", port)).close()
                    break
            yield process.pid, f"127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait()


def cpu_seconds(pid):
    """What all threads of the process have run so far."""
    total = 0
    for path in glob.glob(f"/proc/{pid}/task/*/schedstat"):
        with open(path, encoding="ascii") as file:
            total += int(file.read().split()[0])
    return total / 1e9


def peak_mib(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        return int(re.search(r"VmHWM:\s+(\d+)", file.read())[1]) / 1024


def push(address, body):
    """Pushes a blob to the repository `app`, and gives the digest without its algorithm."""
    digest = hashlib.sha256(body).hexdigest()
    connection = http.client.HTTPConnection(address)
    connection.request("POST", f"/v2/app/blobs/uploads/?digest=sha256:{digest}", body=body)
    status = connection.getresponse().status
    connection.close()
    if status != 201:
        raise RuntimeError(f"push: {status}")
    return digest


def small_blob(root):
    """Writes a blob of 1 KiB where an nginx with that root answers for the repository `app`: its digest."""
    folder = os.path.join(root, "v2", "app", "blobs")
    os.makedirs(folder)
    digest = "sha256:" + hashlib.sha256(bytes(1024)).hexdigest()
    with open(os.path.join(folder, digest), "wb") as file:
        file.write(bytes(1024))
    return digest
