#!/usr/bin/env python3
"""Has the JSON of an example load run checked against its schema, and a quantile computed from its
buckets as the schema describes them.

read_load.py PROGRAM: PROGRAM writes the example.
Exits with 77 where the validator (python3-jsonschema) is missing, but not in CI.
"""
import copy
import json
import os
import subprocess
import sys
from pathlib import Path

try:
    from jsonschema import Draft202012Validator
except ImportError:
    print("python3-jsonschema is missing; ci/setup installs it")
    sys.exit(1 if os.environ.get("CI") == "true" else 77)

schema = json.loads((Path(__file__).parent / "load.schema.json").read_text(encoding="utf-8"))
Draft202012Validator.check_schema(schema)
checks = Draft202012Validator(schema)
run = json.loads(subprocess.run([sys.argv[1]], check=True, capture_output=True).stdout)
found = [f"{'/'.join(map(str, one.absolute_path))}: {one.message}" for one in checks.iter_errors(run)]
assert not found, found


def expect_refused(place, value):
    damaged = copy.deepcopy(run)
    *path, last = place
    at = damaged
    for step in path:
        at = at[step]
    at[last] = value
    assert not checks.is_valid(damaged), f"{place} = {value!r} is taken"


expect_refused(["plimsoll_load", "version"], 2)
expect_refused(["kind"], "conformance")
expect_refused(["conditions", "seed"], 7)
expect_refused(["operations", 0, "failures", 0], ["status", 1])
expect_refused(["objectives", 0, "outcome"], "good")
expect_refused(["lag", "buckets", 0], -1)


def unknown_members(value, rule, place=""):
    """Members that are written and that the schema does not name."""
    if "$ref" in rule:
        rule = schema["$defs"][rule["$ref"].rsplit("/", 1)[1]]
    if isinstance(value, dict):
        for name, member in value.items():
            if name not in rule["properties"]:
                yield f"{place}/{name}"
            else:
                yield from unknown_members(member, rule["properties"][name], f"{place}/{name}")
    elif isinstance(value, list):
        for one in value:
            yield from unknown_members(one, rule["items"], place)


assert not list(unknown_members(run, schema)), list(unknown_members(run, schema))


def middle(index):
    if index < 128:
        return index
    shift = index // 64 - 1
    return ((index - 64 * shift) << shift) + ((1 << shift) - 1) // 2


flat = run["operations"][0]["latency"]["buckets"]
times = [middle(index) for index, count in zip(flat[::2], flat[1::2]) for _ in range(count)]
assert len(times) == 20000
# The example's latencies lie evenly between 20 and 40 ms.
assert abs(times[9999] - 30e6) < 0.01 * 30e6, times[9999]
print("the example keeps to its schema")
