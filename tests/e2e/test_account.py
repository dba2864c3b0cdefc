"""Registering, confirming by mail, signing in, resetting the password: all through the screens."""

import pytest
from playwright.async_api import Browser, Page, expect

from tests.e2e.browser import watched
from tests.e2e.stage import Stage, sign_in

pytestmark = pytest.mark.asyncio(loop_scope="package")

EMAIL = "grace@example.org"
CHOSEN, CHANGED = "correct horse battery", "staple battery horse"


async def open_mail(page: Page, subject: str) -> str:
    """The link of the newest mail to the newcomer, as the trial's outbox shows it."""
    await page.goto(page.url.split("/", 3)[0] + "//" + page.url.split("/", 3)[2] + "/outbox")
    mail = page.get_by_role("listitem").filter(has_text=EMAIL).filter(has_text=subject).first
    for _ in range(40):
        if await mail.count():
            break
        await page.wait_for_timeout(250)
        await page.reload()
    await mail.locator("summary").click()
    link = await mail.get_by_role("link").first.get_attribute("href")
    assert link is not None
    return link


async def test_a_newcomer_registers_confirms_and_resets_the_password(stage: Stage, browser: Browser) -> None:
    async with watched(browser, stage.server) as admin, watched(browser, stage.server) as newcomer:
        outbox = await admin.page("/sign-in")
        await sign_in(outbox, "admin@demo.example")
        page = await newcomer.page("/register")

        await page.get_by_label("Your name").fill("Grace Hopper")
        await page.get_by_label("E-mail address").fill(EMAIL)
        await page.get_by_label("Password").fill("short")
        await page.get_by_role("button", name="Make my account").click()
        await expect(page.get_by_role("heading", name="There is a problem")).to_be_focused()
        await page.get_by_label("Password").fill(CHOSEN)
        await page.get_by_role("button", name="Make my account").click()
        await expect(page.get_by_role("heading", name="Please look into your mail")).to_be_visible()

        await page.goto(await open_mail(outbox, "onfirm"))
        await page.get_by_label("Password").fill(CHOSEN)
        await page.get_by_role("button", name="Confirm").click()
        await page.get_by_role("link", name="Sign in").click()
        await sign_in(page, EMAIL, CHOSEN)
        await expect(page.get_by_text("Hello Grace Hopper.")).to_be_visible()

        await page.get_by_text("Grace Hopper", exact=True).click()
        await page.get_by_role("button", name="Sign out").click()
        await page.get_by_role("link", name="I forgot my password").click()
        await page.get_by_label("E-mail address").fill(EMAIL)
        await page.get_by_role("button", name="Send me the link").click()
        await expect(page.get_by_role("heading", name="Please look into your mail")).to_be_visible()
        await page.goto(await open_mail(outbox, "assword"))
        await page.get_by_label("New password").fill(CHANGED)
        await page.get_by_role("button", name="Save the password").click()
        await page.get_by_role("link", name="Sign in").click()
        await sign_in(page, EMAIL, CHANGED)
        await expect(page.get_by_text("Hello Grace Hopper.")).to_be_visible()


async def test_the_screens_speak_german_and_wear_the_dark(stage: Stage, browser: Browser) -> None:
    async with watched(browser, stage.server, locale="de-DE") as person:
        page = await person.page("/sign-in")

        await expect(page.get_by_role("heading", name="Anmelden")).to_be_visible()
        await page.get_by_text("Anzeige").click()
        await page.get_by_label("Farbschema").select_option("dark")
        await page.reload()

        assert await page.locator("html").get_attribute("data-theme") == "dark"
        assert await page.evaluate("getComputedStyle(document.body).color") == "rgb(236, 236, 240)"
