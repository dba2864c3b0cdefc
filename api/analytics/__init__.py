"""Analytics: timelines, reports, result lists, and how fresh all of it is."""

from api.analytics.router import router

__all__ = ["router"]
