#!/bin/bash
# facteur.sh start|stop|restart|wipe|drop-caches|forget-index USER|pids
# The real service with its real durability, for the load drivers: data under $BENCH_ROOT (default /tmp/facteur-bench), 200 accounts
# u0001..u0200@bench.test with the password benchpass, plain-text sign-in on loopback. On loopback: SMTP 13025, submission 13587 (STARTTLS) and
# 13465 (TLS), IMAP 13143, IMAPS 13993, POP3 13110, POP3S 13995, ManageSieve 14190, HTTPS 13443 and 13843, HTTP 13080. LIMITS=on: this machine is held to the limits of strangers too. NODE_ARGS="--cpu-prof --cpu-prof-dir=FOLDER": how
# the service's own Node is started.
# Two users on one machine must not share $BENCH_ROOT and ports (BENCH_SMTP_PORT, BENCH_IMAP_PORT …). Safeguards: start fails when one runs there
# already; whoever starts with BENCH_OWNER=name leaves that name, and every command that stops or wipes then refuses any other name.
set -u
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
ROOT=${BENCH_ROOT:-/tmp/facteur-bench}; DATA="$ROOT/data"; PID="$ROOT/pid"; OF="$ROOT/owner"
USERS=${BENCH_USERS:-200}; DOMAIN=${BENCH_DOMAIN:-bench.test}; PASS=${BENCH_PASS:-benchpass}; IMAP=${BENCH_IMAP_PORT:-13143}
export PATH="$HERE/node_modules/.bin:$PATH"
settings() { # the environment of the service and of its commands: these settings and no others
  env $(env | sed -n 's/^\(FACTEUR_[A-Z0-9_]*\)=.*/-u \1/p') \
    FACTEUR_DATA="$DATA" FACTEUR_HOSTNAME="mx.$DOMAIN" FACTEUR_DEFAULT_DOMAIN="$DOMAIN" FACTEUR_PLAIN_TEXT_SIGN_IN=loopback \
    FACTEUR_LIMITS_LOOPBACK="$([ "${LIMITS:-off}" = on ] && echo true || echo false)" \
    FACTEUR_LISTEN_SMTP="127.0.0.1:${BENCH_SMTP_PORT:-13025}" FACTEUR_LISTEN_SUBMISSION="127.0.0.1:${BENCH_SUBMISSION_PORT:-13587}" \
    FACTEUR_LISTEN_SUBMISSIONS="127.0.0.1:${BENCH_SUBMISSIONS_PORT:-13465}" FACTEUR_LISTEN_IMAP="127.0.0.1:$IMAP" \
    FACTEUR_LISTEN_IMAPS="127.0.0.1:${BENCH_IMAPS_PORT:-13993}" FACTEUR_LISTEN_POP3="127.0.0.1:${BENCH_POP3_PORT:-13110}" \
    FACTEUR_LISTEN_POP3S="127.0.0.1:${BENCH_POP3S_PORT:-13995}" FACTEUR_LISTEN_HTTP="127.0.0.1:${BENCH_HTTP_PORT:-13080}" \
    FACTEUR_LISTEN_MANAGESIEVE="127.0.0.1:${BENCH_MANAGESIEVE_PORT:-14190}" FACTEUR_LISTEN_HTTPS="127.0.0.1:${BENCH_HTTPS_PORT:-13443}" \
    FACTEUR_LISTEN_PANEL="127.0.0.1:${BENCH_PANEL_PORT:-13843}" "$@"
}
facteur() { settings node "$HERE/bin/facteur.js" "$@"; }
alive() { [ -s "$PID" ] && kill -0 "$(cat "$PID")" 2>/dev/null; }
waitport() { sleep 0.1; for _ in $(seq 400); do (exec 3<>/dev/tcp/127.0.0.1/"$1") 2>/dev/null && return 0; alive || break; sleep 0.05; done; echo "port $1 does not answer:" >&2; tail -5 "$ROOT/log" >&2; return 1; }
gone() { for _ in $(seq 600); do kill -0 "$1" 2>/dev/null || return 0; sleep 0.05; done; echo "process $1 does not end" >&2; return 1; }
mine() { if [ -s "$OF" ] && [ "$(cat "$OF")" != "${BENCH_OWNER:-}" ]; then echo "refused: $ROOT belongs to '$(cat "$OF")'; set BENCH_ROOT and ports of your own" >&2; exit 3; fi; }
free() { if alive; then echo "refused: a service already runs in $ROOT" >&2; exit 3; fi; }
stop_service() { if alive; then p=$(cat "$PID"); kill "$p" 2>/dev/null && gone "$p" || return 1; fi; rm -f "$PID"; }
start_service() {
  [ -d "$HERE/node_modules" ] || (cd "$HERE" && npm ci >/dev/null) || return 1
  mkdir -p "$ROOT"; ulimit -n 20000 2>/dev/null
  cd /
  # What prints the process id becomes the service.
  settings sh -c 'echo $$ > "$0"; exec node "$@"' "$PID" ${NODE_ARGS:-} "$HERE/bin/facteur.js" serve </dev/null >"$ROOT/out" 2>>"$ROOT/log" &
  waitport "$IMAP" && accounts
}
accounts() { # once for each data folder
  [ -e "$DATA/bench-accounts-$USERS" ] && return 0
  # A load is no customer: what it sends is not held to the limits of one.
  facteur domain add "$DOMAIN" >/dev/null && facteur service set mailboxHourlyLimit 100000 >/dev/null && echo "$PASS" | facteur mailbox add --password-stdin $(for i in $(seq "$USERS"); do printf 'u%04d@%s ' "$i" "$DOMAIN"; done) >/dev/null && touch "$DATA/bench-accounts-$USERS"
}
stop_all() { stop_service && rm -f "$OF"; }
start_all() { mkdir -p "$ROOT"; [ -n "${BENCH_OWNER:-}" ] && echo "$BENCH_OWNER" > "$OF"; start_service; }
case "${1:-}" in
  start) free; start_all ;;
  stop) mine; stop_all ;;
  restart) mine; stop_all && start_all ;;
  drop-caches) mine; stop_service && sync && echo 3 > /proc/sys/vm/drop_caches && start_service ;; # the page cache is the whole machine's: not beside someone else's run
  forget-index) mine; stop_service && start_service ;; # there is no index beside the store to forget: only what the process held in memory goes
  wipe) mine; stop_all && rm -rf "$DATA" "$ROOT/log" && start_all ;;
  pids) alive && cat "$PID" ;;
  *) sed -n '2,8s/^# //p' "${BASH_SOURCE[0]}" >&2; exit 2 ;;
esac
