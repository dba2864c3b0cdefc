"""Monthly: performance and trend per student and cohort, small cohorts suppressed."""

from datetime import date

from pyspark.sql import DataFrame

from batch.attempt_score import attempt_scores
from batch.command import start, tell
from batch.event_check import within
from batch.intake import Tally
from batch.performance import cohort_performance, student_performance
from batch.period import Period, month_before, month_of
from batch.workplace import Results, Workplace, opened
from schema.db.tables.analytics import CohortMonth, StudentMonth
from schema.events import Topic

JOB = "monthly_user_performance"
FOLDER = "grading_results"


def user_performance(gradings: DataFrame, gradings_before: DataFrame) -> Results:
    """The tables of one month's sound `grading_completed` events, and those of the month before."""
    scores, before = attempt_scores(gradings), attempt_scores(gradings_before)
    return {
        StudentMonth: student_performance(scores, before),
        CohortMonth: cohort_performance(scores, before),
    }


def run(place: Workplace, month: Period) -> Tally:
    """Compute one month and replace what stood there for it."""
    gradings = place.take_in(Topic.GRADING_COMPLETED, month)
    earlier = place.take_in(Topic.GRADING_COMPLETED, month_before(month))
    before = within(earlier.events, month_before(month))
    results = user_performance(within(gradings.events, month), before)
    return place.hand_out(JOB, FOLDER, month, results, [gradings])


def main(day: date) -> None:
    """Compute the calendar month that the day is in."""
    month = month_of(day)
    with opened(JOB) as place:
        tell(JOB, month, run(place, month))


if __name__ == "__main__":
    start(main)
