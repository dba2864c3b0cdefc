"""The stops of graders and reviewers, of the result and of the appeal."""

from playwright.async_api import Page, expect

from tests.e2e.test_decision import clear, rule, take
from tests.e2e.tour.guide import PATIENCE, Guide


async def decide(guide: Guide, attempt_id: str) -> None:
    """Marked, cleared, released, appealed."""
    grader = await guide.page_of("grader@demo.example")
    await guide.tour(grader, home_grader="/", reviews="/reviews")
    await _mark(guide, grader, attempt_id)
    reviewer = await guide.page_of("reviewer@demo.example")
    await _clear(guide, reviewer, attempt_id)
    await guide.stage.release(attempt_id)
    await _appeal(guide, attempt_id)
    await take(reviewer, guide.stage, "appeal", attempt_id)
    await reviewer.get_by_role("heading", name="What the student said").wait_for()
    await guide.show("review-appeal", reviewer)


async def _mark(guide: Guide, page: Page, attempt_id: str) -> None:
    await take(page, guide.stage, "essay", attempt_id)
    await page.get_by_label("Points, 0 to").first.fill("1")
    await guide.show("review-essay", page)
    await page.get_by_role("button", name="Save the marks").click()
    await expect(page.get_by_text("Your decision is recorded").first).to_be_visible(timeout=PATIENCE)
    await guide.show("review-decided", page)


async def _clear(guide: Guide, page: Page, attempt_id: str) -> None:
    await take(page, guide.stage, "integrity", attempt_id)
    await expect(page.get_by_text("Picture of").first).to_be_visible(timeout=PATIENCE)
    await rule(page)
    await guide.show("review-integrity", page)
    await clear(page, "A friend walked through.")
    await expect(page.get_by_text("Your decision is recorded").first).to_be_visible(timeout=PATIENCE)


async def _appeal(guide: Guide, attempt_id: str) -> None:
    student = await guide.page_of("student@demo.example")
    await guide.go(student, f"/attempts/{attempt_id}/result")
    await student.get_by_text("A reviewer decided: this is explained.").first.wait_for()
    await guide.show("result", student)
    await student.get_by_role("button", name="Appeal").click()
    dialog = student.get_by_role("dialog")
    await dialog.get_by_label("What is wrong, and why?").fill("Question 3 accepts two answers.")
    await guide.show("result-appeal", student)
    await dialog.get_by_role("button", name="Appeal").click()
    await expect(student.get_by_text("Your appeal is being looked at.")).to_be_visible(timeout=PATIENCE)
