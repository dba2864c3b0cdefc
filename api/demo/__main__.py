"""`python -m api.demo`: a real exam, made to archived, with progress, a table and var/demo/summary.json."""

import asyncio
import json
import sys
import time
from datetime import datetime
from typing import Any

from rich.console import Console
from rich.table import Table

from api.demo import story
from api.demo.cast import PASSWORD, ROLES, engage
from api.demo.film import Film, open_film
from api.demo.mailbox import Mailbox, OutboxMailbox
from api.demo.product import Target, product
from api.demo.summary import missing, summarise
from api.demo.surroundings import Surroundings

GIVEN = Surroundings()
MEDIA = GIVEN.sample_media_dir
FOLDER = GIVEN.var_dir / "demo"

console = Console()
began = time.monotonic()


def say(text: str) -> None:
    """One line of progress with the seconds gone by."""
    console.print(f"[dim]{time.monotonic() - began:6.1f} s[/dim]  {text}")


async def main() -> int:
    """Play, summarise, check. The exit code: 0 when nothing is missing."""
    film = open_film(MEDIA)
    if not film.is_real:
        console.print(
            f"[bold yellow]No clips at {MEDIA}: the film is made from public-domain pictures.[/bold yellow]"
        )
    say(f"looking for the product at {GIVEN.server}")
    async with product(GIVEN.server, GIVEN.temporal_ui_url, GIVEN.demo_maildir, say) as target:
        summary = await play(target, film)
    lacks = missing(summary, film, sees_objects=sees_objects())
    keep(summary, lacks)
    show(summary)
    console.print(
        f"Sign in at {GIVEN.server} as any of them, password {PASSWORD}: {', '.join(ROLES)} @demo.example"
    )
    for lack in lacks:
        console.print(f"[bold red]Missing: {lack}[/bold red]")
    return 1 if lacks else 0


async def play(target: Target, film: Film) -> dict[str, Any]:
    """The whole story. Returns its summary."""
    cast = await engage(target.server)
    say(f"everybody has signed in at {target.server} with the accounts that are printed at the start")
    mailbox: Mailbox = target.mailbox or OutboxMailbox(cast.admin)
    say(f"mail is read from {mailbox.kind}")
    title = f"Demo of {datetime.now().astimezone():%d %B %Y, %H:%M:%S}"
    exam_id, slot_id = await story.prepare_exam(cast, title)
    say("the author has imported the questions, published the exam and opened a slot")
    outcome = story.Outcome(await story.reserve(cast, exam_id, slot_id), exam_id, title)
    say(f"the student has a seat: attempt {outcome.attempt_id}")
    await story.check_in(cast, outcome.attempt_id, film)
    say("checked in and admitted")
    await story.sit(cast, outcome.attempt_id, film, outcome, say)
    say("handed in")
    await asyncio.gather(story.mark(cast, exam_id), story.judge(cast, exam_id))
    say("the essay is marked; one reviewer upheld, a second one cleared")
    result = await story.release(cast, outcome.attempt_id)
    say(f"released: {result['earned']} of {result['points']} points")
    archive = await story.archive(cast, outcome.attempt_id)
    say(f"archived: {len(archive)} objects")
    summary = await summarise(cast, outcome, archive, result, mailbox, target.temporal_ui)
    await cast.leave()
    return summary


def sees_objects() -> bool:
    """Whether there are YOLO weights; without them nobody can see a phone, and the demo says so."""
    places = (GIVEN.models_dir, MEDIA / "models")
    if any(folder for place in places for folder in place.glob("yolo11n*openvino_model")):
        return True
    console.print(
        "[bold yellow]No YOLO weights: the drawn phone could not be recognised and is not asked for.[/bold yellow]"
    )
    return False


def keep(summary: dict[str, Any], lacks: list[str]) -> None:
    """Write var/demo/summary.json."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / "summary.json").write_text(json.dumps({**summary, "missing": lacks}, indent=2) + "\n")
    say(f"wrote {FOLDER / 'summary.json'}")


def show(summary: dict[str, Any]) -> None:
    """Two tables: incidents and states."""
    incidents = Table("Incident", "Severity", "Start", "End", "Confidence", "Ruling", title="Incidents")
    for one in summary["incidents"]:
        end = (one["ended_at"] or "open")[11:19]
        incidents.add_row(
            one["kind"],
            one["severity"],
            one["started_at"][11:19],
            end,
            f"{one['confidence']:.2f}",
            one["ruling"],
        )
    states = Table("At", "Machine", "From", "To", "By", title="States")
    for one in summary["states"]:
        states.add_row(one["at"][11:19], one["machine"], one["source"], one["target"], one["actor_role"])
    console.print(incidents, states)
    for name in summary["archive"]:
        console.print(name, soft_wrap=True)
    for name, link in summary["workflows"].items():
        console.print(f"{name}: {link}", soft_wrap=True)


if __name__ == "__main__":
    try:
        code = asyncio.run(main())
    except Exception as trouble:
        console.print(f"[bold red]The demo ended early: {type(trouble).__name__}: {trouble}[/bold red]")
        code = 1
    sys.exit(code)
