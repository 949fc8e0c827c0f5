#!/bin/sh
# Writes postgres/*.sql from sqlite/*.sql: text is collated as bytes, what stands behind
# "-- postgres: " is said, what stands between "-- only sqlite:" and "-- both:" is not, and
# tables lie as PostgreSQL keeps them.
set -eu
cd "$(dirname "$0")"
for f in sqlite/*.sql; do
  sed -E '/^-- only sqlite:$/,/^-- both:$/d; s/^(  [a-z_]+ text)/\1 COLLATE "C"/; s/(ADD COLUMN [a-z_]+ text)/\1 COLLATE "C"/; s/^-- postgres: //; s/^\) WITHOUT ROWID;$/);/' \
    "$f" > "postgres/$(basename "$f")"
done
