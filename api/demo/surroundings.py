"""Where the demo finds the product and its media: the product's own settings, read by their public names."""

from pathlib import Path

from pydantic_settings import BaseSettings, SettingsConfigDict


class Surroundings(BaseSettings):
    """As in `.env.example`: the environment wins over `.env`."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", hide_input_in_errors=True)

    api_port: int = 8000
    public_url: str = ""  # where the port is, unless it says otherwise
    temporal_ui_url: str = "http://localhost:8233"
    sample_media_dir: Path = Path("../shared")
    models_dir: Path = Path("models")
    var_dir: Path = Path("var")
    # Where the mail server that the product sends to keeps its mails; without it the demo starts a server of its own.
    demo_maildir: Path | None = None

    @property
    def server(self) -> str:
        """Where the product answers."""
        return self.public_url or f"http://localhost:{self.api_port}"
