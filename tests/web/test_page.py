"""The page of playground and studio, as people use it."""

import re
import subprocess
from pathlib import Path

import pytest
from playground import build_pages
from playwright.sync_api import expect

import segdsl
from segdsl.studio.playground import SCHEMA

from .conftest import ROOT, Opened, Tabs

PAGE = ROOT / "segdsl" / "studio" / "page"


def filters(text: str) -> list[dict[str, object]]:
    return [one.to_dict() for one in segdsl.compile_all(text, SCHEMA)]


def test_mistakes_are_underlined_and_a_click_on_the_fix_mends_each(page: Opened) -> None:
    page.write('comercialIntent >= 0.6 and plan == "entreprise"')
    expect(page.status).to_have_text("2 errors")
    expect(page.sentence.locator(".cm-lintRange-error")).to_have_text(["comercialIntent", '"entreprise"'])
    expect(page.filters).to_have_count(0)
    page.problems.get_by_role("button", name="Write commercialIntent").click()
    expect(page.status).to_have_text("1 error")
    page.problems.get_by_role("button", name='Write "enterprise"').click()
    page.is_accepted(*filters('commercialIntent >= 0.6 and plan == "enterprise"'))
    expect(page.problems).to_have_count(0)


def test_a_sentence_is_built_by_clicking_only(page: Opened) -> None:
    page.page.get_by_role("button", name="Clear").click()
    page.choose("plan", "in", "[", '"pro"', ",", '"enterprise"', "]", "and", "(", "seats", ">=")
    page.choose("One more", "One more", "Insert", "or", "lastSeen", "within", "7d", ")", "during", "30d")
    said = 'plan in ["pro", "enterprise"] and (seats >= 3 or lastSeen within 7d) during 30d'
    assert page.text.strip() == said
    page.is_accepted(*filters(said))


def test_after_a_whole_word_the_chips_show_what_can_follow(page: Opened) -> None:
    words = {"rating >= 4": "and", "lastSeen within 7d": "and", "plan in ['pro']": "or", "company": "contains"}
    for said, word in words.items():
        page.write(said)
        page.choose(word)
        assert page.text == f"{said} {word} "
        expect(page.page.get_by_role("listbox")).to_have_count(0)


def test_offsets_are_right_after_an_emoji(page: Opened) -> None:
    page.write('company contains "😀😀" and plann == "pro"')
    expect(page.sentence.locator(".cm-lintRange-error")).to_have_text(["plann"])
    page.problems.get_by_role("button", name="Write plan", exact=True).click()
    page.is_accepted(*filters('company contains "😀😀" and plan == "pro"'))


def test_a_link_brings_back_the_sentence_and_the_dialect(page: Opened, tabs: Tabs) -> None:
    said = 'company contains "Größe & 50 % #1 + 😀" or\nrating != 3'
    page.write(said)
    page.page.get_by_label("SQL dialect").select_option("postgres")
    expect(page.page.locator("#sql")).to_contain_text("rating")
    page.page.get_by_role("button", name="Copy link").click()
    expect(page.page.get_by_role("button", name="Copied")).to_be_visible()
    link = page.page.evaluate("navigator.clipboard.readText()")
    other = tabs.open(link)
    assert other.text == said
    expect(other.page.get_by_label("SQL dialect")).to_have_value("postgres")
    other.is_accepted(*filters(said))
    assert other.page.locator("#sql pre").inner_text() == page.page.locator("#sql pre").inner_text()
    other.page.close()


def test_a_fix_of_an_outdated_text_does_nothing(page: Opened) -> None:
    page.write("plann")
    expect(page.page.get_by_role("button", name="Write plan")).to_be_visible()
    page.page.evaluate("""async () => {
        document.execCommand("insertText", false, "x")
        await new Promise(requestAnimationFrame)
        document.querySelector(".fix").click()
    }""")
    assert page.text in ("plannx", "plan")  # a fix of the new text may be there already


def test_everything_is_within_reach_of_the_keyboard(page: Opened) -> None:
    press = page.page.keyboard.press

    def tab_to(name: str) -> None:
        for _ in range(60):
            if page.page.evaluate("document.activeElement.textContent.trim()") == name:
                return
            press("Tab")
        raise AssertionError(f"Tab never reaches {name!r}")

    tab_to("Copy link")
    press("Tab")
    press("ControlOrMeta+a")
    page.page.keyboard.type("frus")
    expect(page.page.get_by_role("listbox").get_by_role("option")).to_have_text(["frustrationa metric"])
    press("Enter")
    page.page.keyboard.type("> 1.5")
    assert page.text == "frustration > 1.5"
    expect(page.status).to_have_text("Becomes one segment, with 1 warning")
    page.page.keyboard.type(" and plann")
    expect(page.page.locator("#problems")).to_contain_text("plann")
    tab_to("Write plan")
    press("Enter")
    assert page.text == "frustration > 1.5 and plan"
    press("ControlOrMeta+a")
    page.page.keyboard.type("frustration ")
    tab_to(">=")
    press("Enter")
    tab_to("0.75")
    press("Enter")
    page.is_accepted(*filters("frustration >= 0.75"))
    ring = "getComputedStyle(document.activeElement).outlineStyle"
    assert page.page.evaluate(ring) == "solid"


