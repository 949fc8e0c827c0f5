#!/usr/bin/env bash
# Makes sure that what the tests need beyond Go and Node is there: a PostgreSQL
# server, Chromium, CJK fonts, nginx, Caddy, an ACME server, systemd-analyze, promtool, sqlite3. Installs on Debian/Ubuntu as root, otherwise says how.
set -euo pipefail
missing=()
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null 2>&1 || [ -n "${YUNCHOU_TEST_POSTGRES:-}" ] || missing+=(postgresql)
[ -x /usr/bin/chromium ] || missing+=(chromium)
fc-list 2>/dev/null | grep -qi 'cjk' || missing+=(fonts-noto-cjk fontconfig)
# What stands before the program, and who issues certificates, in the tests of deploy/.
for tool in nginx:nginx-light caddy:caddy pebble:pebble systemd-analyze:systemd promtool:prometheus sqlite3:sqlite3; do
  PATH=$PATH:/usr/sbin command -v "${tool%%:*}" >/dev/null || missing+=("${tool#*:}")
done
[ ${#missing[@]} -eq 0 ] && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
else
  echo "The tests need more: sudo apt-get install -y ${missing[*]}" >&2
  exit 1
fi
