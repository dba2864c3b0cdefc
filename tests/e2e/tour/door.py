"""The stops before one is signed in."""

from tests.e2e.tour.guide import Guide


async def at_the_door(guide: Guide) -> None:
    """Signing in, registering, confirming, a new password."""
    page = await guide.stranger()
    await guide.show("sign-in", page)
    await guide.tour(
        page,
        confirm_address="/confirm-address?token=x",
        forgot_password="/forgot-password",
        reset_password="/reset-password?token=x",
    )
    await guide.go(page, "/register")
    await page.get_by_label("Your name").fill("Ada Lovelace")
    await page.get_by_label("Password").fill("short")
    await page.get_by_role("button", name="Make my account").click()
    await page.get_by_role("heading", name="There is a problem").wait_for()
    await guide.show("register", page)
