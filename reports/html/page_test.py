#!/usr/bin/env python3
"""Opens the HTML reports of example runs in headless Chromium, as a person would.

page_test.py PROGRAM: PROGRAM writes the examples into a folder.
Exits with 77 where Chromium, its driver or python3-selenium is missing, but not in CI.
"""
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

PROGRAM = sys.argv.pop(1)
MISSING = [name for name in ("chromium", "chromedriver") if shutil.which(name) is None]
try:
    from selenium import webdriver
    from selenium.webdriver.chrome.options import Options
    from selenium.webdriver.chrome.service import Service
    from selenium.webdriver.common.by import By
    from selenium.webdriver.common.keys import Keys
except ImportError:
    MISSING.append("python3-selenium")
if MISSING:
    print("missing:", *MISSING, "- ci/setup installs them")
    sys.exit(1 if os.environ.get("CI") == "true" else 77)

# Each text beside what is behind it, as WCAG 2 computes it, where the contrast is too low.
CONTRASTS = """
const channel = (v) => { v /= 255; return v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; };
const parts = (c) => c.match(/[\\d.]+/g).map(Number);
const light = (c) => { const [r, g, b] = parts(c); return .2126 * channel(r) + .7152 * channel(g) + .0722 * channel(b); };
const ground = (e) => { for (; e; e = e.parentElement) {
    const c = getComputedStyle(e).backgroundColor;
    if ((parts(c)[3] ?? 1) === 1) return c; } return "rgb(255, 255, 255)"; };
const own = (e) => [...e.childNodes].some((one) => one.nodeType === Node.TEXT_NODE && one.data.trim() !== "");
return [...document.body.querySelectorAll("*")]
  .filter((e) => own(e) && e.checkVisibility() && !e.closest("script, style, noscript, option, .for-readers, .skip"))
  .map((e) => { const style = getComputedStyle(e), a = light(style.color), b = light(ground(e));
                const solid = (parts(style.color)[3] ?? 1) === 1 && style.opacity === "1";
                return [solid ? (Math.max(a, b) + .05) / (Math.min(a, b) + .05) : 0, e.className || e.tagName,
                        e.textContent.slice(0, 40)]; })
  .filter(([ratio]) => ratio < 4.5);
"""

# What sticks out of the page, and boxes of the top that hide a part of what they hold.
STICKS_OUT = """
const page = document.documentElement;
return [...(page.scrollWidth > page.clientWidth ? [`the page is ${page.scrollWidth} px wide`] : []),
        ...[...document.querySelectorAll(".overview *, nav.views *")]
           .filter((e) => getComputedStyle(e).overflowX !== "visible" && !e.matches(".for-readers, .bar") && e.scrollWidth > e.clientWidth + 1)
           .map((e) => `${e.tagName}.${e.className} hides ${e.scrollWidth - e.clientWidth} px`)];
"""


def browser():
    options = Options()
    options.binary_location = shutil.which("chromium")
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                     "--window-size=1280,1000"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    return webdriver.Chrome(service=Service(shutil.which("chromedriver")), options=options)


