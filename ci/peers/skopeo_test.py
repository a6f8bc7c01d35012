"""skopeo copies an image layout into `plimsoll serve` and out again, byte for byte, with the store
in memory and with the one in a folder, which skopeo also reads itself.

  skopeo_test.py PROGRAM
"""
import gzip
import hashlib
import io
import json
import os
import random
import shutil
import subprocess
import sys
import tarfile
import tempfile
import unittest

from served import served, skip

PROGRAM = sys.argv.pop(1)
MANIFEST = "application/vnd.oci.image.manifest.v1+json"
INDEX = "application/vnd.oci.image.index.v1+json"


def layer(name, size):
    """A layer with one file: as it is, and packed, so that skopeo has no reason to pack it."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        info = tarfile.TarInfo(name)
        info.size = size
        tar.addfile(info, io.BytesIO(random.Random(name).randbytes(size)))
    return out.getvalue(), gzip.compress(out.getvalue(), mtime=0)


class Layout:
    """An image layout that is being written."""

    def __init__(self, folder):
        self.blobs = os.path.join(folder, "blobs", "sha256")
        self.folder = folder
        os.makedirs(self.blobs)

    def add(self, media_type, content):
        digest = hashlib.sha256(content).hexdigest()
        with open(os.path.join(self.blobs, digest), "wb") as file:
            file.write(content)
        return {"mediaType": media_type, "digest": "sha256:" + digest, "size": len(content)}

    def image(self, architecture):
        layers = [layer(architecture, 300000), layer("common", 70000)]
        config = {"architecture": architecture, "os": "linux", "config": {},
                  "rootfs": {"type": "layers", "diff_ids":
                             ["sha256:" + hashlib.sha256(plain).hexdigest() for plain, _ in layers]}}
        manifest = {"schemaVersion": 2, "mediaType": MANIFEST,
                    "config": self.add("application/vnd.oci.image.config.v1+json",
                                       json.dumps(config).encode()),
                    "layers": [self.add("application/vnd.oci.image.layer.v1.tar+gzip", packed)
                               for _, packed in layers]}
        made = self.add(MANIFEST, json.dumps(manifest, indent=1).encode())
        made["platform"] = {"architecture": architecture, "os": "linux"}
        return made

    def finish(self, tag):
        index = {"schemaVersion": 2, "mediaType": INDEX,
                 "manifests": [self.image("amd64"), self.image("arm64")]}
        root = self.add(INDEX, json.dumps(index, indent=1).encode())
        root["annotations"] = {"org.opencontainers.image.ref.name": tag}
        for name, content in (("oci-layout", {"imageLayoutVersion": "1.0.0"}),
                              ("index.json", {"schemaVersion": 2, "manifests": [root]})):
            with open(os.path.join(self.folder, name), "w", encoding="utf-8") as file:
                json.dump(content, file)
        return root["digest"]


def blobs_of(folder):
    """The digest of what each of the layout's blobs has."""
    found = {}
    for name in os.listdir(os.path.join(folder, "blobs", "sha256")):
        with open(os.path.join(folder, "blobs", "sha256", name), "rb") as file:
            found[name] = hashlib.sha256(file.read()).hexdigest()
    return found


def skopeo(*arguments):
    ran = subprocess.run(["skopeo", *arguments], capture_output=True, text=True, timeout=120)
    if ran.returncode != 0:
        raise AssertionError(f"skopeo {' '.join(arguments)}: {ran.stdout}{ran.stderr}")
    return ran.stdout


class Skopeo(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.source = os.path.join(self.folder, "source")
        self.digest = Layout(self.source).finish("v1")

    def copy_in_and_out(self, address):
        image = f"docker://{address}/library/app:v1"
        skopeo("copy", "--all", "--insecure-policy", "--dest-tls-verify=false",
               f"oci:{self.source}:v1", image)
        out = os.path.join(self.folder, "out")
        skopeo("copy", "--all", "--insecure-policy", "--src-tls-verify=false", image, f"oci:{out}:v1")
        self.assertEqual(blobs_of(out), blobs_of(self.source))
        told = json.loads(skopeo("inspect", "--tls-verify=false", image))
        self.assertEqual((told["Digest"], told["RepoTags"]), (self.digest, ["v1"]))

    def test_store_in_memory(self):
        with served(PROGRAM) as address:
            self.copy_in_and_out(address)

    def test_store_in_a_folder(self):
        store = os.path.join(self.folder, "store")
        with served(PROGRAM, "--store", store, "--threads", "2") as address:
            self.copy_in_and_out(address)
        layout = os.path.join(store, "library", "app")
        self.assertEqual(blobs_of(layout), blobs_of(self.source))
        raw = skopeo("inspect", "--raw", f"oci:{layout}:v1")
        self.assertEqual("sha256:" + hashlib.sha256(raw.encode()).hexdigest(), self.digest)
        self.assertEqual(json.loads(skopeo("inspect", "--override-arch", "arm64", f"oci:{layout}:v1"))
                         ["Architecture"], "arm64")

    def test_a_layout_of_its_own_is_served(self):
        store = os.path.join(self.folder, "store")
        os.mkdir(store)
        skopeo("copy", "--all", "--insecure-policy", f"oci:{self.source}:v1",
               f"oci:{os.path.join(store, 'app')}:v1")
        with served(PROGRAM, "--store", store) as address:
            out = os.path.join(self.folder, "out")
            skopeo("copy", "--all", "--insecure-policy", "--src-tls-verify=false",
                   f"docker://{address}/app:v1", f"oci:{out}:v1")
        self.assertEqual(blobs_of(out), blobs_of(self.source))


if __name__ == "__main__":
    if not shutil.which("skopeo"):
        skip("skopeo is not on this machine: ci/setup installs it")
    unittest.main()
