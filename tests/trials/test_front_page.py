"""Trial of the front page in a real browser, with the real voice."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

from tests.support.paths import ROOT, START_TIMEOUT_S
from tests.support.service import RunningService, serving
from workers.narration import DISCLOSURE

pytestmark = pytest.mark.trial

SAMPLE = ROOT / "samples" / "ferry.txt"
SIGNATURE = "By Ada Lind"
LETTER = (
    "A letter to the harbour office\n"
    "I waited on the quay in the rain on Monday, and the ferry did not come at all.\n"
    "Share\n"
    "The clerk gave me a cup of tea, for which I thank him, and no reason whatsoever.\n"
    f"{SIGNATURE}"
)
"""A page, unless the sender states that it is an article: then it says "Share"."""


@pytest.fixture(scope="module", name="voiced_service")
def _voiced_service(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[RunningService]:
    with serving(tmp_path_factory.mktemp("service") / "data") as service:
        yield service


@pytest.fixture(name="browser")
def _browser(tmp_path: Path) -> Iterator[Chrome]:
    program, driver = shutil.which("chromium"), shutil.which("chromedriver")
    assert program, "install Debian's chromium"
    assert driver, "install Debian's chromium-driver"
    options = ChromeOptions()
    options.binary_location = program
    for argument in (
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
        "--autoplay-policy=no-user-gesture-required",
        "--window-size=900,1400",
        f"--user-data-dir={tmp_path / 'profile'}",
    ):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    browser = Chrome(options=options, service=Service(driver))
    yield browser
    browser.quit()


def test_pasted_page_is_narrated_and_plays(
    voiced_service: RunningService, browser: Chrome
) -> None:
    browser.get(voiced_service.address)
    paste(browser, SAMPLE.read_text())
    audio = listen(browser)

    headline = "Last diesel ferry leaves Wenlow as electric boat takes over"
    assert browser.find_element(By.ID, "title").text.startswith(headline)
    assert browser.find_element(By.ID, "disclosure").text == DISCLOSURE
    browser.find_element(By.CSS_SELECTOR, "summary").click()
    cuts = browser.find_element(By.ID, "cuts").text
    assert "Advertisement advertisement" in cuts
    assert "It marks an advertisement or paid material." in cuts
    assert "caption-or-credit" in cuts
    assert "nothing else: " in browser.find_element(By.ID, "confidence").text

    browser.execute_script("arguments[0].play()", audio)
    WebDriverWait(browser, START_TIMEOUT_S).until(lambda _: playing(browser) > 0.5)
    duration = browser.execute_script("return arguments[0].duration", audio)
    assert 85 < duration < 160
    browser.execute_script("arguments[0].currentTime = arguments[1]", audio, 60)
    WebDriverWait(browser, START_TIMEOUT_S).until(lambda _: playing(browser) > 60.2)
    assert errors_of(browser) == []


def test_article_alone_is_read_whole_if_the_box_is_checked(
    voiced_service: RunningService, browser: Chrome
) -> None:
    browser.get(voiced_service.address)
    paste(browser, LETTER)
    listen(browser)
    assert cut_lines(browser) == ["Share", SIGNATURE]
    as_page = seconds_shown(browser)

    browser.find_element(By.NAME, "source").click()
    listen(browser)
    assert cut_lines(browser) == []
    assert not browser.find_element(By.ID, "cuts").is_displayed()
    assert seconds_shown(browser) > as_page
    assert errors_of(browser) == []


def test_page_without_an_article_shows_the_problem(
    voiced_service: RunningService, browser: Chrome
) -> None:
    browser.get(voiced_service.address)
    paste(browser, "Advertisement")
    browser.find_element(By.CSS_SELECTOR, "button").click()
    problem = browser.find_element(By.ID, "problem")
    WebDriverWait(browser, START_TIMEOUT_S).until(lambda _: problem.is_displayed())
    assert "send the article's own text" in problem.text
    assert browser.find_element(By.CSS_SELECTOR, "button").is_enabled()


def paste(browser: Chrome, text: str) -> None:
    area = browser.find_element(By.ID, "text")
    browser.execute_script("arguments[0].value = arguments[1]", area, text)


def listen(browser: Chrome) -> WebElement:
    """Send the form and return the audio once it is ready."""
    browser.find_element(By.CSS_SELECTOR, "button").click()
    audio = browser.find_element(By.ID, "audio")
    WebDriverWait(browser, 10 * START_TIMEOUT_S).until(lambda _: audio.is_displayed())
    return audio


def cut_lines(browser: Chrome) -> list[str]:
    """Return the text of every line that the page lists as not read."""
    cells = browser.find_elements(By.CSS_SELECTOR, "#cuts td:nth-child(2)")
    return [str(cell.get_property("textContent")) for cell in cells]


def seconds_shown(browser: Chrome) -> int:
    """Return the length of the narration that the page shows."""
    (seconds,) = re.findall(r"\d+", browser.find_element(By.ID, "state").text)
    return int(seconds)


def errors_of(browser: Chrome) -> list[str]:
    """Return the errors on the browser's console."""
    return [
        entry["message"]
        for entry in browser.get_log("browser")
        if entry["level"] == "SEVERE"
    ]


def playing(browser: Chrome) -> float:
    return float(
        browser.execute_script("return document.getElementById('audio').currentTime")
    )
