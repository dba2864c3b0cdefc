"""The command line that all jobs share: one argument, the day."""

import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

from batch.explanation import explained
from batch.intake import Tally
from batch.period import Period


def start(main: Callable[[date], None]) -> None:
    """Run the job for the day that is named on the command line."""
    if len(sys.argv) != 2:
        sys.exit(f"usage: {sys.argv[0]} YYYY-MM-DD")
    try:
        day = date.fromisoformat(sys.argv[1])
    except ValueError:
        sys.exit(f"{sys.argv[1]!r} is no day: write it as 2026-11-22")
    with explained(Path(sys.argv[0]).stem):
        main(day)


def tell(job: str, period: Period, tally: Tally) -> None:
    """Say what was read, and where to look when something was wrong with it."""
    said = f"{job} {period.start}: {tally.lines_read} lines, {tally.duplicates} duplicates, {tally.late_events} late"
    if tally.lines_quarantined:
        said += f", {tally.lines_quarantined} bad lines in quarantine/{job}/"
    sys.stdout.write(f"{said}\n")
