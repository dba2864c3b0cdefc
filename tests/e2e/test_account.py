"""Registering, confirming, resetting the password, the bell, language and theme: through the screens, by keyboard."""

import asyncio
from datetime import timedelta

import pytest
from playwright.async_api import Browser, Page, expect

from tests.e2e.browser import watched
from tests.e2e.keyboard import choose, press, sign_in, tab_to, write
from tests.e2e.stage import API, Stage

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
    await press(page, mail.locator("summary"))
    await tab_to(page, mail.get_by_role("link").first)
    link = await mail.get_by_role("link").first.get_attribute("href")
    assert link is not None
    return link


async def change_details(page: Page) -> None:
    """A student number, and another password."""
    await press(page, page.locator("summary", has_text="Grace Hopper"))
    await press(page, page.get_by_role("link", name="My details"))
    await write(page, page.get_by_label("Student number"), "1906-12-09")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("Your details are saved.").first).to_be_visible()
    await write(page, page.get_by_label("Present password"), CHOSEN)
    await write(page, page.get_by_label("New password"), f"{CHOSEN} again")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("Your password is changed.").first).to_be_visible()


async def forget_the_password(page: Page, outbox: Page) -> None:
    """Sign out, and come back with the mail's link."""
    await press(page, page.locator("summary", has_text="Grace Hopper"))
    await press(page, page.get_by_role("button", name="Sign out"))
    await press(page, page.get_by_role("link", name="I forgot my password"))
    await write(page, page.get_by_label("E-mail address"), EMAIL)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Please look into your mail")).to_be_focused()
    await page.goto(await open_mail(outbox, "assword"))
    await write(page, page.get_by_label("New password"), CHANGED)
    await page.keyboard.press("Enter")
    await press(page, page.get_by_role("link", name="Sign in"))
    await sign_in(page, EMAIL, CHANGED)
    await expect(page.get_by_text("Hello Grace Hopper.")).to_be_visible()


async def test_a_newcomer_registers_confirms_and_resets_the_password(stage: Stage, browser: Browser) -> None:
    async with watched(browser, stage.server) as admin, watched(browser, stage.server) as newcomer:
        outbox = await admin.page("/sign-in")
        await sign_in(outbox, "admin@demo.example")
        page = await newcomer.page("/register")

        await write(page, page.get_by_label("Your name"), "Grace Hopper")
        await write(page, page.get_by_label("E-mail address"), EMAIL)
        await write(page, page.get_by_label("Password"), "short")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("heading", name="There is a problem")).to_be_focused()
        await write(page, page.get_by_label("Password"), CHOSEN)
        await press(page, page.get_by_role("button", name="Make my account"))
        await expect(page.get_by_role("heading", name="Please look into your mail")).to_be_focused()

        await page.goto(await open_mail(outbox, "onfirm"))
        await write(page, page.get_by_label("Password"), CHOSEN)
        await press(page, page.get_by_role("button", name="Confirm"))
        await press(page, page.get_by_role("link", name="Sign in"))
        await sign_in(page, EMAIL, CHOSEN)
        await expect(page.get_by_text("Hello Grace Hopper.")).to_be_visible()

        await change_details(page)
        await forget_the_password(page, outbox)


async def test_the_screens_speak_german_and_wear_the_dark(stage: Stage, browser: Browser) -> None:
    async with watched(browser, stage.server, locale="de-DE") as person:
        page = await person.page("/sign-in")

        await expect(page.get_by_role("heading", name="Anmelden")).to_be_visible()
        await press(page, page.locator("summary", has_text="Anzeige"))
        await choose(page, page.get_by_label("Farbschema"), "Dunkel")
        await page.keyboard.press("Escape")
        await expect(page.locator("summary", has_text="Anzeige")).to_be_focused()
        await expect(page.get_by_label("Farbschema")).to_be_hidden()
        await page.reload()

        assert await page.locator("html").get_attribute("data-theme") == "dark"
        assert await page.evaluate("getComputedStyle(document.body).color") == "rgb(236, 236, 240)"
        await press(page, page.locator("summary", has_text="Anzeige"))
        await choose(page, page.get_by_label("Sprache"), "English")
        await expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


async def test_the_bell_leads_to_what_one_was_told(stage: Stage, browser: Browser) -> None:
    exam_id = await stage.exam("Told of by the bell", timedelta(minutes=10))
    student = stage.people["student"]
    [slot] = (await student.get(f"{API}/slots", exam_id=exam_id))["items"]
    made = await student.post(f"{API}/attempts", {"exam_id": exam_id, "slot_id": slot["slot_id"]})
    await stage.command("student", str(made["attempt_id"]), "confirm")
    async with asyncio.timeout(60):
        while "Told of by the bell" not in str(await student.get("/api/notifications")):
            await asyncio.sleep(0.1)
    async with watched(browser, stage.server) as person:
        page = await person.page("/sign-in")
        await sign_in(page, "student@demo.example")
        await press(page, page.get_by_role("link", name="Notifications"))
        told = page.get_by_role("listitem").filter(has_text="Told of by the bell").first
        await press(page, told.get_by_role("link", name="Show what it is about"))
        await expect(page.get_by_role("heading", name="Told of by the bell")).to_be_visible()
