"""The live socket: a person's notifications as they come, to as many tabs as they have open."""

import asyncio
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Query, WebSocket, WebSocketDisconnect
from pydantic import AwareDatetime, BaseModel

from api.context import Context, context_of
from api.errors import problem
from api.notifications.hub import Hub, Subscription
from api.notifications.shape import LiveHeartbeat, LiveNotification, LiveReady, Teller, teller_for
from api.security import anyone, identify
from api.token import CurrentPerson
from schema.failures import Failure

SIGN_IN_AGAIN = (
    4401  # token or session has ended, or the roles are others: refresh the token and connect again
)
TOO_SLOW = 1013  # RFC 6455 registry: try again later

router = APIRouter()
identified_inside = anyone(
    "the socket identifies the person itself, so that it can answer with a problem document"
)


@router.websocket("/live", dependencies=[identified_inside])
async def live(
    websocket: WebSocket,
    since: Annotated[AwareDatetime | None, Query(description="The last `cursor`")] = None,
) -> None:
    """Bearer token or cookie with the Origin of this site; refused with a problem document before it opens."""
    context = context_of(websocket)
    try:
        person = await identify(websocket, context)
        teller = await teller_for(person.person_id, context)
    except Failure as failure:
        await websocket.send_denial_response(problem(failure))
        return
    await websocket.accept()
    async with context.kept(Hub).subscribed(person, since) as subscription:
        await _converse(websocket, _Feed(websocket, context, teller, person), subscription)


class _Feed:
    """Tells one socket."""

    def __init__(self, websocket: WebSocket, context: Context, teller: Teller, person: CurrentPerson) -> None:
        self._websocket = websocket
        self._context = context
        self._teller = teller
        self._ends_at = person.token_expires_at
        self._heartbeat = context.kept(Hub).heartbeat

    async def tell(self, subscription: Subscription) -> None:
        """Until the token has run off or the client is too slow; a heartbeat when nothing came for a while."""
        now = self._context.now()
        await self._send(LiveReady(cursor=now, heartbeat_seconds=self._heartbeat.total_seconds()))
        while not subscription.is_behind:
            left = self._ends_at - self._context.now()
            if left <= timedelta(0) or subscription.has_changed:
                await self._websocket.close(SIGN_IN_AGAIN, "refresh the access token and connect again")
                return
            await self._tell_next(subscription, min(left, self._heartbeat))
        await self._websocket.close(TOO_SLOW, "too many unread messages; connect again with since")

    async def _tell_next(self, subscription: Subscription, patience: timedelta) -> None:
        try:
            async with asyncio.timeout(patience.total_seconds()):
                row = await subscription.queue.get()
        except TimeoutError:
            await self._send(LiveHeartbeat(at=self._context.now()))
            return
        if row is not None:
            await self._send(LiveNotification(cursor=row.created_at, notification=self._teller.view(row)))

    async def _send(self, message: BaseModel) -> None:
        await self._websocket.send_text(message.model_dump_json())


async def _converse(websocket: WebSocket, feed: _Feed, subscription: Subscription) -> None:
    """Tell until either side ends; what the client sends is read only to notice that it left."""
    telling = asyncio.create_task(feed.tell(subscription))
    hearing = asyncio.create_task(_hear_the_end(websocket))
    try:
        await asyncio.wait({telling, hearing}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in (telling, hearing):
            task.cancel()
        outcomes = await asyncio.gather(telling, hearing, return_exceptions=True)
    for outcome in outcomes:
        if isinstance(outcome, Exception) and not isinstance(outcome, WebSocketDisconnect):
            raise outcome


async def _hear_the_end(websocket: WebSocket) -> None:
    while (await websocket.receive())["type"] != "websocket.disconnect":
        continue
