"""Airflow as its operators see it: its HTTP interface, with an account and a password."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

import httpx

T = TypeVar("T")
DONE = {"success", "failed"}


@dataclass(frozen=True)
class Desk:
    """A session with the API server."""

    http: httpx.Client

    @classmethod
    def open(cls, address: str, password: str) -> "Desk":
        http = httpx.Client(base_url=address, timeout=60, trust_env=False)
        answer = http.post("/auth/token", json={"username": "admin", "password": password})
        answer.raise_for_status()
        http.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
        return cls(http)

    def ask(self, method: str, path: str, **more: Any) -> dict[str, Any]:
        answer = self.http.request(method, f"/api/v2{path}", **more)
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
        found: dict[str, Any] = answer.json()
        return found

    def dags(self) -> set[str]:
        return {dag["dag_id"] for dag in self.ask("GET", "/dags")["dags"]}

    def unpause(self, dag: str) -> None:
        until(lambda: dag in self.dags(), f"{dag} is read")
        self.ask("PATCH", f"/dags/{dag}", json={"is_paused": False})

    def pause(self, dag: str) -> None:
        self.ask("PATCH", f"/dags/{dag}", json={"is_paused": True})

    def trigger(self, dag: str, day: date) -> str:
        body = {"logical_date": None, "conf": {"day": f"{day}"}}
        run: str = self.ask("POST", f"/dags/{dag}/dagRuns", json=body)["dag_run_id"]
        return run

    def backfill(self, dag: str, first: date, last: date) -> None:
        """All intervals that begin on these days."""
        span = {"from_date": f"{first}T00:00:00Z", "to_date": f"{last}T23:59:59Z"}
        body = {"dag_id": dag, **span, "max_active_runs": 1, "run_backwards": False, "dag_run_conf": {}}
        self.ask("POST", "/backfills", json=body)

    def runs(self, dag: str) -> list[dict[str, Any]]:
        runs: list[dict[str, Any]] = self.ask("GET", f"/dags/{dag}/dagRuns")["dag_runs"]
        return runs

    def finished(self, dag: str, kind: str, count: int, within: float = 380) -> list[dict[str, Any]]:
        """The runs of a kind (scheduled, backfill, manual), once so many are done, by their interval."""

        def look() -> list[dict[str, Any]]:
            runs = [run for run in self.runs(dag) if run["run_type"] == kind and run["state"] in DONE]
            return runs if len(runs) >= count else []

        runs = until(look, f"{count} {kind} runs of {dag} are done", within)
        return sorted(runs, key=lambda run: str(run["data_interval_start"]))

    def log(self, dag: str, run: str, task: str, number: int = 1) -> str:
        path = f"/dags/{dag}/dagRuns/{run}/taskInstances/{task}/logs/{number}"
        return str(
            self.ask("GET", path, params={"full_content": True}, headers={"Accept": "application/json"})
        )

    def tries(self, dag: str, run: str, task: str) -> int:
        tries: int = self.ask("GET", f"/dags/{dag}/dagRuns/{run}/taskInstances/{task}")["try_number"]
        return tries


def until(look: Callable[[], T], what: str, within: float = 120) -> T:
    """What `look` finds, once it finds something."""
    give_up_at = time.monotonic() + within
    while not (found := look()):
        assert time.monotonic() < give_up_at, f"after {within:.0f} s it is not so that {what}"
        time.sleep(0.5)
    return found
