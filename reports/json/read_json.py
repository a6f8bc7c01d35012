#!/usr/bin/env python3
"""Has the JSON of example runs checked against its schemas by a validator of its own.

read_json.py PROGRAM: PROGRAM writes the examples into a folder.
Exits with 77 where the validator (python3-jsonschema) is missing, but not in CI.
"""
import copy
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

try:
    from jsonschema import Draft202012Validator
except ImportError:
    print("python3-jsonschema is missing; ci/setup installs it")
    sys.exit(1 if os.environ.get("CI") == "true" else 77)


def validator(name):
    schema = json.loads((Path(__file__).parent / f"{name}.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def complaints(checks, document):
    return [f"{'/'.join(map(str, one.absolute_path))}: {one.message}" for one in checks.iter_errors(document)]


def expect_refused(checks, document, place, value):
    """Shows that the schema says something about that place at all."""
    damaged = copy.deepcopy(document)
    *path, last = place
    at = damaged
    for step in path:
        at = at[step]
    at[last] = value
    assert complaints(checks, damaged), f"{place} = {value!r} is taken"


result, proof = validator("result"), validator("proof")
with tempfile.TemporaryDirectory() as folder:
    subprocess.run([sys.argv[1], folder], check=True)
    documents = {path.name: json.loads(path.read_text(encoding="utf-8")) for path in Path(folder).glob("*.json")}

for name, document in documents.items():
    found = complaints(proof if name == "proof.json" else result, document)
    assert not found, (name, found)

run = documents["example.json"]
expect_refused(result, run, ["plimsoll_result", "version"], 2)
expect_refused(result, run, ["verdict"], "good")
expect_refused(result, run, ["seed"], 7)
expect_refused(result, run, ["scenarios", 1, "checks", 1, "level"], "must")
expect_refused(result, run, ["scenarios", 1, "transcript", 0, "response_headers", 0], ["Location", "/"])
expect_refused(result, run, ["scenarios", 0, "judges"], "pull.blob.body")
expect_refused(result, run, ["coverage", 0, "faults"], "one")
expect_refused(proof, documents["proof.json"], ["faults", 0, "caught"], "yes")
print(f"{len(documents)} documents keep to their schemas")
