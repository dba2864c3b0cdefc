#!/bin/sh
# Runs `python -m workers …`. Every container is a node of its own: in each, the process has the same id.
set -eu

NODE_ID=${NODE_ID:-$(cat /etc/hostname)}
export NODE_ID
exec python -m workers "$@"
