"""The stops of the tour: every screen in a telling state, with the sentence that stands for its picture."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Stop:
    """`name` is the picture's file name, `module` the screen's in api/pages/page.py.

    Every stop is seen wide and in the light; `narrow` and `dark` are further pictures of it.
    """

    name: str
    module: str
    sentence: str
    narrow: bool = False
    dark: bool = False


@dataclass(frozen=True, slots=True)
class Chapter:
    """The stops of one kind of people."""

    title: str
    stops: tuple[Stop, ...]


ACCOUNT = Chapter(
    "Getting in",
    (
        Stop("sign-in", "sign-in", "Signing in: two fields, and a way on for those who forgot or are new."),
        Stop("register", "register", "Registering: what is missing is said at the top and beside its field."),
        Stop("confirm-address", "confirm-address", "Confirming the address that the mail's link came to."),
        Stop("forgot-password", "forgot-password", "Asking for a link to choose a new password."),
        Stop("reset-password", "reset-password", "Choosing the new password."),
        Stop("account", "account", "The own details: name, language, time zone, password."),
        Stop("notifications", "notifications", "What the bell had to say, newest first."),
    ),
)
STUDENT = Chapter(
    "Students",
    (
        Stop("exams", "exams", "Exams that can be booked, with dates in one's own time zone.", narrow=True),
        Stop("attempt-held", "attempt", "A seat is held for a while: until when, and what to do."),
        Stop("attempt", "attempt", "A booked exam: dates, calendar file, another slot, cancelling."),
        Stop("home-student", "home", "A student's start page: what is next stands first.", dark=True),
        Stop("check-in", "check-in", "The check-in: each check is ready or says what to do.", narrow=True),
        Stop("check-in-consent", "check-in", "Consent: what is recorded, why, who sees it, for how long."),
        Stop("check-in-waiting", "check-in", "Waiting to be let in, with the place in the queue."),
        Stop("check-in-help", "check-in", "Asking for help: a person answers, also before the exam."),
        Stop("check-in-begin", "check-in", "Let in: how long, how many questions, and one button."),
        Stop("room", "room", "The exam room: one question, the time left, saved, connected.", True, True),
        Stop("room-essay", "room", "An essay, with the characters that are left."),
        Stop("room-messages", "room", "Messages beside the question, never over an answer.", narrow=True),
        Stop("room-paused", "room", "A proctor has paused the exam; the clock stands still."),
        Stop("room-note", "room", "More time was given, and the room says so.", narrow=True),
        Stop("room-elsewhere", "room", "A second window is refused and says what to do."),
        Stop("room-review", "room", "Before handing in: which questions are answered, which are open."),
        Stop("room-hand-in", "room", "Handing in is asked for once more."),
        Stop("attempt-submitted", "attempt", "Handed in: what happens now, and who decides."),
        Stop("result", "result", "The result: marks by question, what was noticed and decided.", True, True),
        Stop("result-appeal", "result", "An appeal, in one's own words."),
    ),
)
PROCTOR = Chapter(
    "Proctors",
    (
        Stop("home-proctor", "home", "A proctor's start page: who waits, what runs, what comes."),
        Stop("slots", "slots", "Slots to watch: those that run, and those that come."),
        Stop("wall-admission", "wall", "Somebody waits: the identity photo beside the live picture."),
        Stop("wall-send-back", "wall", "Sending somebody back a step asks which one, and why."),
        Stop("wall", "wall", "The wall: worst first, an alert for what is critical.", narrow=True, dark=True),
        Stop("wall-several", "wall", "Several selected: what can be done to all of them at once."),
        Stop("wall-done", "wall", "What was done is acknowledged, for each attempt by itself."),
    ),
)
DECISION = Chapter(
    "Graders and reviewers",
    (
        Stop("home-grader", "home", "A grader's start page: what waits, and until when."),
        Stop("reviews", "reviews", "Decisions that wait: since when, until when, and who holds them.", True),
        Stop(
            "review-essay", "review", "Marking: the answer on the left, the rubric on the right.", dark=True
        ),
        Stop("review-decided", "review", "A decision is recorded, and the waiting workflow has gone on."),
        Stop("review-integrity", "review", "Incidents on a timeline, with the stored pictures.", dark=True),
        Stop("review-appeal", "review", "An appeal: what the student says, and what may follow."),
    ),
)
AUTHOR = Chapter(
    "Authors",
    (
        Stop("home-author", "home", "An author's start page."),
        Stop("authoring", "authoring", "An author's exams."),
        Stop("exam", "exam", "A draft: questions, rules, import, slots.", narrow=True),
        Stop("exam-import", "exam", "An import that did not work out says so by line and column."),
        Stop("exam-question", "exam", "A question is written with its preview beside it."),
        Stop("exam-trial", "exam", "Trying the exam as a student would, without an attempt."),
        Stop("exam-publish", "exam", "Offering a version is asked for once more."),
    ),
)
ADMIN = Chapter(
    "Admins and operations",
    (
        Stop("home-admin", "home", "An administrator's start page: what needs somebody now."),
        Stop("search", "search", "Attempts by words and by what is known of them; holds.", narrow=True),
        Stop("record", "record", "The record of an attempt: what happened, who decided, what is kept."),
        Stop("people", "people", "People and their roles, extra time and standing.", narrow=True),
        Stop("people-roles", "people", "Which roles somebody has."),
        Stop("people-import", "people-import", "A list of people: what would happen to each line."),
        Stop("person", "person", "One person: roles, standing, extra time and who set it."),
        Stop(
            "settings", "settings", "Every setting, its value and where it comes from; secrets stay secret."
        ),
        Stop(
            "dashboards", "dashboards", "What the analytics database says, with how fresh it is.", dark=True
        ),
        Stop("system", "system", "How the platform is: parts, queues, workers, detection, jobs.", dark=True),
        Stop(
            "audit-log", "audit-log", "Who changed or looked at what: before and after, in a chain of hashes."
        ),
        Stop("outbox", "outbox", "Mails of a trial, which go nowhere else."),
    ),
)
CHAPTERS = (ACCOUNT, STUDENT, PROCTOR, DECISION, AUTHOR, ADMIN)
STOPS = tuple(stop for chapter in CHAPTERS for stop in chapter.stops)
