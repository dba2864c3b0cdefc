"""What `make run` says once everything is ready: addresses, accounts, what is embedded, what is off."""

from rich.console import Console
from rich.table import Table

from ml.model_store import ModelStore
from schema.demo import DEMO_ACCOUNTS, DEMO_PASSWORD
from schema.settings import Settings


def greet(settings: Settings, console: Console) -> None:
    """Print what a newcomer needs to go on."""
    console.print(_addresses(settings))
    if settings.environment == "development" and settings.demo_accounts:
        console.print(_accounts())
    console.print(_embedded(settings))
    if ModelStore(settings.models_dir, settings.sample_media_dir).yolo_folder() is None:
        console.print(
            "[bold red]Object detection is OFF: no YOLO weights were found.[/bold red] Phones and persons at the edge"
            " go unseen; faces, covered cameras and browser events are still watched. See docs/detection.md."
        )
    else:
        console.print("Object detection: on")
    console.print("[bold green]ProctorWise runs.[/bold green] Ctrl-C stops it; nothing is lost.")


def _addresses(settings: Settings) -> Table:
    table = Table("Address", "What", title="Addresses")
    table.add_row(settings.public_url, "the screens")
    table.add_row(f"{settings.public_url}/api/openapi.json", "the API, described")
    table.add_row(settings.temporal_ui_url, "Temporal's web UI: every attempt is a workflow")
    if settings.use_mock_senders:
        table.add_row(
            str(settings.outbox_dir),
            f"mails, as .eml files; an admin reads them at {settings.public_url}/outbox",
        )
    lake = (
        str(settings.lake_dir) if settings.use_local_storage else f"{settings.hdfs_url} {settings.hdfs_root}"
    )
    table.add_row(lake, "the lake: events, frames, reports, archive")
    table.add_row(str(settings.var_dir / "log"), "logs of every part")
    return table


def _accounts() -> Table:
    table = Table("E-mail", "Roles", title=f"Demo accounts, password {DEMO_PASSWORD}")
    for account in DEMO_ACCOUNTS:
        table.add_row(account.email, ", ".join(account.roles))
    return table


def _embedded(settings: Settings) -> str:
    parts = {
        "Temporal server": settings.temporal_embedded,
        "SQLite databases": not settings.database_url.get_secret_value(),
        "files as the lake": settings.use_local_storage,
        ".eml files for mail": settings.use_mock_senders,
    }
    embedded = ", ".join(name for name, is_on in parts.items() if is_on)
    return f"Embedded: {embedded or 'nothing'}"
