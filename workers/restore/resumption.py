"""The end of a restore: what is known of the mails that wait, and then they are sent, or held."""

from collections.abc import Sequence
from datetime import timedelta

from activities.adapters.sql.mail_pause import SqlMailPauses
from activities.orphan.port import Recovery
from activities.ports import HOLD_AFTER_REPAIR
from schema.db.session import Database

ANYWAY = (
    "Where something cannot be repaired, `repair --resume-mails` ends it all the same, and holds what waits."
)


class Resumption:
    """Histories say who was told what; where the log of sent mails was lost, too, the rest is held."""

    def __init__(self, notifications: Database, recovery: Recovery) -> None:
        self._pauses = SqlMailPauses(notifications)
        self._recovery = recovery

    async def report(self, *, is_dry: bool, is_settled: bool, may_hold: bool = False) -> Sequence[str]:
        """End the pause once everything is settled; what was done, in sentences. Raises UNAVAILABLE.

        `may_hold`: also while something is left; what waits is held then, for nobody can say what was sent.
        """
        pause = await self._pauses.paused()
        if pause is None:
            return await self._held()
        if is_dry or not (is_settled or may_hold):
            what = f"No mail is sent since the restore of {pause.taken_at:%F %T} UTC; `repair` ends that."
            return (what,) if is_settled else (what, ANYWAY)
        if is_settled:
            for attempt_id in await self._pauses.waiting():
                await self._recovery.recover(attempt_id)
        is_known = pause.is_log_whole and is_settled
        count = await self._pauses.resume(hold=not is_known)
        if is_known:
            return (f"Mails are sent again. {count} that waited had not been sent, and are sent now.",)
        minutes = HOLD_AFTER_REPAIR // timedelta(minutes=1)
        what = (
            f"Mails are sent again; those of attempts not for another {minutes} minutes, which are held, too."
        )
        return (what, *await self._held())

    async def _held(self) -> Sequence[str]:
        count = await self._pauses.held()
        if not count:
            return ()
        what = f"{count} mails are held: nothing that is left says whether they had been sent."
        return (f"{what} `python -m workers held-mails send` sends them, `drop` gives them up.",)
