#!/usr/bin/env bash
# npm test: type check, lint and format, then every test; real clients come from Debian's packages where they can be installed.
# Usage: test/run.sh [vitest arguments]   FACTEUR_TEST_NO_APT=1 installs nothing.
set -euo pipefail
cd "$(dirname "$0")/.."
export PATH="$PWD/node_modules/.bin:$PATH"

# program:package, each used by a test of test/integration that says so by name
needed=(swaks:swaks mbsync:isync curl:curl python3:python3 smtp-source:postfix smtp-sink:postfix openssl:openssl chromium:chromium sieve-connect:sieve-connect pg_lsclusters:postgresql redis-server:redis-server strace:strace faketime:faketime haproxy:haproxy pgbouncer:pgbouncer sqlite3:sqlite3)
missing=()
export PATH="$PATH:/usr/sbin"
for entry in "${needed[@]}"; do command -v "${entry%%:*}" >/dev/null || missing+=("${entry##*:}"); done
if [ ${#missing[@]} -gt 0 ] && [ "$(id -u)" = 0 ] && [ -z "${FACTEUR_TEST_NO_APT:-}" ] && command -v apt-get >/dev/null; then
  echo "Installing what the tests with real clients use: ${missing[*]}"
  # PostgreSQL, PgBouncer, Redis and HAProxy come for their programs: each test that needs one starts its own.
  # Postfix comes for smtp-source and smtp-sink alone: without a configuration it never starts.
  echo 'postfix postfix/main_mailer_type select No configuration' | debconf-set-selections || true
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install -y -qq --no-install-recommends "${missing[@]}"; } \
    </dev/null >/dev/null 2>&1 || echo "apt-get could not install them; the tests that need them are skipped"
fi
for entry in "${needed[@]}"; do
  command -v "${entry%%:*}" >/dev/null || echo "Not installed: ${entry%%:*} (package ${entry##*:}). The tests that use it are skipped."
done

tsc
tsc -p web
# Pages and program are tested as they are built.
npm run --silent build:web >/dev/null
npm run --silent build >/dev/null
biome ci .
report=$(mktemp)
trap 'rm -f "$report"' EXIT
status=0
vitest run --reporter=default --reporter=json --outputFile.json="$report" "$@" || status=$?
node test/summary.ts "$report" || status=1
exit "$status"