@pytest.mark.parametrize(("scheme", "text"), [("light", 'plan == "pro" or rating != 3'), ("dark", 'plann == "pro"')])
def test_axe_finds_nothing_serious(page: Opened, packages_of_web: Path, scheme: str, text: str) -> None:
    page.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.write(text)
    expect(page.filters).to_have_count(0 if "plann" in text else 3)
    expect(page.page.locator(".fix")).to_have_count(1 if "plann" in text else 0)
    page.page.evaluate((packages_of_web / "axe-core" / "axe.min.js").read_text(encoding="utf-8"))
    found = page.page.evaluate("axe.run({resultTypes: ['violations']})")
    serious = [one for one in found["violations"] if one["impact"] in ("serious", "critical")]
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in serious] == []
    assert len(found["passes"]) > 15


def test_nothing_scrolls_sideways_on_a_phone(page: Opened) -> None:
    page.page.set_viewport_size({"width": 360, "height": 740})
    long = "x" * 60
    for text in [
        f'company contains "{long}" or company == "{long}"',
        f'{long} == "{long}"',
        "missingCapabilityDetected ",
    ]:
        page.write(text)
        expect(page.status).to_contain_text(re.compile("segment|error"))
        assert page.page.evaluate("document.documentElement.scrollWidth") == 360


def test_people_show_the_term_that_decides(page: Opened) -> None:
    page.write('plan == "enterprise" and seats >= 200')
    expect(page.page.locator("#people-summary")).to_have_text("2 of 12 match")
    ada = page.page.locator("#people li").filter(has_text="Ada")
    expect(ada.locator(".badge")).to_have_text("in")
    page.page.locator("#people li").filter(has_text="Iris").get_by_role("button", name="seats is 20").click()
    assert (
        page.page.evaluate("document.querySelector('#editor').shadowRoot.getSelection().toString()") == "seats >= 200"
    )


def test_hover_says_what_a_word_is(page: Opened) -> None:
    page.write("frustration >= 0.6")
    page.sentence.locator(".cm-line").hover(position={"x": 20, "y": 12})
    expect(page.page.locator(".hover")).to_contain_text("from 0 to 1")


def test_names_and_examples_are_put_into_the_sentence(page: Opened) -> None:
    page.page.get_by_role("button", name="Trials that went quiet").click()
    expect(page.status).to_have_text("Becomes one segment")
    assert page.text.startswith('plan == "trial"')
    page.choose("and")
    page.page.get_by_role("button", name="rating a metric").click()
    page.choose("==", "Insert")
    assert page.text.endswith("lastSeen before 1w and rating == 1 ")


def test_the_page_shows_sql_words_and_warnings(page: Opened) -> None:
    page.write("@paying and not (rating < 3 or frustration > 0.8) and rating >= 3")
    expect(page.status).to_have_text("Becomes 2 segments, with 1 warning")
    expect(page.page.locator("#words")).to_contain_text("all of these:")
    expect(page.page.locator("#words li li").first).to_be_visible()
    expect(page.page.locator("#sql pre")).to_contain_text("rating")


def test_the_page_says_why_its_host_cannot_answer(page: Opened) -> None:
    page.page.route("**/ask", lambda route: route.fulfill(json={"error": "out of paper"}))
    page.write("rating > 3")
    expect(page.status).to_have_text("out of paper")
    page.page.unroute("**/ask")


def test_the_page_asks_for_files_of_its_folder_only() -> None:
    found = re.findall(r'(?:src|href)="([^"]+)"', (PAGE / "index.html").read_text(encoding="utf-8"))
    assert {"page.js", "page.css", "icon.svg"} == set(found)
    assert {path.name for path in PAGE.iterdir()} == {*found, "index.html", "licenses.txt"}


def test_the_page_is_what_web_builds(packages_of_web: Path, tmp_path: Path) -> None:
    subprocess.run([packages_of_web / ".bin" / "tsc"], cwd=ROOT / "web", check=True)
    build_pages(tmp_path / "studio", tmp_path / "playground")
    built = {path.name: path.read_bytes() for path in (tmp_path / "studio").iterdir()}
    assert built == {path.name: path.read_bytes() for path in PAGE.iterdir()}, "run `make web`"
