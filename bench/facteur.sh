#!/bin/bash
# facteur.sh start|stop|restart|wipe|drop-caches|forget-index USER|pids
# The real service with its real durability, for the load drivers: data under $BENCH_ROOT (default /tmp/facteur-bench), 200 accounts
# u0001..u0200@bench.test with the password benchpass, plain-text sign-in on loopback. On loopback: SMTP 13025, submission 13587 (STARTTLS) and
# 13465 (TLS), IMAP 13143, IMAPS 13993, POP3 13110, POP3S 13995, ManageSieve 14190, HTTPS 13443 and 13843, HTTP 13080. LIMITS=on: this machine is held to the limits of strangers too. NODE_ARGS="--cpu-prof --cpu-prof-dir=FOLDER": how
# the service's own Node is started.
# STORE=postgres: the store is a PostgreSQL of its own (13432, durable: fsync and synchronous_commit on), with Redis (13379) and a stand-in for S3 (13900) beside it: made, started and stopped with the
# service, in $BENCH_ROOT, on loopback; POSTGRES="-c work_mem=8MB" are more settings of PostgreSQL's. NODES=2: so many nodes on it, each with ports 100 above those of the one before; accounts and mailboxes are the same on all.
# WORKERS=2: so many processes of each node, on either store.
# Whoever runs as root must let the user postgres into $BENCH_ROOT (a folder of mktemp -d is closed to him: chmod 711).
# pids: all that a message costs, with commas between: each node, PostgreSQL and Redis, whose children count with them; not the stand-in for S3, which is no part of the service and costs what no real one does.
# forget-index starts the nodes anew and leaves PostgreSQL as warm as it was; restart and drop-caches start it anew as well. stop and pids look at what runs there, whatever STORE and NODES say.
# Two users on one machine must not share $BENCH_ROOT and ports (BENCH_SMTP_PORT, BENCH_IMAP_PORT …, BENCH_POSTGRES_PORT, BENCH_REDIS_PORT, BENCH_S3_PORT). Safeguards: start fails when one runs there
# already; whoever starts with BENCH_OWNER=name leaves that name, and every command that stops or wipes then refuses any other name.
set -u
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
ROOT=${BENCH_ROOT:-/tmp/facteur-bench}; OF="$ROOT/owner"
USERS=${BENCH_USERS:-200}; DOMAIN=${BENCH_DOMAIN:-bench.test}; PASS=${BENCH_PASS:-benchpass}
STORE=${STORE:-sqlite}; NODES=${NODES:-1}
PG_PORT=${BENCH_POSTGRES_PORT:-13432}; REDIS_PORT=${BENCH_REDIS_PORT:-13379}; S3_PORT=${BENCH_S3_PORT:-13900}
export PATH="$HERE/node_modules/.bin:$PATH"

# Node 1 has data and pid, node 2 data-2 and pid-2, and so on.
of() { [ "$2" = 1 ] && echo "$ROOT/$1" || echo "$ROOT/$1-$2"; }
at() { echo "127.0.0.1:$(($1 + 100 * ($2 - 1)))"; }
parts() { # where the store of several nodes lies
  if [ "$STORE" = postgres ]; then
    echo "FACTEUR_STORE=postgres://postgres@127.0.0.1:$PG_PORT/facteur" "FACTEUR_REDIS=redis://127.0.0.1:$REDIS_PORT/0" \
      "FACTEUR_BLOBS=s3://mail?endpoint=http://127.0.0.1:$S3_PORT" FACTEUR_S3_ACCESS_KEY_ID=S3RVER FACTEUR_S3_SECRET_ACCESS_KEY=S3RVER
  fi
}
settings() { # NODE COMMAND: the environment of the service and of its commands: these settings and no others
  local n=$1; shift
  env $(env | sed -n 's/^\(FACTEUR_[A-Z0-9_]*\)=.*/-u \1/p') $(parts) \
    FACTEUR_DATA="$(of data "$n")" FACTEUR_HOSTNAME="mx$n.$DOMAIN" FACTEUR_DEFAULT_DOMAIN="$DOMAIN" FACTEUR_PLAIN_TEXT_SIGN_IN=loopback \
    ${WORKERS:+FACTEUR_WORKERS="$WORKERS"} FACTEUR_LIMITS_LOOPBACK="$([ "${LIMITS:-off}" = on ] && echo true || echo false)" \
    FACTEUR_LISTEN_SMTP="$(at "${BENCH_SMTP_PORT:-13025}" "$n")" FACTEUR_LISTEN_SUBMISSION="$(at "${BENCH_SUBMISSION_PORT:-13587}" "$n")" \
    FACTEUR_LISTEN_SUBMISSIONS="$(at "${BENCH_SUBMISSIONS_PORT:-13465}" "$n")" FACTEUR_LISTEN_IMAP="$(at "${BENCH_IMAP_PORT:-13143}" "$n")" \
    FACTEUR_LISTEN_IMAPS="$(at "${BENCH_IMAPS_PORT:-13993}" "$n")" FACTEUR_LISTEN_POP3="$(at "${BENCH_POP3_PORT:-13110}" "$n")" \
    FACTEUR_LISTEN_POP3S="$(at "${BENCH_POP3S_PORT:-13995}" "$n")" FACTEUR_LISTEN_HTTP="$(at "${BENCH_HTTP_PORT:-13080}" "$n")" \
    FACTEUR_LISTEN_MANAGESIEVE="$(at "${BENCH_MANAGESIEVE_PORT:-14190}" "$n")" FACTEUR_LISTEN_HTTPS="$(at "${BENCH_HTTPS_PORT:-13443}" "$n")" \
    FACTEUR_LISTEN_PANEL="$(at "${BENCH_PANEL_PORT:-13843}" "$n")" "$@"
}
facteur() { settings 1 node "$HERE/bin/facteur.js" "$@"; }

