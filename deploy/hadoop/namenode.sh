#!/bin/bash
# Starts the name node; its storage is formatted when there is none, and never again.
set -euo pipefail

if [ ! -f /data/name/current/VERSION ]; then
  # Without -force: what is there and not whole is looked at by a person.
  hdfs namenode -format -nonInteractive
fi
exec hdfs namenode
