"""What tests of field conditions share: a run of `plimsoll test` on a registry in a condition."""
import asyncio
import contextlib
import json
import os
import sys
import tempfile
import time
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "peers"))
from front import Front  # noqa: E402
from served import environment, served  # noqa: E402

PROGRAM = sys.argv.pop(1)


class Run:
    """What one run came to."""

    def __init__(self, code, text, result, seconds):
        self.code, self.text, self.result, self.seconds = code, text, result, seconds

    def requirements(self, verdict):
        """The ids of the requirements with that verdict."""
        return sorted({check["requirement"] for scenario in self.result.get("scenarios", [])
                       for check in scenario["checks"] if check["verdict"] == verdict})

    def scenarios(self, verdict):
        return [scenario["id"] for scenario in self.result.get("scenarios", [])
                if scenario["verdict"] == verdict]


async def run(url, *flags, **variables):
    """Judges the registry at that URL."""
    with tempfile.TemporaryDirectory() as folder:
        start = time.monotonic()
        process = await asyncio.create_subprocess_exec(
            PROGRAM, "test", url, "--output", folder, "--log", "error", *flags, cwd=folder,
            stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            env=environment(HOME=folder, DOCKER_CONFIG=folder, **variables))
        try:
            text, _ = await process.communicate()
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        result = {}
        with contextlib.suppress(FileNotFoundError):
            with open(os.path.join(folder, "result.json"), encoding="utf-8") as file:
                result = json.load(file)
        return Run(process.returncode, text.decode(errors="replace"), result,
                   time.monotonic() - start)


class FieldTest(unittest.IsolatedAsyncioTestCase):
    """A test of conditions; the registry behind them is `plimsoll serve`, one for the class."""

    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.registry = cls.enterClassContext(served(PROGRAM))

    async def asyncSetUp(self):
        # unittest turns it on, and it takes several times as long.
        asyncio.get_running_loop().set_debug(False)

    async def judge(self, condition, *flags, **variables):
        async with Front(condition, self.registry) as front:
            return await run(f"http://{front.address}", *flags, **variables)

    def expect_no_finding(self, ran, *codes):
        """Nothing is broken, and the run ends with one of these exit codes."""
        self.assertEqual([], ran.requirements("fail"), ran.text)
        self.assertIn(ran.code, codes, ran.text)

    def expect_only(self, ran, *requirements):
        """These requirements are broken and no other one."""
        self.assertEqual(sorted(requirements), ran.requirements("fail"), ran.text)
        self.assertEqual(1, ran.code, ran.text)

    def expect_not_judged(self, ran, pattern):
        """Exit code 3, no finding, and a text that gives the reason."""
        self.expect_no_finding(ran, 3)
        self.assertRegex(ran.text, pattern)
