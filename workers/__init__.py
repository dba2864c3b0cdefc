"""The composition root: connections, codec, one worker builder per task queue, and the supervisor of `make run`."""
