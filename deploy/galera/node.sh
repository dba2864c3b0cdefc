#!/bin/bash
# Starts one node of Galera: begins the cluster when that is safe, otherwise joins it where it left off.
#
# GALERA_NODE is this node's name, GALERA_PEERS all of them, GALERA_FIRST the one that may begin a cluster that
# never was. BORN is a volume that all nodes share: the file in it says that there has been a cluster, so a first
# node whose disk was lost joins the others and never begins an empty cluster beside them.
set -euo pipefail

DATA=${GALERA_DATA:-/var/lib/mysql}
BORN=${GALERA_BORN:-/galera/born}
WAIT=${GALERA_WAIT:-120}
STATE=$DATA/grastate.dat

say() { echo "node.sh: $*" >&2; }

answers() { timeout 1 bash -c "exec 3<>/dev/tcp/$1/$2" 2>/dev/null; }

a_peer_answers_at() {
  local peer
  for peer in $GALERA_PEERS; do
    if [ "$peer" != "$GALERA_NODE" ] && answers "$peer" "$1"; then return 0; fi
  done
  return 1
}

may_begin() {
  if [ -f "$STATE" ]; then
    grep -q '^safe_to_bootstrap: 1' "$STATE" # the last one to leave in good order, by Galera's own account
  else
    # No cluster yet. With databases and without a state, this node has just been set up, and nobody joined it.
    [ "$GALERA_NODE" = "$GALERA_FIRST" ] && { [ ! -e "$BORN" ] || [ -d "$DATA/mysql" ]; }
  fi
}

# How far this node got, so that a peer sends what came since instead of everything; empty when there is nothing.
position() {
  local log
  [ -d "$DATA/mysql" ] && [ -f "$STATE" ] || return 0
  log=$(mktemp)
  mariadbd --wsrep-recover --skip-networking --log-error="$log" >/dev/null 2>&1 || true
  sed -n 's/.*WSREP: Recovered position: *\([^ ]*\).*/\1/p' "$log" | tail -1
  rm -f "$log"
}

peers=${GALERA_PEERS// /,}
options=(
  "--wsrep-cluster-address=gcomm://$peers"
  "--wsrep-node-name=$GALERA_NODE"
  "--wsrep-node-address=$GALERA_NODE"
)

if a_peer_answers_at 4567; then
  say "a peer is there; joining"
elif may_begin; then
  say "nobody is there and this node may begin; beginning the cluster"
  options+=(--wsrep-new-cluster)
elif [ -f "$DATA/gvwstate.dat" ]; then
  say "all nodes stopped at once; waiting for the others inside the server (pc.recovery)"
else
  say "waiting up to $WAIT s for a peer to serve"
  for ((second = 0; second < WAIT; second++)); do
    if a_peer_answers_at 3306; then break; fi
    sleep 1
  done
fi

if [[ " ${options[*]} " != *" --wsrep-new-cluster "* ]]; then
  found=$(position)
  # The zero id: this node never belonged to a cluster.
  if [ -n "$found" ] && [[ "$found" != 00000000-* ]]; then options+=("--wsrep-start-position=$found"); fi
fi

exec "${GALERA_SERVER:-docker-entrypoint.sh}" mariadbd "${options[@]}"