alive() { [ -s "$1" ] && kill -0 "$(head -1 "$1")" 2>/dev/null; } # a file that begins with a process id
gone() { for _ in $(seq 600); do kill -0 "$1" 2>/dev/null || return 0; sleep 0.05; done; echo "process $1 does not end" >&2; return 1; }
end() { local p; if alive "$1"; then p=$(head -1 "$1"); kill "${2:--TERM}" "$p" 2>/dev/null && gone "$p" || return 1; fi; rm -f "$1"; }
answers() { (exec 3<>/dev/tcp/127.0.0.1/"$1") 2>/dev/null; }
waitport() { # PORT PIDFILE LOG; a pid file that a killed process left must be gone before the start, or it is taken for the new one's
  for _ in $(seq 1200); do sleep 0.05; [ ! -s "$2" ] || alive "$2" || break; answers "$1" && [ -s "$2" ] && return 0; done; echo "port $1 does not answer:" >&2; tail -5 "$3" >&2; return 1
}
mine() { if [ -s "$OF" ] && [ "$(cat "$OF")" != "${BENCH_OWNER:-}" ]; then echo "refused: $ROOT belongs to '$(cat "$OF")'; set BENCH_ROOT and ports of your own" >&2; exit 3; fi; }
free() { if alive "$ROOT/pid"; then echo "refused: a service already runs in $ROOT" >&2; exit 3; fi; }
# What prints the process id becomes what is run.
RUN='echo $$ > "$0"; exec "$@"'

PG="$ROOT/postgres"
as_postgres() { if [ "$(id -u)" = 0 ]; then (cd / && runuser -u postgres -- "$@"); else "$@"; fi; } # it refuses to run as root
start_postgres() {
  local bin; bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1); bin=${bin:-$(dirname "$(command -v initdb)")}
  if [ ! -e "$PG/data/PG_VERSION" ]; then
    mkdir -p "$PG" && { [ "$(id -u)" != 0 ] || chown postgres "$PG"; } || return 1
    as_postgres test -w "$PG" || { echo "the user postgres can't enter $PG: chmod 711 the folders above it" >&2; return 1; }
    as_postgres "$bin/initdb" -D "$PG/data" -U postgres -A trust -E UTF8 --locale=C.UTF-8 -k >/dev/null || return 1
  fi
  as_postgres "$bin/pg_ctl" -D "$PG/data" -w -l "$PG/log" start >/dev/null -o \
    "-c listen_addresses=127.0.0.1 -c port=$PG_PORT -c unix_socket_directories=$PG -c shared_buffers=256MB -c fsync=on -c synchronous_commit=on ${POSTGRES:-}" || { tail -5 "$PG/log" >&2; return 1; }
  [ -e "$PG/made" ] || { as_postgres "$bin/createdb" -h 127.0.0.1 -p "$PG_PORT" -U postgres -E UTF8 -T template0 facteur && as_postgres touch "$PG/made"; }
}
start_parts() {
  [ "$STORE" = postgres ] || return 0
  start_postgres || return 1
  rm -f "$ROOT/redis.pid" "$ROOT/s3.pid"
  sh -c "$RUN" "$ROOT/redis.pid" redis-server --port "$REDIS_PORT" --bind 127.0.0.1 --save '' --appendonly no --dir "$ROOT" </dev/null >>"$ROOT/redis.log" 2>&1 &
  waitport "$REDIS_PORT" "$ROOT/redis.pid" "$ROOT/redis.log" || return 1
  # It ends with its input, which this pipe never does.
  [ -p "$ROOT/open" ] || mkfifo "$ROOT/open"; mkdir -p "$ROOT/objects"
  sh -c "$RUN" "$ROOT/s3.pid" node --openssl-legacy-provider "$HERE/test/support/s3-server.ts" "$ROOT/objects" "$S3_PORT" <>"$ROOT/open" >>"$ROOT/s3.log" 2>&1 &
  waitport "$S3_PORT" "$ROOT/s3.pid" "$ROOT/s3.log"
}
stop_parts() { # PostgreSQL writes down what is in memory, and ends
  end "$ROOT/s3.pid" && end "$ROOT/redis.pid" -KILL && if alive "$PG/data/postmaster.pid"; then local p; p=$(head -1 "$PG/data/postmaster.pid"); kill -INT "$p" && gone "$p"; fi
}


