"""Analytics: timelines, reports, result lists, figures of the batch jobs, and how fresh all of it is."""

from api.analytics.router import lifespan, router

__all__ = ["lifespan", "router"]
