"""Every screen: its address, its module, and the areas of the catalogue whose texts it needs."""

from dataclasses import dataclass

EVERYWHERE = ("shared",)


@dataclass(frozen=True, slots=True)
class Page:
    """`module` is a file of static/page/, `title` a key of the catalogue.

    `areas` are files of static/text/{language}/, `sheets` of static/css/ beside the one that every screen has.
    """

    path: str
    module: str
    title: str
    areas: tuple[str, ...] = ()
    sheets: tuple[str, ...] = ()
    hears: bool = False  # may ask for the microphone

    @property
    def permissions(self) -> str:
        """What the browser lets it ask for (W3C, Permissions Policy)."""
        return f"camera=(self), microphone={'(self)' if self.hears else '()'}, geolocation=()"

    @property
    def texts(self) -> tuple[str, ...]:
        """All areas it needs."""
        return (*EVERYWHERE, *self.areas)


PAGES = (
    Page("/", "home", "home.title", ("home", "attempt"), ("home",)),
    Page("/sign-in", "sign-in", "account.signIn.title", ("account",)),
    Page("/register", "register", "account.register.title", ("account",)),
    Page("/confirm-address", "confirm-address", "account.confirm.title", ("account",)),
    Page("/forgot-password", "forgot-password", "account.forgot.title", ("account",)),
    Page("/reset-password", "reset-password", "account.reset.title", ("account",)),
    Page("/account", "account", "account.details.title", ("account",)),
    Page("/exams", "exams", "booking.title", ("booking",)),
    Page("/attempts/{attempt_id}", "attempt", "attempt.title", ("attempt", "talk"), ("talk",)),
    Page(
        "/attempts/{attempt_id}/check-in",
        "check-in",
        "checkIn.title",
        ("checkIn", "talk"),
        ("check-in", "talk"),
        hears=True,
    ),
    Page("/attempts/{attempt_id}/room", "room", "room.title", ("room", "talk"), ("room", "talk")),
    Page("/attempts/{attempt_id}/result", "result", "result.title", ("result", "word"), ("review",)),
    Page(
        "/attempts/{attempt_id}/record",
        "record",
        "record.title",
        ("record", "standing", "hold", "word", "act", "wall"),
        ("search",),
    ),
    Page("/search", "search", "search.title", ("search", "standing", "hold", "act", "wall"), ("search",)),
    Page("/wall", "slots", "wall.slotsTitle", ("wall",)),
    Page(
        "/wall/{slot_id}", "wall", "wall.title", ("wall", "attempt", "word", "talk", "act"), ("wall", "talk")
    ),
    Page("/reviews", "reviews", "review.listTitle", ("review",), ("review",)),
    Page("/reviews/{review_id}", "review", "review.oneTitle", ("review", "word"), ("review",)),
    Page("/authoring", "authoring", "authoring.title", ("authoring",)),
    Page(
        "/authoring/{exam_id}",
        "exam",
        "authoring.oneTitle",
        ("authoring", "room", "word"),
        ("room", "authoring"),
    ),
    Page("/dashboards", "dashboards", "dashboard.title", ("dashboard", "word"), ("dashboard",)),
    Page("/people", "people", "people.title", ("people",), ("admin",)),
    Page("/people/import", "people-import", "people.import.title", ("people",), ("admin",)),
    Page("/people/{person_id}", "person", "people.one", ("people", "attempt")),
    Page("/audit-log", "audit-log", "audit.title", ("audit", "standing", "authoring"), ("admin",)),
    Page("/system", "system", "system.title", ("system", "temporal")),
    Page("/system/settings", "settings", "setting.title", ("setting",), ("admin",)),
    Page("/notifications", "notifications", "bell.title", ("bell",)),
    Page("/outbox", "outbox", "outbox.title", ("outbox",)),
)

# What a browser is shown at an address that leads nowhere.
UNKNOWN = Page("", "unknown", "unknown.title", ("unknown",))
