#!/bin/sh
# Makes the product's namespace with its retention and its search attributes; run again, it changes nothing.
set -eu

namespace=$TEMPORAL_NAMESPACE
days=$TEMPORAL_RETENTION_DAYS

until temporal operator cluster health >/dev/null 2>&1; do sleep 1; done

if temporal operator namespace describe --namespace "$namespace" >/dev/null 2>&1; then
  temporal operator namespace update --namespace "$namespace" --retention "${days}d"
else
  temporal operator namespace create --namespace "$namespace" --retention "${days}d"
fi

# A new namespace is known everywhere a moment later.
for name in $TEMPORAL_SEARCH_NAMES; do
  tries=0
  until temporal operator search-attribute create --namespace "$namespace" --name "$name" --type Keyword; do
    tries=$((tries + 1))
    if [ "$tries" -ge 30 ]; then echo "the search attribute $name cannot be made" >&2; exit 1; fi
    sleep 2
  done
done
