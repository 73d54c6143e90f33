# shellcheck shell=bash disable=SC2154
# The database servers of the tests. Sourced by tests/run, which sets $work, its temporary directory.
#
# An engine is one function start_ENGINE: it makes $work/ENGINE, starts the server with run_server, waits for it with
# wait_for, and exports what the tests need as SYNCLINE_TEST_ENGINE…. start_servers calls it; stop_servers needs no change.

server_pids=()

start_servers() {
    start_postgres
}

stop_servers() {
    local pid
    for pid in ${server_pids[@]+"${server_pids[@]}"}; do
        end_group "$pid" INT
    done
    server_pids=()
}

# ---- PostgreSQL: the newest installed server, its superuser "tester" with a password, durability off ----

newest_postgres() {
    local servers
    servers=$(compgen -G '/usr/lib/postgresql/*/bin/postgres') && dirname "$(sort -V <<<"$servers" | tail -n 1)"
}

start_postgres() {
    local bin dir=$work/postgres password port url
    bin=$(newest_postgres) || fail "no PostgreSQL server in /usr/lib/postgresql"
    password=$(random_password)
    make_server_dir "$dir" "$password"

    (become_server "$bin/initdb" --pgdata="$dir/data" --username=tester --pwfile="$dir/password" --auth=scram-sha-256 \
        --encoding=UTF8 --locale=C.UTF-8 --no-sync) >"$dir/log" 2>&1 || server_failed initdb "$dir/log"

    # The port may be taken, which only the server can find out for sure: then another one.
    for _ in 1 2 3 4 5; do
        port=$(random_port)
        url=postgres://tester:$password@127.0.0.1:$port/postgres
        run_server "$dir/log" "$bin/postgres" -D "$dir/data" -k "$dir" -p "$port" -c listen_addresses=127.0.0.1 \
            -c max_connections=200 -c fsync=off -c synchronous_commit=off -c full_page_writes=off
        if wait_for 60 "$bin/psql" -XqAt -c 'select 1' "$url"; then
            export SYNCLINE_TEST_POSTGRES=$url SYNCLINE_TEST_POSTGRES_SOCKET=$dir
            echo "PostgreSQL: $("$bin/postgres" --version), 127.0.0.1:$port, run by $(stat -c %U "$dir/data")"
            return
        fi
        drop_server
        grep -q 'Address already in use' "$dir/log" || break
    done
    server_failed PostgreSQL "$dir/log"
}

# ---- what every engine needs ----

# Database servers refuse to run as root, so root starts them as somebody else.
server_user() {
    if [ "$(id -u)" != 0 ]; then
        id -un
    elif id postgres >/dev/null 2>&1; then
        echo postgres
    else
        echo nobody
    fi
}

# make_server_dir DIR PASSWORD: a directory of the server's user, with the password in the file DIR/password.
make_server_dir() {
    mkdir "$1"
    (umask 077 && echo "$2" >"$1/password")
    if [ "$(id -u)" = 0 ]; then
        chown -R "$(server_user):" "$1"
    fi
}

random_password() {
    od -An -N16 -tx1 /dev/urandom | tr -d ' \n'
}

# A port below the range from which the kernel serves clients.
random_port() {
    echo $((20000 + RANDOM % 12000))
}

# Turns the shell that calls it into the command, which is then unprivileged, the leader of its own process group (a Ctrl-C
# is for tests/run to handle), and sent SIGINT by the kernel should tests/run be killed with SIGKILL.
become_server() {
    local as=(--pdeathsig INT) user
    if [ "$(id -u)" = 0 ]; then
        user=$(server_user)
        as+=(--reuid "$user" --regid "$(id -g "$user")" --clear-groups)
    fi
    cd "$work" || exit
    trap - INT QUIT
    exec setsid setpriv "${as[@]}" env LC_ALL=C.UTF-8 HOME="$work" "$@"
}

# run_server LOG COMMAND...: in the background. Its end is the end of this shell's, so never from a subshell.
run_server() {
    local log=$1
    shift
    become_server "$@" >>"$log" 2>&1 &
    server_pids+=("$!")
}

# wait_for SECONDS COMMAND...: until the command succeeds. Fails at the deadline, or when the newest server has ended.
wait_for() {
    local deadline=$((SECONDS + $1))
    shift
    until "$@" >/dev/null 2>&1; do
        if [ "$SECONDS" -ge "$deadline" ] || ! is_running "${server_pids[-1]}"; then
            return 1
        fi
        sleep 0.1
    done
}

# Ends the newest server, which did not come up.
drop_server() {
    end_group "${server_pids[-1]}" INT
    unset 'server_pids[-1]'
}

# server_failed NAME LOG
server_failed() {
    tail -n 30 "$2" >&2
    fail "$1 did not start; the end of its log is above"
}

# Is it a child of this shell that has not ended?
is_running() {
    jobs -rp | grep -qx "$1"
}

# end_group PID SIGNAL: the process that this shell started with setsid, and its children; by force after 10 seconds.
end_group() {
    local _
    # Not yet a group when setsid has not run yet.
    kill -s "$2" -- "-$1" 2>/dev/null || { is_running "$1" && kill -s "$2" "$1" 2>/dev/null; } || return 0
    for _ in {1..200}; do
        kill -0 -- "-$1" 2>/dev/null || is_running "$1" || return 0
        sleep 0.05
    done
    kill -s KILL -- "-$1" 2>/dev/null || true
}
