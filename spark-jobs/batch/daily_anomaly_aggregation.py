"""Daily: incidents by exam, kind, hour and severity, share cleared on review, false-positive rate."""

from datetime import date

from batch.command import start, tell
from batch.event_check import within
from batch.incident_tally import incident_tally
from batch.intake import Tally
from batch.period import ONE_DAY, Period, day_of
from batch.workplace import Workplace, opened
from schema.db.tables.analytics import AnomalyDay
from schema.events import Topic

JOB = "daily_anomaly_aggregation"
FOLDER = "anomaly_reports"


def run(place: Workplace, day: Period) -> Tally:
    """Compute one day and replace what stood there for it."""
    anomalies = place.take_in(Topic.ANOMALY_DETECTED, day)
    reviews = place.take_in(Topic.REVIEW_DECIDED, day, place.settings.review_days)
    rows = incident_tally(within(anomalies.events, day), reviews.events)
    return place.hand_out(JOB, FOLDER, day, {AnomalyDay: rows}, [anomalies, reviews])


def days_to_compute(place: Workplace, day: date) -> list[Period]:
    """The day, and those before it with incidents: late events and rulings change their figures."""
    before = [day - back * ONE_DAY for back in range(place.settings.refresh_days, 0, -1)]
    return [day_of(one) for one in before if place.files.of(Topic.ANOMALY_DETECTED, [one])] + [day_of(day)]


def main(day: date) -> None:
    """Compute the day, and again the days before it."""
    with opened(JOB) as place:
        for one in days_to_compute(place, day):
            tell(JOB, one, run(place, one))


if __name__ == "__main__":
    start(main)
