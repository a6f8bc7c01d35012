"""Kills `plimsoll serve --store` in the middle of pushes, and looks for what it acknowledged.

  kill_test.py PROGRAM
"""
import hashlib
import http.client
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import unittest

PROGRAM = sys.argv.pop(1)
INDEX = "application/vnd.oci.image.index.v1+json"


def digest_of(body):
    return "sha256:" + hashlib.sha256(body).hexdigest()


class Registry:
    def __init__(self, folder):
        self.process = subprocess.Popen(
            [PROGRAM, "serve", "--listen", "127.0.0.1:0", "--store", folder, "--threads", "2"],
            stdout=subprocess.PIPE, text=True)
        self.address = self.process.stdout.readline().split("//")[-1].strip()
        self.connections = []

    def connect(self):
        self.connections.append(http.client.HTTPConnection(self.address, timeout=30))
        return self.connections[-1]

    def kill(self):
        if self.process.returncode is not None:
            return
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.process.stdout.close()

    def close(self):
        self.kill()
        for connection in self.connections:
            connection.close()


def ask(connection, method, target, body=None, headers=None):
    connection.request(method, target, body=body, headers=headers or {})
    response = connection.getresponse()
    return response, response.read()


def push_until_it_dies(registry, name, round_number, acknowledged, counted):
    """Pushes a blob and a tagged index, again and again; notes what was acknowledged."""
    try:
        connection = registry.connect()
        for number in range(10000):
            blob = f"{name} {round_number} {number} ".encode() * 100
            response, _ = ask(connection, "POST",
                              f"/v2/{name}/blobs/uploads/?digest={digest_of(blob)}", blob)
            assert response.status == 201, response.status
            acknowledged.append((f"/v2/{name}/blobs/{digest_of(blob)}", blob))
            counted.release()
            index = json.dumps({"schemaVersion": 2, "mediaType": INDEX, "manifests": [],
                                "annotations": {"number": f"{round_number}.{number}"}}).encode()
            tag = f"v{round_number}.{number}"
            response, _ = ask(connection, "PUT", f"/v2/{name}/manifests/{tag}", index,
                              {"Content-Type": INDEX})
            assert response.status == 201, response.status
            acknowledged.append((f"/v2/{name}/manifests/{tag}", index))
            acknowledged.append((f"/v2/{name}/manifests/{digest_of(index)}", index))
            counted.release()
    except (http.client.HTTPException, OSError):
        pass  # it died


class Kill(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()

    def tearDown(self):
        self.folder.cleanup()

    def test_what_was_acknowledged_is_there(self):
        acknowledged = []
        for round_number, pushes in enumerate((5, 21, 40)):
            registry = Registry(self.folder.name)
            counted = threading.Semaphore(0)
            pushers = [threading.Thread(target=push_until_it_dies,
                                        args=(registry, name, round_number, acknowledged, counted))
                       for name in ("one", "two", "one/deeper")]
            for pusher in pushers:
                pusher.start()
            for _ in range(pushes):
                self.assertTrue(counted.acquire(timeout=60))
            registry.kill()
            for pusher in pushers:
                pusher.join()
            registry.close()
        registry = Registry(self.folder.name)
        self.addCleanup(registry.close)
        connection = registry.connect()
        self.assertGreater(len(acknowledged), 60)
        for target, body in acknowledged:
            response, got = ask(connection, "GET", target)
            self.assertEqual((response.status, got), (200, body), target)

    def test_an_open_upload_is_resumed(self):
        blob = os.urandom(6 * 1024 * 1024)
        third = len(blob) // 3
        registry = Registry(self.folder.name)
        connection = registry.connect()
        response, _ = ask(connection, "POST", "/v2/app/blobs/uploads/")
        session = response.headers["Location"]
        response, _ = ask(connection, "PATCH", session, blob[:third],
                          {"Content-Range": f"0-{third - 1}"})
        self.assertEqual(response.status, 202)
        session = response.headers["Location"]
        # A second chunk is on its way when the process dies.
        connection.putrequest("PATCH", session)
        connection.putheader("Content-Length", str(third))
        connection.endheaders()
        connection.send(blob[third:third + third // 2])
        registry.close()

        registry = Registry(self.folder.name)
        self.addCleanup(registry.close)
        connection = registry.connect()
        response, _ = ask(connection, "GET", session)
        self.assertEqual((response.status, response.headers["Range"]), (204, f"0-{third - 1}"))
        session = response.headers["Location"]
        response, _ = ask(connection, "PATCH", session, blob[third:],
                          {"Content-Range": f"{third}-{len(blob) - 1}"})
        self.assertEqual(response.status, 202)
        response, _ = ask(connection, "PUT",
                          f"{response.headers['Location']}?digest={digest_of(blob)}", b"")
        self.assertEqual(response.status, 201)
        _, got = ask(connection, "GET", response.headers["Location"])
        self.assertEqual(digest_of(got), digest_of(blob))


if __name__ == "__main__":
    unittest.main()
