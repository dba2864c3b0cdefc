"""The stops of authors and admins."""

from playwright.async_api import Page

from api.demo.exam import QUESTIONS
from tests.e2e.tour.guide import Guide


async def work(guide: Guide) -> None:
    """A draft, people, the system, the outbox."""
    await _write(guide, await guide.page_of("author@demo.example"))
    admin = await guide.page_of("admin@demo.example")
    await guide.tour(admin, people="/people")
    row = admin.get_by_role("row").filter(has_text="grader@demo.example")
    await row.get_by_role("button", name="Roles").click()
    await guide.show("people-roles", admin)
    await guide.tour(admin, system="/system")
    await guide.go(admin, "/outbox")
    await admin.locator("summary", has_text="onfirm").first.click()
    await guide.show("outbox", admin)
    await guide.tour(admin, dashboards="/dashboards")


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
    await page.locator("summary", has_text="See it as a student").click()
    await page.get_by_role("heading", name="Question 1").wait_for()
    await guide.show("exam", page)
    await page.get_by_role("button", name="Offer this version").click()
    await guide.show("exam-publish", page)
    await guide.tour(page, authoring="/authoring")
