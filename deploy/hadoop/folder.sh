#!/bin/bash
# Makes the product's folder in HDFS, owned by the product's account; run again, it changes nothing.
set -euo pipefail

hdfs dfsadmin -safemode wait
hdfs dfs -mkdir -p "$HDFS_ROOT"
hdfs dfs -chown "$HDFS_USER:$HDFS_USER" "$HDFS_ROOT"
hdfs dfs -chmod 750 "$HDFS_ROOT"