class Page(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        subprocess.run([PROGRAM, cls.folder.name], check=True)
        cls.driver = browser()

    @classmethod
    def tearDownClass(cls):
        cls.driver.quit()
        cls.folder.cleanup()

    def open(self, name, address=""):
        self.driver.get("about:blank")  # else another address of the same file is no new page
        self.driver.get(f"file://{self.folder.name}/{name}.html{address}")
        self.assertEqual(self.js("return document.documentElement.dataset.ready"), "true", name)

    def js(self, script, *arguments):
        return self.driver.execute_script(script, *arguments)

    def all(self, selector):
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def shown(self, selector):
        return [one for one in self.all(selector) if one.is_displayed()]

    def one(self, selector):
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def drawn(self):
        """Waits for what a change of the page sets off: toggled details, observed sizes."""
        self.driver.execute_async_script("requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(arguments[0])))")

    def see_all(self):
        """Goes through every view with everything in it open; yields each view's name."""
        for link in [one.get_attribute("id") for one in self.all("nav.views a")]:
            self.one(f"#{link}").click()
            # What opens may have more to open in it, once it has drawn itself.
            while self.js("""const closed = document.querySelectorAll("details:not([open])");
                             for (const one of closed) one.open = true;
                             return closed.length"""):
                self.drawn()
            yield link

    def test_no_console_says_anything(self):
        for page in Path(self.folder.name).glob("*.html"):
            self.driver.get_log("browser")
            self.open(page.stem)
            for _ in self.see_all():
                pass
            self.assertEqual(self.driver.get_log("browser"), [], page.name)

    def test_nothing_that_a_registry_sent_runs_or_loads(self):
        for name in ("scripted", "hostile", "nights"):
            self.open(name)
            for view in self.see_all():
                self.assertEqual(self.js("return window.ran ?? null"), None, view)
                self.assertEqual(self.all("img, iframe, object, embed, form, base, link, audio, video"), [], view)
                self.assertEqual(len(self.all("script")), 2, view)
                hrefs = self.js("return [...document.querySelectorAll('a')].map((one) => one.href)")
                self.assertEqual([one for one in hrefs if not one.startswith(("https://github.com/", "file://"))], [])
        self.open("scripted")
        self.assertIn("<img src=x onerror=", self.one("main").text)

    def test_the_policy_lets_no_other_script_run(self):
        self.open("example")
        self.js("""try { const one = document.createElement("script"); one.textContent = "window.ran = 1";
                         document.body.append(one); } catch {}
                   try { document.body.insertAdjacentHTML("beforeend", "<img src=x onerror='window.ran = 1'>"); } catch {}
                   try { const button = document.createElement("button"); button.setAttribute("onclick", "window.ran = 1");
                         document.body.append(button); button.click(); } catch {}""")
        self.assertEqual(self.js("return window.ran ?? null"), None)
        self.driver.get_log("browser")

    def test_what_cannot_be_seen_is_made_visible(self):
        self.open("hostile")
        self.assertIn("U+202E", [one.text for one in self.all(".unseen")])

    def test_the_verdict_and_the_categories_come_first(self):
        self.open("example")
        self.assertEqual(self.one("h1").text, "Not conformant")
        self.assertEqual([one.text for one in self.all(".categories tbody th")],
                         ["pull", "push", "discovery", "management"])

    def test_findings_are_filtered_and_the_address_keeps_the_filters(self):
        self.open("example")
        whole = len(self.shown(".cause"))
        next(one for one in self.all(".chip") if one.text.startswith("warn")).click()
        warned = len(self.shown(".cause"))
        self.assertTrue(0 < warned < whole)
        self.assertEqual(self.one(".shown").text, f"{warned} of {whole} findings")
        self.one("input[name=text]").send_keys("min-length")
        self.assertEqual(len(self.shown(".cause")), 1)
        address = self.js("return location.hash")
        self.open("example", address)
        self.assertEqual(len(self.shown(".cause")), 1)
        self.assertEqual(self.one("input[name=text]").get_attribute("value"), "min-length")

    def test_findings_are_filtered_by_requirement_and_by_category(self):
        self.open("example", "#findings?requirement=push.chunk")
        self.assertEqual({one.text.split("\n")[1].split()[0] for one in self.shown(".cause")},
                         {"push.chunk.out-of-order", "push.chunk.status"})
        self.open("example", "#scenarios?category=discovery")
        self.assertEqual(len(self.shown(".scenario")), 2)

    def test_an_anchor_opens_and_focuses_what_it_names(self):
        for address, identity in (("#findings:push.chunk.status", "finding-push.chunk.status"),
                                  ("#scenarios:blob/get", "scenario-blob/get"),
                                  ("#coverage:tags.200", "requirement-tags.200")):
            self.open("example", address)
            self.assertEqual(self.driver.switch_to.active_element.get_attribute("id"), identity)

    def test_the_deciding_exchange_is_marked_and_open(self):
        self.open("example", "#findings:push.chunk.out-of-order")
        deciding = self.one("[id='finding-push.chunk.out-of-order'] .exchange.deciding")
        self.assertEqual(deciding.get_attribute("open"), "true")
        self.assertIn("decided it", deciding.text)
        self.assertIn("Content-Range: 5-9", deciding.text)

    def test_it_is_used_with_the_keyboard_alone(self):
        self.open("example")
        press = lambda *keys: self.driver.switch_to.active_element.send_keys(*keys)
        self.one("body").send_keys(Keys.TAB)
        self.assertEqual(self.driver.switch_to.active_element.text, "Skip to the findings")
        press(Keys.ENTER)
        self.assertEqual(self.driver.switch_to.active_element.get_attribute("id"), "view-title")
        press(Keys.TAB)
        press(Keys.SPACE)
        self.assertEqual(self.driver.switch_to.active_element.get_attribute("aria-pressed"), "true")
        self.open("example", "#scenarios:upload/out-of-order")
        press(Keys.TAB)  # to its summary
        press(Keys.ENTER)
        self.assertIsNone(self.one("[id='scenario-upload/out-of-order']").get_attribute("open"))

    def test_readers_of_the_screen_find_their_way(self):
        for name in ("example", "load", "compared", "history", "nights", "proof"):
            self.open(name)
            self.assertEqual(len(self.all("h1")), 1, name)
            for view in self.see_all():
                levels = [int(one.tag_name[1]) for one in self.shown("h1, h2, h3, h4, h5, h6")]
                jumps = [pair for pair in zip(levels, levels[1:]) if pair[1] > pair[0] + 1]
                self.assertEqual(jumps, [], (name, view))
                self.assertEqual(self.js("""return [...document.querySelectorAll("table")].filter((one) =>
                    !one.closest(".uplot") && (!one.caption || one.querySelector("th:not([scope])"))).length"""), 0, view)
                self.assertEqual(self.js("""return [...document.querySelectorAll("input, select")]
                    .filter((one) => one.labels.length === 0).length"""), 0, view)
                self.assertEqual(len(self.all("nav.views a[aria-current=page]")), 1)
                self.assertEqual(self.js("""const ids = [...document.querySelectorAll("[id]")].map((one) => one.id);
                    return ids.filter((id, at) => ids.indexOf(id) !== at)"""), [], view)

    def tearDown(self):
        self.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})

    def on_a_screen_of(self, width):
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
            "width": width, "height": 1000, "deviceScaleFactor": 1, "mobile": False})
        self.drawn()

    def in_both_themes(self):
        for _ in range(2):
            yield self.one(".theme").text
            self.one(".theme").click()

    def test_text_stands_out_in_light_and_in_dark(self):
        for name in ("example", "load", "compared", "history", "nights", "proof"):
            self.open(name)
            for theme in self.in_both_themes():
                for view in self.see_all():
                    self.assertEqual(self.js(CONTRASTS), [], (name, view, theme))

    def test_nothing_sticks_out_on_any_screen(self):
        for page in Path(self.folder.name).glob("*.html"):
            self.open(page.stem)
            for theme in self.in_both_themes():
                for view in self.see_all():
                    for width in (390, 800, 1280):
                        self.on_a_screen_of(width)
                        self.assertEqual(self.js(STICKS_OUT), [], (page.name, width, view, theme))

    def test_counts_have_their_names_on_a_phone(self):
        self.on_a_screen_of(390)
        self.open("example")
        self.assertEqual(self.js("""return [...document.querySelectorAll(".categories td.number")]
            .filter((cell) => cell.checkVisibility())
            .map((cell) => cell.textContent + getComputedStyle(cell, "::after").content.replaceAll('"', ""))"""),
            ["1 pass", "1 warn", "1 fail", "1 error", "1 blocked", "1 not offered", "1 skipped",
             "1 pass", "1 warn", "1 fail", "1 blocked", "1 error", "1 not offered", "1 skipped"])

    def test_numbers_stay_below_the_names_of_their_columns_on_a_phone(self):
        self.on_a_screen_of(390)
        for name in ("load", "compared", "history", "nights"):
            self.open(name)
            for view in self.see_all():
                self.assertEqual(self.js("""return [...document.querySelectorAll("table")]
                    .filter((one) => one.checkVisibility() && one.querySelector("tbody .number") && !one.closest(".uplot"))
                    .filter((one) => !one.tHead.checkVisibility()).map((one) => one.className)"""), [], (name, view))

    def test_it_is_printed_whole_and_in_light(self):
        self.open("example")
        if self.one(".theme").text == "Dark colours":
            self.one(".theme").click()
        # As the browser does it for a print.
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
        self.addCleanup(self.driver.execute_cdp_cmd, "Emulation.setEmulatedMedia", {"media": ""})
        self.js("dispatchEvent(new Event('beforeprint'))")
        self.on_a_screen_of(700)
        self.assertEqual(self.js(STICKS_OUT), [])
        self.assertEqual(self.shown(".views, .filters, .copy"), [])
        self.assertEqual(self.js("return getComputedStyle(document.body).color"), "rgb(23, 32, 43)")

    def test_coverage_has_every_rule_and_says_why_one_was_not_judged(self):
        self.open("example", "#coverage")
        rows = self.all(".rules tbody tr")
        self.assertEqual(len(rows), int(self.one("#to-coverage .number").text))
        self.assertGreater(len(rows), 500)
        self.assertEqual(self.js("""return [...document.querySelectorAll(".rules tbody tr")].filter((row) =>
            row.cells[0].textContent === "not judged" && row.cells[2].textContent === "").length"""), 0)

    def test_coverage_counts_by_level_and_names_what_proves_a_rule(self):
        self.open("example", "#coverage")
        heads = [one.text for one in self.all(".by-level tbody th")]
        self.assertEqual(heads, [f"{level}, {who}" for level in ("MUST", "SHOULD", "MAY")
                                 for who in ("registries", "clients")])
        counted = self.js("""return [...document.querySelectorAll(".by-level tbody tr")]
            .map((row) => [...row.cells].slice(1).map((cell) => Number(cell.textContent)))""")
        self.assertEqual(sum(row[0] for row in counted), len(self.all(".rules tbody tr")))
        self.assertTrue(all(row[0] == row[1] + row[2] + row[3] for row in counted), counted)
        self.open("example", "#coverage:pull.blob.get-body")
        self.assertIn("proven by 2 faults: blob-get-flips-a-bit, blob-get-cut-at-64-kib",
                      self.driver.find_element(By.ID, "requirement-pull.blob.get-body").text)
        self.open("example", "#coverage:tags.empty")
        self.assertIn("A MAY: an empty list", self.driver.find_element(By.ID, "requirement-tags.empty").text)

    def test_a_claimed_category_says_whether_it_is_there_as_a_whole(self):
        self.open("example")
        claims = {row.text.split("\n")[0].split()[0]: row.text for row in self.all(".categories tbody tr")}
        self.assertIn("claimed: holds", claims["pull"])
        self.assertIn("claimed: does not hold", claims["push"])
        self.assertNotIn("claimed", claims["discovery"])

    def test_the_proof_says_what_was_not_caught(self):
        self.open("proof")
        self.assertIn("1 of 2 faults caught", self.one(".lead").text)

    def test_load_runs_are_drawn_and_told_in_numbers(self):
        self.open("load")
        self.assertGreaterEqual(len(self.all(".chart canvas")), 6)
        self.assertIn("pull.p99<250ms", self.one("main").text)
        self.assertIn("beside the first run", self.one("main").text)

    def test_a_chart_of_nothing_says_why(self):
        self.open("short-load")
        said = {one.text.split("\n")[0]: one.text.split("\n")[1:] for one in self.all(".chart:has(.empty)")}
        self.assertEqual(said, {"Median latency": ["No second has enough samples."],
                                "99th percentile of latency": ["No second has enough samples."]})

    def test_a_comparison_says_what_is_worse_and_how_sure_that_is(self):
        self.open("compared")
        self.assertEqual(self.one("#verdict").text, "Worse than the base")
        first = self.one(".compared tbody tr")
        self.assertIn("worse", first.text)
        self.assertIn("pull.p50", first.text)
        self.assertIn("+30.0 %", first.text)
        self.assertEqual(len(self.all(".compared svg.interval")), len(self.all(".compared tbody tr")))

    def test_a_history_says_what_changed(self):
        self.open("history", "#changes")
        lists = {one.text.split("\n")[1]: one.text.split("\n")[2:] for one in self.all(".changes")}
        self.assertEqual(lists["Newly broken (1)"], ["push.chunk.status"])
        self.assertEqual(lists["Fixed (1)"], ["pull.blob.body"])
        self.open("history", "#matrix")
        self.assertEqual(len(self.all(".matrix thead th")), 3)

    def choose(self, name, option):
        """In a select, as a person does it."""
        self.js("""const select = document.querySelector(`select[name="${arguments[0]}"]`);
                   select.value = [...select.options].find((one) => one.text.startsWith(arguments[1])).value;
                   select.dispatchEvent(new Event("change"));""", name, option)
        self.drawn()

    def test_nights_of_load_are_drawn_and_the_newest_is_set_beside_them(self):
        self.open("nights")
        self.choose("operation", "pull")
        self.assertGreaterEqual(len(self.all(".chart canvas")), 5)
        rows = {row.text.split("\n")[0]: row.text for row in self.all(".standing tbody tr")}
        median = next(text for name, text in rows.items() if name.startswith("Median latency"))
        self.assertRegex(median, r"45 ms .* ms \+\d+\.\d % .* 38 of 38")
        self.assertIn("pull median latency: 45 ms", self.one("ul.notes").text)
        self.assertIn("1 run that is no measurement", self.one(".view").text)
        objectives = self.all("table:has(.strip) tbody tr")
        self.assertIn("pull.p99<250ms", objectives[0].text)
        self.assertEqual(objectives[0].find_element(By.CSS_SELECTOR, ".strip").get_attribute("aria-label"),
                         "kept 33, broken 6, refused 0 of 40")

    def test_what_a_run_that_is_no_measurement_measured_is_not_shown(self):
        self.open("nights")
        row = next(one for one in self.all(".view table")[-1].find_elements(By.TAG_NAME, "tr") if "30.json" in one.text)
        self.assertIn("not valid", row.text)
        self.assertEqual([one.text for one in row.find_elements(By.CSS_SELECTOR, ".number")], ["\u2013"] * 4)

    def shown_part(self):
        return self.one(".zoom [role=status]").text

    def test_dragging_across_a_chart_zooms_all_of_its_kind_and_a_double_click_shows_all(self):
        self.open("nights")
        self.choose("operation", "pull")
        over = self.all(".chart .u-over")
        self.js("arguments[0].scrollIntoView({block: 'center'})", over[0])
        quarter = over[0].size["width"] // 4
        webdriver.ActionChains(self.driver).move_to_element(over[0]).move_by_offset(-quarter, 0).click_and_hold() \
            .move_by_offset(quarter, 0).move_by_offset(quarter, 0).release().perform()
        self.drawn()
        self.assertRegex(self.shown_part(), r"^Shown: runs 1\d to [23]\d of 40$")
        webdriver.ActionChains(self.driver).double_click(over[1]).perform()
        self.drawn()
        self.assertEqual(self.shown_part(), "")

    def test_charts_are_zoomed_with_the_keyboard(self):
        for page, address in (("nights", ""), ("load", ""), ("history", "#trends")):
            self.open(page, address)
            self.drawn()
            zoom = {one.get_attribute("aria-label"): one for one in self.all(".zoom")[0].find_elements(By.TAG_NAME, "button")}
            seen = [self.shown_part()]
            for name in ("Zoom in", "Move right", "Zoom out", "Show all"):
                zoom[name].send_keys(Keys.ENTER)
                self.drawn()
                seen.append(self.shown_part())
                self.assertEqual(self.driver.switch_to.active_element, zoom[name])
            self.assertEqual((seen[0], seen[-1]), ("", ""), page)
            self.assertTrue(seen[1].startswith("Shown: "), seen)
            self.assertNotEqual(seen[1], seen[2])

    def test_a_part_that_is_shown_stays_where_colours_change(self):
        self.open("nights")
        self.drawn()
        self.one(".zoom button").click()
        self.drawn()
        part = self.shown_part()
        self.one(".theme").click()
        self.drawn()
        self.assertEqual(self.shown_part(), part)


if __name__ == "__main__":
    unittest.main()
