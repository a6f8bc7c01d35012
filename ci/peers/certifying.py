"""What tests of certificates share: keys, a proof that does not take minutes, an image."""
import hashlib
import json
import os
import subprocess
import urllib.request


def make_key(folder, name, *how):
    """Gives the paths of a private key and of its public half."""
    private, public = (os.path.join(folder, f"{name}.{half}.pem") for half in ("private", "public"))
    subprocess.run(["openssl", "genpkey", *how, "-out", private], check=True, capture_output=True)
    subprocess.run(["openssl", "pkey", "-in", private, "-pubout", "-out", public], check=True)
    return private, public


def ed25519(folder):
    return make_key(folder, "ed25519", "-algorithm", "ed25519")


def p256(folder):
    return make_key(folder, "p256", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256")


def listed(program, what):
    ran = subprocess.run([program, "list", what], check=True, capture_output=True, text=True)
    return [line.split() for line in ran.stdout.splitlines()]


def write_proof(program, folder):
    """A proof in which everything is as it should be. That the suite stands it is cli.Proof's to
    say: hundreds of runs, which are not for every test of a certificate."""
    version = subprocess.run([program, "--version"], check=True, capture_output=True, text=True)
    path = os.path.join(folder, "given-proof.json")
    with open(path, "w", encoding="utf-8") as file:
        json.dump({
            "plimsoll_proof": {"version": 1}, "suite_version": version.stdout.strip(),
            "spec_version": "1.1", "started": "2026-01-02T03:04:05Z", "took_us": 1, "seed": "1",
            "faults": [{"name": name, "requirement": requirement, "summary": "", "caught": True,
                        "failed": [requirement]}
                       for name, requirement, *_ in listed(program, "faults")],
            "variants": [{"name": name, "summary": "", "clean": True, "complaints": []}
                         for name, *_ in listed(program, "variants")]}, file)
    return path


def push_image(address, name):
    """An index without entries at NAME:TAG: something that a certificate can be attached to."""
    repository, tag = name.split(":")
    index = json.dumps({"schemaVersion": 2, "manifests": [],
                        "mediaType": "application/vnd.oci.image.index.v1+json"}).encode()
    request = urllib.request.Request(
        f"http://{address}/v2/{repository}/manifests/{tag}", data=index, method="PUT",
        headers={"Content-Type": "application/vnd.oci.image.index.v1+json"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        assert answer.status == 201, answer.status
    return "sha256:" + hashlib.sha256(index).hexdigest()


def certify(program, url, folder, key, proof, *flags, **variables):
    """Runs it with what it needs at least; the output folder is FOLDER/results."""
    return subprocess.run(
        [program, "certify", url, "--product", "harbour", "--product-version", "2.1", "--key", key,
         "--proof", proof, "--output", os.path.join(folder, "results"), *flags],
        capture_output=True, text=True, timeout=300, cwd=folder, env={**os.environ, **variables})


def verify(program, what, key, *flags):
    return subprocess.run([program, "verify", what, "--key", key, *flags],
                          capture_output=True, text=True, timeout=60)
