"""`python -m api.render_child SECONDS`: renders texts apart from the API, and is ended by the kernel beyond its budget.

Reads a JSON list of Markdown texts; writes a JSON line of HTML for each, so that the first text without a line is the
one that was too costly.
"""

import json
import resource
import sys

from api.markup import render

MEMORY_BYTES = 2**30


def main() -> None:
    """Until all texts are rendered."""
    seconds = int(sys.argv[1])
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    for text in json.load(sys.stdin):
        sys.stdout.write(json.dumps(render(text)) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
