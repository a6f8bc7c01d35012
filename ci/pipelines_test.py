"""The templates for pipelines: the steps of each are read from its file and run, with the variables
that its system sets, on registries that are good, broken and absent.

  pipelines_test.py PROGRAM

What a pipeline fetches and builds first stands in: `apt-get` does nothing, `git clone` makes a
folder whose ci/program names PROGRAM. A Jenkinsfile is compiled as Groovy, and its shell steps are
run; what Jenkins makes of the rest is not tried.
"""
import contextlib
import os
import pathlib
import re
import shutil
import stat
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "peers"))
from served import served, skip

try:
    import yaml
except ImportError:
    skip("python3-yaml is missing; ci/setup installs it")

PROGRAM = os.path.abspath(sys.argv.pop(1))
HERE = pathlib.Path(__file__).parent
NOWHERE = "http://127.0.0.1:1"
SOURCE = "https://example.org/plimsoll.git"


def template(path):
    return yaml.safe_load((HERE / path).read_text(encoding="utf-8"))


def write_script(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/bash\n" + text, encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


def stand_ins(folder):
    """A folder for the PATH with what would go to the network."""
    write_script(folder / "apt-get", "exit 0\n")
    write_script(folder / "git", f"""
[ "$1" = clone ] && [[ " $* " = *" --branch main {SOURCE} plimsoll-suite "* ]] || exit 128
mkdir -p plimsoll-suite/ci && cp {folder}/program plimsoll-suite/ci/program
""")
    write_script(folder / "program", f'echo "{PROGRAM}"\n')
    return str(folder)


class Pipeline(unittest.TestCase):
    def setUp(self):
        made = tempfile.TemporaryDirectory()
        self.addCleanup(made.cleanup)
        self.folder = pathlib.Path(made.name) / "workspace"
        self.folder.mkdir()
        self.path = stand_ins(pathlib.Path(made.name) / "bin") + ":" + os.environ["PATH"]

    def bash(self, script, variables, *flags):
        env = {name: value for name, value in os.environ.items()
               if not name.startswith(("OCI_", "PLIMSOLL_", "GITHUB_"))}
        return subprocess.run(["bash", *flags, "-c", script], cwd=self.folder, timeout=240, text=True,
                              capture_output=True, env=env | {"PATH": self.path} | variables)

    def has_reports(self, folder="plimsoll-results"):
        cases = xml.etree.ElementTree.parse(self.folder / folder / "junit.xml").iter("testcase")
        return any(True for _ in cases) and (self.folder / folder / "report.html").exists()


class GitHub(Pipeline):
    """`${{ }}` is filled in as the runner does it: from inputs and from what steps wrote to their output."""
    ACTION = template("github/action.yml")

    def filled_in(self, text, inputs, outputs):
        def value(found):
            kind, *name = found.group(1).split(".")
            return inputs[name[0]] if kind == "inputs" else outputs[name[0]].get(name[2], "")
        return re.sub(r"\$\{\{ ([a-z.-]+) \}\}", value, text)

    def act(self, registry, **given):
        inputs = {name: str(one.get("default", "")) for name, one in self.ACTION["inputs"].items()}
        inputs |= {"registry": registry} | given
        action = self.folder.parent / "action" / "ci" / "github"
        action.mkdir(parents=True, exist_ok=True)
        write_script(action.parent / "program", f'echo "{PROGRAM}"\n')
        summary = self.folder.parent / "summary"
        summary.write_text("", encoding="utf-8")
        outputs, said, code = {}, "", 0
        for step in self.ACTION["runs"]["steps"]:
            written = self.folder.parent / "output"
            written.write_text("", encoding="utf-8")
            variables = {name: self.filled_in(text, inputs, outputs) for name, text in step["env"].items()}
            variables |= {"GITHUB_OUTPUT": str(written), "GITHUB_STEP_SUMMARY": str(summary),
                          "GITHUB_ACTION_PATH": str(action)}
            ran = self.bash(step["run"], variables, "--noprofile", "--norc", "-eo", "pipefail")
            outputs[step["id"]] = dict(line.split("=", 1) for line in written.read_text().splitlines())
            said, code = said + ran.stdout + ran.stderr, ran.returncode
            if code != 0:
                break
        told = {name: self.filled_in(one["value"], inputs, outputs)
                for name, one in self.ACTION["outputs"].items()}
        return code, told, summary.read_text(encoding="utf-8"), said

    def test_a_good_registry_ends_the_step_well(self):
        with served(PROGRAM) as address:
            code, told, summary, said = self.act(f"http://{address}", arguments="--filter pull/ --seed 7")
        self.assertEqual(code, 0, said)
        self.assertEqual(told, {"results": "plimsoll-results", "verdict": "partial"})
        self.assertIn("Plimsoll: partial", summary)
        self.assertIn("::notice title=Plimsoll::partial", said)
        self.assertTrue(self.has_reports())
        with served(PROGRAM) as address:
            code, told, summary, _ = self.act(f"http://{address}")
        self.assertEqual((code, told["verdict"]), (0, "conformant"))
        self.assertIn("Plimsoll: pass", summary)

    def test_a_broken_one_fails_it_with_its_findings_on_the_change(self):
        with served(PROGRAM, "--fault", "blob-head-204") as address:
            code, told, summary, said = self.act(f"http://{address}", arguments="--filter pull/")
        self.assertEqual((code, told["verdict"]), (1, "not-conformant"))
        self.assertIn("Plimsoll: fail", summary)
        self.assertRegex(said, r"(?m)^::error title=pull\.head\.blob-200 \(MUST\)::")

    def test_one_that_is_not_there_was_not_judged(self):
        code, told, summary, _ = self.act(NOWHERE)
        self.assertEqual((code, told["verdict"]), (3, "not-judged"))
        self.assertIn("Connection refused", summary)

    def test_bad_usage_has_no_reports_and_leaves_none_of_an_earlier_run(self):
        with served(PROGRAM) as address:
            self.act(f"http://{address}", arguments="--filter pull/")
            code, told, summary, said = self.act(f"http://{address}", arguments="--fliter pull/")
        self.assertEqual((code, told["verdict"], summary), (2, "bad-usage", ""))
        self.assertIn("did you mean --filter?", said)

    def test_an_input_is_never_read_as_a_command(self):
        code, _, _, _ = self.act("$(touch ran)`touch ran`", arguments="; touch ran")
        self.assertEqual(code, 2)
        self.assertFalse((self.folder / "ran").exists())
        for step in self.ACTION["runs"]["steps"]:
            self.assertNotIn("${{", step["run"])

    def test_the_lines_to_paste_from_the_readme_call_it_rightly(self):
        readme = (HERE.parent / "README.md").read_text(encoding="utf-8")
        [lines] = re.findall(r"(?m)^(    conformance:\n(?:     .*\n)+)", readme)
        call = yaml.safe_load(lines)["conformance"]["steps"][0]
        self.assertTrue(call["uses"].startswith("OWNER/plimsoll/ci/github@"))
        self.assertLessEqual(call["with"].keys(), self.ACTION["inputs"].keys())
        self.assertEqual(call["env"].keys(), {"PLIMSOLL_USERNAME", "PLIMSOLL_PASSWORD"})
        with served(PROGRAM) as address:
            code, _, summary, _ = self.act(f"http://{address}", arguments=call["with"]["arguments"])
        self.assertEqual(code, 0)
        self.assertIn("Claimed: pull holds", summary)

    def test_a_program_that_is_there_is_not_built(self):
        with served(PROGRAM) as address:
            code, _, _, said = self.act(f"http://{address}", program="/no/such/program")
        self.assertEqual(code, 127, said)


class GitLab(Pipeline):
    JOB = template("gitlab/plimsoll.yml")[".plimsoll"]

    def act(self, registry, **given):
        # A runner runs both lists in one shell that ends at the first command that fails.
        script = "\n".join(["set -eo pipefail", *self.JOB["before_script"], *self.JOB["script"]])
        variables = {"SUITE_SOURCE": SOURCE, "PLIMSOLL_REGISTRY": registry, "CI": "true", "GITLAB_CI": "true",
                     "CI_PROJECT_DIR": str(self.folder), **self.JOB["variables"], **given}
        return self.bash(script, variables)

    def test_the_job_ends_as_the_program_does_and_keeps_the_reports(self):
        for flags, code in (([], 0), (["--fault", "blob-head-204"], 1)):
            with served(PROGRAM, *flags) as address:
                ran = self.act(f"http://{address}")
            self.assertEqual(ran.returncode, code, ran.stderr)
            kept = self.JOB["artifacts"]
            self.assertEqual(kept["when"], "always")
            self.assertEqual(kept["paths"], ["plimsoll-results/"])
            self.assertTrue((self.folder / kept["reports"]["junit"]).exists())
            self.assertTrue(self.has_reports())

    def test_only_what_could_not_be_judged_is_tried_again(self):
        ran = self.act(NOWHERE)
        self.assertEqual([ran.returncode], self.JOB["retry"]["exit_codes"])
        self.assertEqual(self.act(NOWHERE, SUITE_SOURCE="elsewhere").returncode, 128)

    def test_a_wrong_variable_is_bad_usage(self):
        ran = self.act(NOWHERE, PLIMSOLL_FLITER="pull/")
        self.assertEqual(ran.returncode, 2, ran.stderr)


class Jenkins(Pipeline):
    FILE = HERE / "jenkins" / "Jenkinsfile"
    TEXT = FILE.read_text(encoding="utf-8")

    def test_it_is_groovy(self):
        if not shutil.which("groovyc"):
            if os.environ.get("CI") == "true":
                self.fail("groovy is missing; ci/setup installs it")
            self.skipTest("groovy is missing; ci/setup installs it")
        java = pathlib.Path(shutil.which("java")).resolve().parent.parent
        ran = subprocess.run(["groovyc", "-d", str(self.folder), str(self.FILE)], text=True, timeout=120,
                             capture_output=True, env=os.environ | {"JAVA_HOME": str(java)})
        self.assertEqual(ran.returncode, 0, ran.stderr)
        self.assertTrue((self.folder / "Jenkinsfile.class").exists())

    def test_its_steps_judge_and_leave_what_it_collects(self):
        steps = re.findall(r"sh '''(.*?)'''", self.TEXT, re.S)
        self.assertEqual(len(steps), 2)
        with served(PROGRAM, "--fault", "blob-head-204") as address:
            variables = {"SUITE_SOURCE": SOURCE, "SUITE_REVISION": "main",
                         "PLIMSOLL_REGISTRY": f"http://{address}", "PLIMSOLL_USERNAME": "",
                         "PLIMSOLL_PASSWORD": "", "WORKSPACE": str(self.folder)}
            codes = [self.bash(step, variables, "-xe").returncode for step in steps]
        self.assertEqual(codes, [0, 1])
        self.assertTrue(self.has_reports())
        for collected in re.findall(r"(?:testResults|artifacts): '([^']+)'", self.TEXT):
            self.assertTrue(list(self.folder.glob(collected)), collected)

    def test_each_parameter_is_one_that_a_step_or_the_program_reads(self):
        names = re.findall(r"string\(name: '(\w+)'", self.TEXT)
        self.assertEqual(names, ["SUITE_SOURCE", "SUITE_REVISION", "PLIMSOLL_REGISTRY"])


class Kubernetes(Pipeline):
    JOB = template("kubernetes/job.yaml")
    POD = JOB["spec"]["template"]["spec"]
    CONTAINER = POD["containers"][0]

    def test_it_is_a_job_that_ends(self):
        self.assertEqual((self.JOB["apiVersion"], self.JOB["kind"]), ("batch/v1", "Job"))
        self.assertEqual(self.JOB["metadata"]["labels"], self.JOB["spec"]["template"]["metadata"]["labels"])
        # A policy on failures is taken with this restart policy alone.
        self.assertEqual(self.POD["restartPolicy"], "Never")
        self.assertGreater(self.JOB["spec"]["activeDeadlineSeconds"], 0)
        self.assertGreater(self.JOB["spec"]["ttlSecondsAfterFinished"], 0)

    def test_only_what_could_not_be_judged_is_tried_again(self):
        [rule] = self.JOB["spec"]["podFailurePolicy"]["rules"]
        self.assertEqual(rule, {"action": "FailJob", "onExitCodes": {
            "containerName": self.CONTAINER["name"], "operator": "In", "values": [1, 2]}})
        self.assertGreater(self.JOB["spec"]["backoffLimit"], 0)

    def test_the_pod_has_no_more_than_it_needs(self):
        self.assertIs(self.POD["automountServiceAccountToken"], False)
        self.assertIs(self.CONTAINER["securityContext"]["allowPrivilegeEscalation"], False)
        self.assertEqual(self.CONTAINER["resources"]["limits"].keys(), {"memory", "ephemeral-storage"})
        self.assertEqual([one["name"] for one in self.POD["volumes"]],
                         [one["name"] for one in self.CONTAINER["volumeMounts"]])
        self.assertEqual(self.CONTAINER["volumeMounts"][0]["mountPath"], self.CONTAINER["workingDir"])

    def test_a_password_is_from_a_secret_alone(self):
        env = {one["name"]: one for one in self.CONTAINER["env"]}
        for name in ("PLIMSOLL_USERNAME", "PLIMSOLL_PASSWORD"):
            self.assertNotIn("value", env[name])
            self.assertEqual(env[name]["valueFrom"]["secretKeyRef"]["name"], "plimsoll")
            self.assertIs(env[name]["valueFrom"]["secretKeyRef"]["optional"], True)

    def act(self, registry, **given):
        variables = {one["name"]: one["value"] for one in self.CONTAINER["env"] if "value" in one}
        variables |= {"SUITE_SOURCE": SOURCE, "PLIMSOLL_REGISTRY": registry, **given}
        shell, flags = self.CONTAINER["command"]
        self.assertEqual((shell, flags[-1]), ("bash", "c"))
        return self.bash(self.CONTAINER["args"][0], variables, flags[:-1])

    def test_the_container_ends_as_the_program_does(self):
        for flags, code in (([], 0), (["--fault", "blob-head-204"], 1)):
            with served(PROGRAM, *flags) as address:
                ran = self.act(f"http://{address}")
            self.assertEqual(ran.returncode, code, ran.stderr)
            self.assertIn("verdict: ", ran.stdout)
        self.assertEqual(self.act(NOWHERE).returncode, 3)


class Program(unittest.TestCase):
    def test_it_builds_what_it_names(self):
        """With stand-ins for what installs and builds: each command, and where the output goes."""
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            for command in ("ci/setup", "bin/cmake"):
                write_script(folder / command, f'echo "{command} $*" | tee -a {folder}/commands\n')
            shutil.copy(HERE / "program", folder / "ci" / "program")
            ran = subprocess.run([folder / "ci" / "program"], capture_output=True, text=True, cwd="/",
                                 env=os.environ | {"PATH": f"{folder}/bin:{os.environ['PATH']}"})
            self.assertEqual(ran.stdout, f"{folder}/build/release/bin/plimsoll\n")
            self.assertEqual((folder / "commands").read_text().splitlines(),
                             ["ci/setup build", "bin/cmake --preset release",
                              "bin/cmake --build --preset release --target plimsoll"])


if __name__ == "__main__":
    unittest.main()
