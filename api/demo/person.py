"""A signed-in client of the REST interface: one person, one token, clear errors, patient with a restarting server."""

import asyncio
import uuid
from typing import Any, Self

import httpx

PATIENCE = 60.0  # seconds to keep trying while the server is away
PASSING = frozenset({429, 502, 503, 504})


class Refused(Exception):
    """The server said no; `status` and `problem` are its answer."""

    def __init__(self, method: str, path: str, answer: httpx.Response) -> None:
        self.status = answer.status_code
        self.problem = _problem(answer)
        super().__init__(f"{method} {path}: {self.status} {self.problem.get('detail', answer.text[:300])}")


class Person:
    """One person's session. Every call is retried while the server is away; POSTs carry one idempotency key."""

    def __init__(self, server: str, email: str, password: str) -> None:
        self.server = server
        self.email = email
        self._password = password
        self._http = httpx.AsyncClient(base_url=server, timeout=30, trust_env=False)
        self.person_id = ""

    async def sign_in(self) -> Self:
        """Get tokens. Raises Refused."""
        login = {"email": self.email, "password": self._password}
        session = await self.call("POST", "/api/users/sessions", json=login)
        return self.holding(session["access_token"], session["person"]["person_id"])

    def holding(self, token: str, person_id: str) -> Self:
        """Go on with a token that one has already."""
        self._http.headers["Authorization"] = f"Bearer {token}"
        self.person_id = person_id
        return self

    async def get(self, path: str, **parameters: Any) -> Any:
        """The JSON of a GET. Raises Refused."""
        return await self.call("GET", path, params=parameters)

    async def post(self, path: str, body: Any = None, **options: Any) -> Any:
        """The JSON of a POST with an idempotency key of its own. Raises Refused."""
        key = options.pop("key", None) or str(uuid.uuid4())
        headers = {"Idempotency-Key": key, **options.pop("headers", {})}
        return await self.call("POST", path, json=body, headers=headers, **options)

    async def call(self, method: str, path: str, **options: Any) -> Any:
        """The JSON of any call, sent again while the server is away. Raises Refused, httpx.HTTPError."""
        answer = await self.answer(method, path, **options)
        is_json = "json" in answer.headers.get("content-type", "")
        return answer.json() if is_json else answer.content

    async def answer(self, method: str, path: str, **options: Any) -> httpx.Response:
        """The whole answer. Raises Refused for 4xx and 5xx."""
        give_up_at = asyncio.get_running_loop().time() + PATIENCE
        while True:
            may_wait = asyncio.get_running_loop().time() < give_up_at
            answer = await self._once(method, path, may_wait, options)
            if answer is not None:
                return answer
            await asyncio.sleep(0.3)

    async def _once(
        self, method: str, path: str, may_wait: bool, options: dict[str, Any]
    ) -> httpx.Response | None:
        try:
            answer = await self._http.request(method, path, **options)
        except httpx.TransportError:
            if may_wait:
                return None
            raise
        if answer.status_code in PASSING and may_wait:
            return None
        if answer.is_error:
            raise Refused(method, path, answer)
        return answer

    @property
    def token(self) -> str:
        """The bearer token."""
        return self._http.headers["Authorization"].removeprefix("Bearer ")

    async def leave(self) -> None:
        """Close the connections."""
        await self._http.aclose()


def _problem(answer: httpx.Response) -> dict[str, Any]:
    try:
        found = answer.json()
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
