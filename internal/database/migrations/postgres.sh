#!/bin/sh
# Writes postgres/*.sql from sqlite/*.sql: text is collated as bytes, and what stands
# behind "-- postgres: " is said.
set -eu
cd "$(dirname "$0")"
for f in sqlite/*.sql; do
  sed -E 's/^(  [a-z_]+ text)/\1 COLLATE "C"/; s/(ADD COLUMN [a-z_]+ text)/\1 COLLATE "C"/; s/^-- postgres: //' "$f" > "postgres/$(basename "$f")"
done
