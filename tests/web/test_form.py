"""The form of examples/form in a browser: a completion behind an emoji, a fix, and a segment that is saved."""

from pathlib import Path

from playwright.sync_api import Browser, expect

from ..examples.form import serving_form


def test_a_segment_is_written_with_its_help(browser: Browser, tmp_path: Path) -> None:
    with serving_form(tmp_path / "segments.sqlite3") as address:
        page = browser.new_page()
        asked = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(address)
        page.get_by_label("Name").fill("New 😀")
        field, items = page.get_by_label("Condition"), page.get_by_role("option")
        field.fill('company == "😀" and comercialIntent > 0.5 and plan == ')
        field.press_sequentially("ent")
        expect(items).to_have_text(['"enterprise"a declared value'])
        field.press("Enter")
        expect(field).to_have_value('company == "😀" and comercialIntent > 0.5 and plan == "enterprise" ')
        expect(items).to_have_count(0)
        field.press("Control+Space")
        expect(items.first).to_have_text("and")
        field.press("Escape")
        expect(items).to_have_count(0)
        expect(page.locator("mark")).to_have_text("comercialIntent")

        page.get_by_role("button", name="Save").click()
        expect(page.locator("#saved")).to_have_text("It is not saved.")
        page.get_by_role("button", name="write `commercialIntent`").click()
        expect(page.locator("mark")).to_have_count(0)
        page.get_by_role("button", name="Save").click()
        text = 'company == "😀" and commercialIntent > 0.5 and plan == "enterprise"'
        expect(field).to_have_value(text)
        expect(page.locator("#saved")).to_contain_text(text)
        assert all(url.startswith((address, "data:")) for url in asked)
        page.close()
