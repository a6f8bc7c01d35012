"""What a run of `plimsoll test` finds on a peer, compared with what is expected of it.

An expectation file has the peer's name and version and, for each scenario that does not pass, its
verdict, the checks that did not hold, and why that is so. The why is written by hand: a peer's test
run with --update rewrites the rest, keeps each why, and leaves an empty one at what is new; an
empty one fails.

The runs wait for --settle 1s alone: a peer that never shows what it acknowledged would take a minute
more. Such a check is called `early`: it warns after the short wait, and fails after the default one.
"""
import json
import os
import subprocess
import tempfile

SHORT_WAIT = ("--settle", "1s")


def verdict_of(check):
    return "early" if check.get("capped") else check["verdict"]


def findings_of(result):
    out = {}
    for scenario in result["scenarios"]:
        broken = {check["requirement"]: verdict_of(check) for check in scenario["checks"]
                  if check["verdict"] != "pass"}
        if broken or scenario["verdict"] not in ("pass", "skipped"):
            out[scenario["id"]] = {"verdict": scenario["verdict"], "checks": broken}
    return out


def judge(program, url, *flags, **variables):
    """What the program prints about the registry, and its findings."""
    with tempfile.TemporaryDirectory() as folder:
        # Kept: what one scenario deletes is gone for others where blobs are shared by repositories.
        ran = subprocess.run([program, "test", url, "--output", folder, "--log", "error", "--keep",
                              *SHORT_WAIT, *flags],
                             capture_output=True, text=True, timeout=240,
                             stdin=subprocess.DEVNULL, env=os.environ | variables)
        with open(os.path.join(folder, "result.json"), encoding="utf-8") as file:
            return ran, findings_of(json.load(file))


def read(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def update(path, found):
    known = read(path)
    for id, one in found.items():
        before = known["findings"].get(id, {})
        one["why"] = before.get("why", "")
        if before.get("sometimes"):
            one["sometimes"] = True
    known["findings"] = found
    with open(path, "w", encoding="utf-8") as file:
        json.dump(known, file, indent=2, sort_keys=True)
        file.write("\n")
    missing = [id for id, one in found.items() if not one["why"]]
    print(f"{path}: {len(found)} findings; a why is to be written for {missing or 'none'}")
    return 0


def difference(found, expected):
    """A line for each finding that is new, gone or another; none where all is as expected.

    What a registry does only sometimes says so, and may be gone; what it is then says why.
    """
    lines = []
    for id in sorted(found.keys() | expected.keys()):
        seen, wanted = found.get(id), expected.get(id)
        if wanted is not None and not wanted["why"]:
            lines.append(f"{id}: is expected without a why")
        bare = None if wanted is None else {key: wanted[key] for key in ("verdict", "checks")}
        if seen is None and wanted.get("sometimes"):
            continue
        if seen != bare:
            lines.append(f"{id}: found {json.dumps(seen)}, expected {json.dumps(bare)}")
    return lines


def compare(program, url, path, updating):
    """The exit code of a peer's test."""
    ran, found = judge(program, url)
    if updating:
        return update(path, found)
    lines = difference(found, read(path)["findings"])
    if lines:
        print(ran.stdout, ran.stderr, *lines, sep="\n")
        return 1
    print(f"{len(found)} findings, as expected; exit code {ran.returncode}")
    return 0