stop_nodes() { local f failed=0; for f in "$ROOT"/pid "$ROOT"/pid-*; do [ -e "$f" ] && { end "$f" || failed=1; }; done; return $failed; }
start_node() {
  local data pid log port; data=$(of data "$1"); pid=$(of pid "$1"); log=$(of log "$1"); port=$((${BENCH_IMAP_PORT:-13143} + 100 * ($1 - 1)))
  answers "$port" && { echo "refused: another program has the port $port" >&2; return 1; }
  mkdir -p "$data"; rm -f "$pid"; ulimit -n 20000 2>/dev/null
  [ "$1" = 1 ] || cp -p "$ROOT/data/secret.key" "$data/" || return 1 # the same on all
  # The C library takes memory and gives it back as `npm start` has it.
  (cd / && settings "$1" MALLOC_MMAP_THRESHOLD_=8388608 MALLOC_TRIM_THRESHOLD_=33554432 GLIBC_TUNABLES=glibc.malloc.hugetlb=1 sh -c "$RUN" "$pid" node ${NODE_ARGS:-} "$HERE/bin/facteur.js" serve) </dev/null >"$(of out "$1")" 2>>"$log" &
  waitport "$port" "$pid" "$log"
}
start_nodes() { local n; for n in $(seq "$NODES"); do start_node "$n" || return 1; done; }
accounts() { # once for each store
  [ -e "$ROOT/data/bench-accounts-$USERS" ] && return 0
  # A load is no customer: what it sends is not held to the limits of one.
  facteur domain add "$DOMAIN" >/dev/null && facteur service set mailboxHourlyLimit 100000 >/dev/null && echo "$PASS" | facteur mailbox add --password-stdin $(for i in $(seq "$USERS"); do printf 'u%04d@%s ' "$i" "$DOMAIN"; done) >/dev/null && touch "$ROOT/data/bench-accounts-$USERS"
}

stop_all() { stop_nodes && stop_parts && rm -f "$OF"; }
start_all() {
  case "$STORE$NODES" in sqlite1 | postgres[1-9]) ;; *) echo "STORE is sqlite or postgres; NODES=2 and more are for postgres" >&2; exit 2 ;; esac
  [ -d "$HERE/node_modules" ] || (cd "$HERE" && npm ci >/dev/null) || return 1
  mkdir -p "$ROOT"; [ -n "${BENCH_OWNER:-}" ] && echo "$BENCH_OWNER" > "$OF"
  start_parts && start_nodes && accounts
}
pids() { local f all=; for f in "$ROOT"/pid "$ROOT"/pid-* "$PG/data/postmaster.pid" "$ROOT/redis.pid"; do alive "$f" && all="$all,$(head -1 "$f")"; done; [ -n "$all" ] && echo "${all#,}"; }
case "${1:-}" in
  start) free; start_all ;;
  stop) mine; stop_all ;;
  restart) mine; stop_all && start_all ;;
  drop-caches) mine; stop_nodes && stop_parts && sync && echo 3 > /proc/sys/vm/drop_caches && start_parts && start_nodes ;; # the page cache is the whole machine's: not beside someone else's run
  forget-index) mine; stop_nodes && start_nodes ;; # there is no index beside the store to forget: only what the process held in memory goes
  wipe) mine; stop_all && rm -rf "$ROOT"/data "$ROOT"/data-* "$ROOT"/log "$ROOT"/log-* "$ROOT/objects" "$PG" && start_all ;;
  pids) pids ;;
  *) sed -n '2,15s/^# //p' "${BASH_SOURCE[0]}" >&2; exit 2 ;;
esac
