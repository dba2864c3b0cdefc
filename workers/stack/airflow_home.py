"""Where Airflow is installed, and where it keeps its files in the stack."""

from pathlib import Path

from workers.stack.settings import StackSettings

ROOT = Path(__file__).parents[2]
PROGRAM = ROOT / ".venv-airflow" / "bin" / "airflow"


def home_of(settings: StackSettings) -> Path:
    """Airflow's folder: configuration, database, logs of tasks."""
    return settings.var_dir / "airflow"
