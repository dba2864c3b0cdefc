"""Batch jobs: events of the lake in, results for a day, a week or a month out."""
