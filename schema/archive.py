"""Where an attempt's papers lie in the lake, by the instant it ended; no name holds a ':', which HDFS refuses."""

from datetime import datetime
from uuid import UUID


def archive_folder(attempt_id: UUID, ended_at: datetime) -> str:
    """`archive/{year}/{month}/{attempt_id}`: report, receipt and histories."""
    return f"archive/{ended_at:%Y/%m}/{attempt_id}"


def report_name(attempt_id: UUID, ended_at: datetime) -> str:
    """The report for people."""
    return f"{archive_folder(attempt_id, ended_at)}/report.pdf"


def report_without_answers(report: str) -> str:
    """The same report, beside it, for a student who must not read right answers."""
    return f"{report.removesuffix('.pdf')}-without-answers.pdf"


def dossier_name(attempt_id: UUID, ended_at: datetime) -> str:
    """What the report was made from, so that it can be made again without its pictures."""
    return f"{archive_folder(attempt_id, ended_at)}/dossier.json"


def receipt_name(attempt_id: UUID, ended_at: datetime) -> str:
    """The receipt of deletion, which outlives everything else."""
    return f"{archive_folder(attempt_id, ended_at)}/receipt.json"


def history_name(attempt_id: UUID, ended_at: datetime, workflow_id: str, run_id: str) -> str:
    """One run's history, gzip over JSON."""
    workflow = workflow_id.replace(":", "-")
    return f"{archive_folder(attempt_id, ended_at)}/history/{workflow}/{run_id}.json.gz"


def results_name(attempt_id: UUID, ended_at: datetime) -> str:
    """Marks per question as CSV."""
    return f"processed/grading_results/{ended_at:%Y/%m}/{attempt_id}.csv"


def anomalies_name(attempt_id: UUID, ended_at: datetime) -> str:
    """Incidents as CSV."""
    return f"processed/anomaly_reports/{ended_at:%Y/%m}/{attempt_id}.csv"


def papers_beside(report: str, attempt_id: UUID) -> tuple[str, str, str]:
    """The folder of a report, and the names of the results and the anomalies that were written with it."""
    folder = report.rpartition("/")[0]
    month = "/".join(folder.split("/")[1:3])
    return (
        folder,
        f"processed/grading_results/{month}/{attempt_id}.csv",
        f"processed/anomaly_reports/{month}/{attempt_id}.csv",
    )
