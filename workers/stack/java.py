"""The command line of a server on the Java virtual machine: bounded, on IPv4, nothing left behind."""

from collections.abc import Iterable

from workers.stack.debian import program
from workers.stack.settings import StackSettings


def java(
    settings: StackSettings,
    classpath: Iterable[object],
    main: str,
    *arguments: str,
    options: Iterable[str] = (),
) -> tuple[str, ...]:
    """`main` with its arguments on a heap of STACK_JAVA_HEAP_MB. Raises Unprepared without Java."""
    return (
        program("java"), f"-Xmx{settings.java_heap_mb}m", "-Xms64m", "-XX:+ExitOnOutOfMemoryError",
        # Quick to start and small; these servers are not here to be fast.
        "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData", "-Djava.net.preferIPv4Stack=true",
        *options, "-cp", ":".join(map(str, classpath)), main, *arguments,
    )  # fmt: skip
