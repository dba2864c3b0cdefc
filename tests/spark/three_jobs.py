"""Runs in the jobs' environment: all three jobs for a day's periods in one session, which saves two starts of Spark."""

import sys
from datetime import date

from batch import daily_anomaly_aggregation, monthly_user_performance, weekly_grade_analytics
from batch.period import day_of, month_of, week_of
from batch.workplace import opened


def main(day: date) -> None:
    """Write what the three commands would."""
    with opened("three_jobs") as place:
        daily_anomaly_aggregation.run(place, day_of(day))
        weekly_grade_analytics.run(place, week_of(day))
        monthly_user_performance.run(place, month_of(day))


if __name__ == "__main__":
    main(date.fromisoformat(sys.argv[1]))
