"""The table of incidents: which signs make which incident, by an exam's thresholds."""

from dataclasses import dataclass
from datetime import timedelta

from ml.engine import browser, camera, clock, connection, frozen, page, presence, screen, things
from ml.engine.sign import AT_ONCE, Dwell, Sign, Votes
from ml.engine.stream import SHADOW
from schema.incident import DetectionPolicy, IncidentKind, Severity

# Fewer frames than these say nothing about a stretch of time, however long it was.
FRAMES_OF_A_DWELL = 3
# Pictures that came back, of the last so many: a film of few pictures shows it in its second turn.
RETURNS = 5, 10
COMPARED_EVERY = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of incident: open from the first of its signs that becomes a condition until the last has ended.

    A second rule of a kind has a `name` of its own, under which its memory is kept, and may have another `severity`.
    """

    kind: IncidentKind
    signs: tuple[Sign, ...]
    name: str = ""
    severity: Severity | None = None


def rules_for(policy: DetectionPolicy) -> tuple[Rule, ...]:
    """Every row of the table; detector_down is raised by whoever runs the detectors."""
    rules: tuple[Rule, ...] = (
        Rule(IncidentKind.FACE_ABSENT, (_no_face(policy),)),
        Rule(
            IncidentKind.FACE_ABSENT, (_no_face_in_the_dark(policy),), "face_absent_dim", Severity.TECHNICAL
        ),
        Rule(IncidentKind.CAMERA_TURNED, (_CAMERA,)),
        Rule(IncidentKind.BACKGROUND_FACE, (_PICTURE,)),
        Rule(IncidentKind.MULTIPLE_FACES, _two_of_them(policy)),
        Rule(IncidentKind.FORBIDDEN_OBJECT, (_forbidden_thing(policy),)),
        Rule(IncidentKind.WEBCAM_DISABLED, _no_picture(policy)),
        *([Rule(IncidentKind.FROZEN_PICTURE, _frozen(policy))] if policy.frozen_picture else []),
        Rule(IncidentKind.VIRTUAL_CAMERA, (_VIRTUAL,)),
        Rule(IncidentKind.VISIBILITY_UNKNOWN, (_NO_VISIBILITY,)),
        Rule(IncidentKind.LOW_LIGHT, (_low_light(policy),)),
        Rule(IncidentKind.CONNECTION_LOST, (_CONNECTION,)),
        Rule(IncidentKind.RECORDS_LOST, (_LOST,)),
        Rule(IncidentKind.CLOCK_MANIPULATED, (_CLOCK,)),
        *(Rule(kind, (sign,)) for kind, sign in _BROWSER.items()),
    )
    asked = {
        IncidentKind.LOOKING_AWAY: (policy.looking_away, (_looking_away(policy),)),
        IncidentKind.SCREEN_SHARE_ENDED: (policy.screen_share, _SCREEN),
        IncidentKind.OTHER_PERSON: (policy.other_person, (_other_person(policy),)),
    }
    return (*rules, *(Rule(kind, signs) for kind, (is_on, signs) in asked.items() if is_on))


def _no_face(policy: DetectionPolicy) -> Sign:
    text = f"no face for more than {_seconds(policy.face_absent_after)}"
    entry = Dwell(policy.face_absent_after, FRAMES_OF_A_DWELL)
    return Sign("no_face", text, presence.no_face, entry, policy.leave_after)


def _no_face_in_the_dark(policy: DetectionPolicy) -> Sign:
    text = f"no face for more than {_seconds(policy.face_absent_after)} in a dark picture, which counts against nobody"
    entry = Dwell(policy.face_absent_after, FRAMES_OF_A_DWELL)
    return Sign("no_face", text, presence.no_face_in_the_dark, entry, policy.leave_after)


def _two_of_them(policy: DetectionPolicy) -> tuple[Sign, ...]:
    needed, of = policy.second_person_frames
    faces = f"two or more faces in {needed} of {of} frames"
    persons = f"two or more persons in {needed} of {of} frames looked at for objects"
    return (
        Sign("two_faces", faces, presence.two_faces, Votes(needed, of), policy.leave_after),
        Sign("two_persons", persons, presence.two_persons, Votes(needed, of), policy.leave_after),
    )


def _forbidden_thing(policy: DetectionPolicy) -> Sign:
    needed, of = policy.object_frames
    names = " or ".join(thing.value for thing in policy.forbidden)
    text = f"{names} in {needed} of {of} frames looked at for objects"
    return Sign("forbidden_thing", text, things.forbidden_thing, Votes(needed, of), policy.leave_after)


def _no_picture(policy: DetectionPolicy) -> tuple[Sign, ...]:
    silent = (
        f"no frame on an open connection for more than {_seconds(policy.silence_floor)} "
        f"and {policy.silence_intervals} times the interval asked for"
    )
    blocked = f"picture dark, flat, blurred or unreadable for more than {_seconds(policy.blocked_after)}"
    blocked_entry = Dwell(policy.blocked_after, FRAMES_OF_A_DWELL)
    return (
        Sign("track_ended", "the camera's track ended", camera.track_ended, Dwell(), lasting=True),
        Sign("silence", silent, camera.silence, Dwell(), lasting=True),
        Sign("blocked_picture", blocked, camera.blocked_picture, blocked_entry, policy.leave_after),
    )


def _frozen(policy: DetectionPolicy) -> tuple[Sign, ...]:
    still = f"the picture did not change at all for more than {_seconds(policy.frozen_after)}"
    entry = Dwell(policy.frozen_after, FRAMES_OF_A_DWELL)
    again = f"{RETURNS[0]} of {RETURNS[1]} pictures were exactly there before, as in a film that repeats"
    return (
        Sign("still", still, frozen.still, entry, policy.leave_after),
        Sign("returned", again, frozen.returned, Votes(*RETURNS), policy.leave_after),
    )


def _low_light(policy: DetectionPolicy) -> Sign:
    text = f"mean grey below {policy.low_light_brightness:g} for more than {_seconds(policy.blocked_after)}"
    return Sign(
        "low_light",
        text,
        camera.low_light,
        Dwell(policy.blocked_after, FRAMES_OF_A_DWELL),
        policy.leave_after,
    )


def _looking_away(policy: DetectionPolicy) -> Sign:
    text = (
        f"nose off the middle of the eyes by more than {policy.looking_away_ratio:g} of their distance "
        f"for more than {_seconds(policy.looking_away_after)}"
    )
    entry = Dwell(policy.looking_away_after, FRAMES_OF_A_DWELL)
    return Sign("looking_away", text, presence.looking_away, entry, policy.leave_after)


_CAMERA = Sign(
    "camera_turned",
    "the camera is turned or points elsewhere in 3 of 4 frames",
    camera.camera_turned,
    Votes(3, 4),
    timedelta(seconds=3),
)

_PICTURE = Sign(
    "background_face",
    "a face in the background that is taken for a picture",
    presence.face_in_the_background,
    Dwell(),
    momentary=True,
)


def _other_person(policy: DetectionPolicy) -> Sign:
    needed, of = 3, 4
    text = (
        f"a face further than {policy.other_person_distance:g} from the one in the identity photo "
        f"in {needed} of {of} comparisons ten seconds apart; only a person can tell who it is"
    )
    # Comparisons are further apart than what counts as silence, so what they said holds in between.
    return Sign("other_person", text, presence.other_person, Votes(needed, of), COMPARED_EVERY, lasting=True)


_CONNECTION = Sign(
    "connection_lost", "the connection ended", connection.connection_lost, Dwell(), lasting=True
)

_LOST = Sign(
    "records_lost", "accepted records are damaged or gone", connection.records_lost, Dwell(), momentary=True
)

# A clock that was set once is right again within seconds, by what the server says; facts come once a second.
_CLOCK = Sign(
    "clock",
    "the browser's times could not be for more than 5 s, in at least 5 looks a second apart",
    clock.clock_wrong,
    Dwell(timedelta(seconds=5), 5),
    lasting=True,
)

_SCREEN = (
    Sign("screen_ended", "sharing of the screen ended", screen.sharing_ended, Dwell(), lasting=True),
    Sign("screen_silent", "no picture of the screen came", screen.screen_silent, Dwell(), lasting=True),
)

_VIRTUAL = Sign(
    "virtual_camera", "the camera has the name of a program", page.virtual_camera, Dwell(), lasting=True
)

# A page that was loaded before an upgrade is loaded again by then, or says so in its next pictures.
_NO_VISIBILITY = Sign(
    "no_visibility",
    "pictures came for more than 60 s and did not say whether the exam's page is seen",
    page.no_visibility,
    Dwell(timedelta(seconds=60), 10),
    AT_ONCE,
)

_BROWSER = {
    IncidentKind.TAB_CHANGE: Sign(
        "tab", "the exam's tab was hidden", browser.tab_hidden, Dwell(), lasting=True
    ),
    IncidentKind.FULLSCREEN_EXIT: Sign(
        "fullscreen", "fullscreen was left", browser.fullscreen_left, Dwell(), lasting=True
    ),
    IncidentKind.FOCUS_LOST: Sign(
        "focus", "the exam's window lost the focus", browser.focus_lost, Dwell(SHADOW), lasting=True
    ),
    IncidentKind.PASTE: Sign("paste", "text was pasted", browser.text_pasted, Dwell(), momentary=True),
}


def _seconds(duration: timedelta) -> str:
    return f"{duration.total_seconds():g} s"
