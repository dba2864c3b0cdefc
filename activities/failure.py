"""The one place where a Failure of ours becomes an ApplicationError of Temporal."""

from typing import Any

from temporalio.exceptions import ApplicationError
from temporalio.worker import ActivityInboundInterceptor, ExecuteActivityInput, Interceptor

from schema.failures import Failure


def as_application_error(failure: Failure) -> ApplicationError:
    """The same failure for Temporal: its type by name, tried again only where that can help.

    The first detail holds `field` and the failure's further members, so that nothing is lost on the way to HTTP.
    """
    detail = {"field": failure.field, **failure.extra}
    return ApplicationError(
        failure.message, detail, type=failure.type.value, non_retryable=not failure.is_retryable
    )


class FailureInterceptor(Interceptor):
    """Installed by every worker, so that no activity translates failures itself."""

    def intercept_activity(self, next: ActivityInboundInterceptor) -> ActivityInboundInterceptor:  # noqa: A002
        """Wrap the chain once more."""
        return _Translating(next)


class _Translating(ActivityInboundInterceptor):
    async def execute_activity(self, input: ExecuteActivityInput) -> Any:  # noqa: A002
        try:
            return await super().execute_activity(input)
        except Failure as failure:
            raise as_application_error(failure) from failure
