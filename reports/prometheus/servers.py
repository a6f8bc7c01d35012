"""The real servers that tests use, each on a free port of this machine, ended by its own pid."""
import contextlib
import json
import re
import subprocess
import threading
import time
import urllib.error
import urllib.parse
import urllib.request


def announced(process, patterns):
    """What each pattern finds in the lines that the process prints."""
    found = {}
    for line in process.stdout:
        for pattern in patterns:
            seen = re.search(pattern, line)
            if seen:
                found[pattern] = seen.group(1)
        if len(found) == len(patterns):
            return [found[one] for one in patterns]
    raise RuntimeError(f"{process.args[0]} ended with {process.wait()} before it listened")


@contextlib.contextmanager
def running(arguments, *patterns):
    """Yields what each pattern found in what the program printed, while that runs."""
    process = subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    reader = None
    try:
        found = announced(process, patterns)
        # A pipe that nobody reads would stop the program once it is full.
        reader = threading.Thread(target=process.stdout.read)
        reader.start()
        yield found
    finally:
        process.terminate()
        process.wait()
        if reader:
            reader.join()
        process.stdout.close()


LISTENING = r'msg="Listening on" address=(\S+)'
READY = r'msg="(Server is ready) to receive web requests'


@contextlib.contextmanager
def pushgateway():
    # Debian's keeps what was pushed in a file, for the next one to read.
    with running(["prometheus-pushgateway", "--persistence.file=", "--web.listen-address=127.0.0.1:0"],
                 LISTENING) as [where]:
        yield f"http://{where}"


@contextlib.contextmanager
def prometheus(folder, jobs, rules=()):
    """jobs: name and scrape target; a name that starts with "push" keeps its targets' labels."""
    scrape = [{"job_name": name, "honor_labels": name.startswith("push"),
               "static_configs": [{"targets": [target]}]} for name, target in jobs]
    config = folder / "prometheus.yml"
    # JSON is YAML.
    config.write_text(json.dumps({
        "global": {"scrape_interval": "1s", "scrape_timeout": "1s", "evaluation_interval": "1s"},
        "rule_files": [str(one) for one in rules], "scrape_configs": scrape}), encoding="utf-8")
    with running(["prometheus", f"--config.file={config}", f"--storage.tsdb.path={folder / 'data'}",
                  "--storage.tsdb.retention.time=400d", "--web.listen-address=127.0.0.1:0"],
                 LISTENING, READY) as [where, _]:
        yield Prometheus(f"http://{where}")


class Prometheus:
    def __init__(self, url):
        self.url = url

    def get(self, path, **parameters):
        query = urllib.parse.urlencode(parameters)
        try:
            with urllib.request.urlopen(f"{self.url}/api/v1/{path}?{query}", timeout=30) as answer:
                return json.load(answer)["data"]
        except urllib.error.HTTPError as refused:
            raise RuntimeError(refused.read().decode()) from refused

    def query(self, expression):
        """Labels and value of each sample."""
        found = self.get("query", query=expression)["result"]
        return [(one["metric"], float(one["value"][1])) for one in found]

    def wait_for(self, expression, holds=bool, limit=60):
        """The samples of the expression, once they are as they should be."""
        deadline = time.monotonic() + limit
        while True:
            found = self.query(expression)
            if holds(found):
                return found
            if time.monotonic() > deadline:
                raise AssertionError(f"{expression} is still {found}")
            time.sleep(0.2)  # between two looks, until the limit
