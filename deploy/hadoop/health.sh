#!/bin/bash
# health.sh PORT BEAN TEXT: whether the node's own account of itself (/jmx) says TEXT. Needs bash only.
set -euo pipefail

exec 3<>"/dev/tcp/${HEALTH_HOST:-127.0.0.1}/$1"
printf 'GET /jmx?qry=Hadoop:service=%s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' "$2" >&3
grep -q "$3" <&3
