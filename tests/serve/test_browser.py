"""Pages in a browser: what a reader does, with and without scripts, and that no script of the graph's runs."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

from tests.serve.conftest import Client, serving

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
pytestmark = pytest.mark.skipif(not (CHROMIUM and DRIVER), reason="needs chromium and chromedriver")

FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync"
)


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM or ""
    for flag in [*FLAGS.split(), f"--user-data-dir={tmp_path_factory.mktemp('profile')}"]:
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(DRIVER))
    try:
        yield driver
    finally:
        driver.quit()


def at(browser: webdriver.Chrome, selector: str) -> WebElement:
    return WebDriverWait(browser, 20).until(lambda driver: driver.find_element(By.CSS_SELECTOR, selector))


def told(browser: webdriver.Chrome) -> list[str]:
    """Return what the browser said on its console since it was asked last: faults and what the policy forbade."""
    entries: list[dict[str, str]] = browser.get_log("browser")  # type: ignore[no-untyped-call]
    return [entry["message"] for entry in entries]


def narrow(browser: webdriver.Chrome, width: int) -> None:
    metrics = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width < 500}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)


def test_from_search_to_a_dossier_and_its_chart(browser: webdriver.Chrome, client: Client) -> None:
    narrow(browser, 1280)
    browser.get(client.address)
    find = at(browser, "#find")
    find.send_keys("CABINET", Keys.ENTER)
    link = at(browser, ".found a")
    assert link.text == "CABINET"
    link.click()
    assert at(browser, "h1").text == "CABINET"
    chart = at(browser, "figure.wide svg[role=img]")
    assert chart.is_displayed()
    assert "0.23 (95% CI 0.12-0.42; P < .001)" in chart.text
    assert not browser.find_element(By.CSS_SELECTOR, "figure.narrow svg").is_displayed()
    assert (
        browser.execute_script("return getComputedStyle(document.querySelector('svg rect.mark')).fill")
        == "rgb(11, 83, 148)"
    )


@pytest.mark.parametrize("path", ["", "search?q=neuro", "drug/cabozantinib", "trial/NCT03375320", "questions/timeline",
                                  "query", "ontology.html", "nothing/here"])  # fmt: skip
def test_pages_fit_a_phone_and_break_no_policy(path: str, browser: webdriver.Chrome, client: Client) -> None:
    narrow(browser, 375)
    told(browser)
    browser.get(client.address + path)
    assert browser.execute_script("return document.documentElement.scrollWidth") <= 375
    assert [message for message in told(browser) if "404" not in message] == []
    for chart in browser.find_elements(By.CSS_SELECTOR, "figure.narrow svg"):
        assert chart.is_displayed()


def test_a_question_is_asked_anew(browser: webdriver.Chrome, client: Client) -> None:
    narrow(browser, 1280)
    browser.get(f"{client.address}questions/hazard-ratios")
    field = at(browser, "#p-condition")
    field.send_keys("pNET", Keys.ENTER)
    WebDriverWait(browser, 20).until(lambda driver: "condition=pNET" in driver.current_url)
    rows = browser.find_elements(By.CSS_SELECTOR, "#rows tbody tr")
    assert ["CABINET" in row.text for row in rows] == [True]
    address = browser.find_element(By.LINK_TEXT, "Address of this answer").get_attribute("href")
    browser.get(address or "")
    assert len(browser.find_elements(By.CSS_SELECTOR, "#rows tbody tr")) == 1


def test_sparql_runs_an_example_and_completes_terms(browser: webdriver.Chrome, client: Client) -> None:
    browser.get(f"{client.address}query")
    browser.find_element(By.LINK_TEXT, "Pivotal trials and what rests on them").click()
    assert "CABINET" in at(browser, "#rows").text
    area = at(browser, "#query")
    area.clear()
    area.send_keys("SELECT ?x { ?x a kg:PivotalTr")
    chosen = at(browser, ".completions li[aria-selected=true]")
    assert chosen.text == "kg:PivotalTrial"
    assert area.get_attribute("aria-activedescendant") == chosen.get_attribute("id")
    area.send_keys(Keys.ENTER, " }", Keys.CONTROL, Keys.ENTER)
    WebDriverWait(browser, 20).until(lambda driver: "kg%3APivotalTrial+%7D" in driver.current_url)
    assert [row.text for row in browser.find_elements(By.CSS_SELECTOR, "#rows tbody tr")] == ["CABINET"]


def test_all_works_without_scripts(browser: webdriver.Chrome, client: Client) -> None:
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        browser.get(f"{client.address}query")
        area = at(browser, "#query")
        area.clear()
        area.send_keys("ASK { trial:NCT03375320 a kg:PivotalTrial }")
        browser.find_element(By.CSS_SELECTOR, "main button").click()
        WebDriverWait(browser, 20).until(lambda driver: "query=ASK" in driver.current_url)
        assert at(browser, "#rows tbody").text == "true"
    finally:
        browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


def test_the_keyboard_skips_to_the_content_and_shows_where_it_is(browser: webdriver.Chrome, client: Client) -> None:
    browser.get(f"{client.address}ontology.html")
    at(browser, "body").send_keys(Keys.TAB)
    focused = browser.switch_to.active_element
    assert focused.text == "Skip to the content"
    assert browser.execute_script("return getComputedStyle(arguments[0]).outlineWidth", focused) == "3px"
    focused.send_keys(Keys.ENTER)
    assert browser.switch_to.active_element.get_attribute("id") == "main"


def test_no_script_of_the_graph_runs(browser: webdriver.Chrome) -> None:
    narrow(browser, 1280)
    with serving(str(Path(__file__).parent / "attacks.ttl")) as client:
        for path in ("drug/evil", "event/evil", "questions/timeline?substance=drug%3Aevil", "search?q=script"):
            browser.get(client.address + path)
            assert "script" in at(browser, "main").text
            for link in browser.find_elements(By.CSS_SELECTOR, "main a"):
                assert (link.get_attribute("href") or "").startswith(("http://", "https://"))
            assert browser.execute_script("return window.ran === undefined")
