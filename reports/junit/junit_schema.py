"""The schema that junit.xml keeps to, as libxml2 reads it.

Without python3-lxml a test that wants it is skipped (exit code 77), but for CI=true, where it fails.
"""
import os
import pathlib
import sys

try:
    from lxml import etree
except ImportError:
    print("python3-lxml is missing; ci/setup installs it")
    sys.exit(1 if os.environ.get("CI") == "true" else 77)

SCHEMA = etree.XMLSchema(etree.parse(str(pathlib.Path(__file__).parent / "junit.xsd")))


def valid(path):
    """The document's root; AssertionError with the places where it breaks the schema."""
    document = etree.parse(str(path))
    SCHEMA.assertValid(document)
    return document.getroot()


def takes(root):
    return SCHEMA.validate(root)
