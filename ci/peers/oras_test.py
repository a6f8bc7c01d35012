"""Attaches a certificate to an image, and has ORAS find and pull it.

  oras_test.py PROGRAM CACHE

To a registry with the referrers API, and to one without it, where the fallback tag has to do.
Builds oras with Go into the folder CACHE once. Where it cannot be built the test is skipped (exit
code 77), but for CI=true, where it fails.
"""
import json
import os
import subprocess
import sys
import tempfile

from certifying import certify, ed25519, push_image, verify, write_proof
from go_program import built
from served import served

VERSION = "v1.3.0"
MODULE = "oras.land/oras/cmd/oras"
ARTIFACT_TYPE = "application/vnd.plimsoll.certificate.v1+json"


def run(*command):
    ran = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert ran.returncode == 0, (command, ran.stdout, ran.stderr)
    return ran.stdout


def check(program, oras, judged, folder, *flags):
    """Certifies the registry that is judged, and attaches to an image in one with the flags."""
    private, public = ed25519(folder)
    with served(program, *flags) as address:
        push_image(address, "library/harbour:2.1")
        image = f"{address}/library/harbour:2.1"
        ran = certify(program, f"http://{judged}", folder, private, write_proof(program, folder),
                      "--attach", f"http://{image}")
        assert ran.returncode == 0, ran.stdout + ran.stderr
        assert ("listed by the referrers tag" in ran.stdout) == bool(flags), ran.stdout

        seen = json.loads(run(oras, "discover", "--plain-http", "--format", "json",
                              "--artifact-type", ARTIFACT_TYPE, image))
        referrers = seen.get("referrers") or seen.get("manifests")
        assert len(referrers) == 1, seen
        assert referrers[0]["artifactType"] == ARTIFACT_TYPE, seen
        digest = referrers[0]["digest"]
        assert f"attached: {digest}" in ran.stdout, (seen, ran.stdout)

        manifest = json.loads(run(oras, "manifest", "fetch", "--plain-http",
                                  f"{address}/library/harbour@{digest}"))
        layer = manifest["layers"][0]["digest"]
        pulled = os.path.join(folder, "pulled.json")
        run(oras, "blob", "fetch", "--plain-http", "--output", pulled,
            f"{address}/library/harbour@{layer}")
        with open(pulled, "rb") as found, open(f"{folder}/results/certificate.json", "rb") as made:
            assert found.read() == made.read()

        for what in (f"http://{image}", pulled):
            checked = verify(program, what, public, "--result", f"{folder}/results/result.json")
            assert checked.returncode == 0, (what, checked.stdout, checked.stderr)
            assert "harbour 2.1" in checked.stdout, checked.stdout


def main(program, cache):
    program = os.path.abspath(program)
    oras = built(cache, MODULE, VERSION)
    with served(program) as judged:
        for flags in ([], ["--variant", "no-referrers"]):
            with tempfile.TemporaryDirectory() as folder:
                check(program, oras, judged, folder, *flags)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
