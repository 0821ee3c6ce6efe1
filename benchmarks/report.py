"""What the report of a large run costs: to collect while tests run, to write, and to open in a browser.

The run is made up: 5,000 requests, in 500 tests and in one. Size and CPU time of the page and the JSON file are of this
process; what a browser says is printed where there is a Chromium. Run::

    python benchmarks/report.py [--requests 5000]
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import msgspec

from mockapi.report.gathering import Gatherer
from mockapi.report.page import page
from mockapi.report.records import MockRecord, RequestRecord, RunRecord, TestRecord

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
PROBE = """
<script>addEventListener("load", () => {
  const found = {load: performance.getEntriesByType("navigation")[0].domContentLoadedEventEnd};
  const time = (name, act) => {
    const start = performance.now();
    act();
    document.body.offsetHeight;
    found[name] = performance.now() - start;
  };
  // the filter waits for the last key: here, for nothing
  let act;
  window.setTimeout = (function_) => { act = function_; return 1; };
  document.getElementById("text").value = "cursor=0:7";
  document.getElementById("filter").dispatchEvent(new Event("input"));
  time("filter", () => act());
  time("open all", () => document.getElementById("open").click());
  document.title = "measured " + JSON.stringify(found);
});</script></body>"""


def made_up(tests: int, requests: int) -> RunRecord:
    """A run of *tests* tests with *requests* requests each; one request in a hundred is missed."""
    gatherer = Gatherer()
    for number in range(tests):
        mocks = tuple(
            MockRecord(number=n, name=f"GET /projects/{n}/", source=f"tests/test_projects.py:{n}", hits=1)
            for n in range(1, 11)
        )
        sent = tuple(_request(number, n) for n in range(requests))
        gatherer.add_test(TestRecord(name=f"tests/test_projects.py::test_{number}", mocks=mocks, requests=sent))
    return gatherer.finished()


def _request(test: int, n: int) -> RequestRecord:
    is_miss = n % 100 == 99
    return RequestRecord(
        method="GET",
        url=f"https://api.example.test/projects/{n}/?page={test}&cursor=0:{n}:0",
        outcome="unmatched" if is_miss else "answered",
        library="httpx2" if n % 2 else "httpx",
        client="AsyncClient",
        source="shop/client.py:120 in get_project",
        task=f"Task-{n}",
        status=None if is_miss else 200,
        mock=None if is_miss else n % 10 + 1,
        started=test + n / 1000,
        ended=test + n / 1000 + 0.02,
        problem=f"no mock answers GET https://api.example.test/projects/{n}/\n  and so on" if is_miss else "",
    )


def in_browser(path: Path) -> dict[str, float] | None:
    """Milliseconds that a browser takes for a page; None without one."""
    browser = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if browser is None:
        return None
    probe = path.with_suffix(".probe.html")
    probe.write_text(path.read_text(encoding="utf-8").replace("</body>", PROBE), encoding="utf-8")
    command = [browser, "--headless", "--no-sandbox", "--dump-dom", probe.as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    measured = re.search(r"<title>measured (\{.*?\})</title>", done.stdout)
    return None if measured is None else {name: float(ms) for name, ms in json.loads(measured[1]).items()}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=5000)
    requests: int = parser.parse_args().requests
    with tempfile.TemporaryDirectory() as name:
        for tests in (max(1, requests // 10), 1):
            run = made_up(tests, requests // tests)
            start = time.process_time()
            text = page(run).encode()
            drawn = time.process_time()
            data = msgspec.json.encode(run)
            encoded = time.process_time()
            path = Path(name) / f"{tests}.html"
            path.write_bytes(text)
            print(f"{requests:,} requests in {tests:,} test{'' if tests == 1 else 's'}")
            print(f"  page  {len(text) / 1e6:6.2f} MB   {(drawn - start) * 1e3:7.1f} ms CPU")
            print(f"  JSON  {len(data) / 1e6:6.2f} MB   {(encoded - drawn) * 1e3:7.1f} ms CPU")
            shown = in_browser(path)
            print(
                "  no browser was found"
                if shown is None
                else "  browser: " + ", ".join(f"{k} {v:.0f} ms" for k, v in shown.items())
            )


if __name__ == "__main__":
    main()
