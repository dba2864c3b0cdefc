"""The durable stories: attempt, monitoring, grading, review, retention."""
