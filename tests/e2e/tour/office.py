"""The stops of authors and admins."""

from playwright.async_api import Page

from api.demo.exam import QUESTIONS
from tests.e2e.tour.guide import Guide

LIST = """email,name,roles,time_factor,time_factor_reason
lin@import.example,Lin Import,student,1.25,Decision 7
kim@import.example,Kim Import,proctor,,
"""


async def work(guide: Guide, attempt_id: str) -> None:
    """A draft, attempts, people, the system, the outbox."""
    await _write(guide, await guide.page_of("author@demo.example"))
    admin = await guide.page_of("admin@demo.example")
    await guide.tour(
        admin, home_admin="/", search="/search", record=f"/attempts/{attempt_id}/record", people="/people"
    )
    row = admin.get_by_role("row").filter(has_text="grader@demo.example")
    await row.get_by_role("button", name="Roles").click()
    await guide.show("people-roles", admin)
    await _import(guide, admin)
    await guide.go(admin, "/people")
    await admin.get_by_role("link", name="Sam Student").click()
    await admin.get_by_role("heading", name="Sam Student").wait_for()
    await guide.show("person", admin)
    await guide.tour(admin, system="/system", audit_log="/audit-log")
    await guide.go(admin, "/system/settings")
    await admin.get_by_label("Name or words").fill(
        "temporal"
    )  # no folder of the machine that took the picture
    await guide.show("settings", admin)
    await guide.go(admin, "/outbox")
    await admin.locator("summary", has_text="onfirm").first.click()
    await guide.show("outbox", admin)
    await guide.tour(admin, dashboards="/dashboards")


async def _import(guide: Guide, page: Page) -> None:
    await guide.go(page, "/people/import")
    await page.get_by_label("List").fill(LIST)
    await page.get_by_role("button", name="Show what would happen").click()
    await page.get_by_role("button", name="Import 2 people").wait_for()
    await guide.show("people-import", page)


async def _write(guide: Guide, page: Page) -> None:
    await guide.go(page, "/authoring")
    await page.get_by_role("button", name="New exam").click()
    await page.get_by_role("dialog").get_by_label("Title").fill("Tides and currents")
    await page.get_by_role("button", name="Make it").click()
    await page.get_by_role("heading", name="Tides and currents").wait_for()
    await page.get_by_label("Questions in GIFT").fill("What? {=yes ~no")
    await page.get_by_role("button", name="Import").click()
    await page.get_by_text("Line 1, column").wait_for()
    await guide.show("exam-import", page)
    await page.get_by_label("Questions in GIFT").fill(QUESTIONS)
    await page.get_by_role("button", name="Import").click()
    await page.get_by_role("heading", name="5 questions").wait_for()
    await guide.show("exam", page)
    await _write_a_question(guide, page)
    await page.get_by_role("button", name="Try it as a student").click()
    await page.get_by_role("dialog").get_by_role("button", name="Next").wait_for()
    await guide.show("exam-trial", page)
    await page.get_by_role("dialog").get_by_role("button", name="Close").click()
    await page.get_by_role("button", name="Offer this version").click()
    await guide.show("exam-publish", page)
    await guide.tour(page, home_author="/", authoring="/authoring")


async def _write_a_question(guide: Guide, page: Page) -> None:
    await page.get_by_role("button", name="Add a question").first.click()
    editor = page.get_by_role("dialog")
    await editor.get_by_label("Kind").select_option("multiple_choice")
    await editor.get_by_label("Question", exact=True).fill("Which seas have **no tides** to speak of?")
    await editor.get_by_label("Option", exact=True).first.fill("The Baltic")
    await editor.get_by_label("Option", exact=True).last.fill("The North Sea")
    await editor.get_by_role("checkbox", name="The Baltic").wait_for()
    await guide.show("exam-question", page)
    await editor.get_by_role("button", name="Cancel").click()
