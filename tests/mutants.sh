#!/usr/bin/env bash
# Breaks the product on purpose, in a copy of it, and sees whether the tests notice. `tests/run --mutants` starts it; by itself it
# wants the environment that `tests/run --serve` prints.
#
#   tests/mutants.sh [NAME…]   every tests/mutants/NAME.patch, or these
#
# A patch begins with what it breaks, and with the tests of which one has to fail:
#
#   Catch: --test faults points::postgres_finishes_after
set -euo pipefail

cd "$(dirname -- "${BASH_SOURCE[0]}")/.."
mutants=$PWD/tests/mutants
# The copy, its build and what its tests said are kept, so that the next time only what has changed is built.
dir=$PWD/target/mutants
tree=$dir/tree
limit=300
# It says nothing of the product as it is.
unset SYNCLINE_TEST_TALLY

test_pid=
trap '[ -z "$test_pid" ] || kill "$test_pid"; exit 143' INT TERM

main() {
    local names=("$@") name right=0 wrong=0
    if [ $# = 0 ]; then
        mapfile -t names < <(cd "$mutants" && printf '%s\n' *.patch | sed 's/\.patch$//')
    fi
    for name in "${names[@]}"; do
        [ -f "$mutants/$name.patch" ] || fail "there is no tests/mutants/$name.patch"
    done

    mkdir -p "$tree" "$dir/log"
    whole=$(GIT_INDEX_FILE=$dir/whole git add --all && GIT_INDEX_FILE=$dir/whole git write-tree)
    check_healthy "${names[@]}"
    for name in "${names[@]}"; do
        if try "$name"; then
            right=$((right + 1))
        else
            wrong=$((wrong + 1))
        fi
    done
    restore
    echo "$right of ${#names[@]} mutants caught"
    [ "$wrong" = 0 ]
}

# What is red anyway catches nothing: without the mutants all of these tests pass, and there are some.
check_healthy() {
    local name line started=$SECONDS
    local -A seen=()
    restore
    for name in "$@"; do
        line=$(catch "$name")
        [ -z "${seen[$line]-}" ] || continue
        seen[$line]=yes
        run_tests healthy "$line" || fail "without any mutant: $line: see $dir/log/healthy"
        grep -q '^test .* \.\.\. ok$' "$dir/log/healthy" || fail "$name: no test is named so: $line"
    done
    echo "healthy: ${#seen[@]} sets of tests $((SECONDS - started)) s"
}

# try NAME: one line of what became of it.
try() {
    local name=$1 line started=$SECONDS status=0 failed
    local log=$dir/log/$name
    line=$(catch "$name")
    restore
    if ! in_tree apply --index "$mutants/$name.patch" 2>"$log"; then
        echo "DOES NOT APPLY $name: see $log"
        return 1
    fi
    if ! cargo_test $line --no-run >"$log" 2>&1; then
        echo "DOES NOT COMPILE $name: see $log"
        return 1
    fi
    run_tests "$name" "$line" || status=$?
    failed=$(sed -n 's/^test \(.*\) \.\.\. FAILED$/\1/p' "$log" | head -n 1)
    case $status in
    0) echo "SURVIVED $name" && return 1 ;;
    124) echo "NOT ENDED $name: see $log" && return 1 ;;
    *)
        [ -n "$failed" ] || { echo "NO TEST FAILED $name: see $log" && return 1; }
        echo "caught $name ($failed) $((SECONDS - started)) s"
        ;;
    esac
}

# catch NAME: the arguments of cargo test for the tests that have to notice it.
catch() {
    local line
    line=$(sed -n 's/^Catch: //p;/^diff /q' "$mutants/$1.patch")
    [ -n "$line" ] || fail "$1.patch does not say what has to catch it"
    echo "$line"
}

# run_tests LOG ARGUMENTS
run_tests() {
    # shellcheck disable=SC2086
    cargo_test $2 >"$dir/log/$1" 2>&1
}

# It is a group of its own, which has to end with us.
cargo_test() {
    local status=0
    (cd "$tree" && CARGO_TARGET_DIR=$dir/build exec timeout "$limit" cargo test --all-features "$@") &
    test_pid=$!
    wait "$test_pid" || status=$?
    test_pid=
    return "$status"
}

# Makes the copy what the product is, and leaves alone, with its time, what is so already.
restore() {
    in_tree read-tree --reset -u "$whole"
}

# Git on the copy, which has an index of its own and the objects of the product.
in_tree() {
    GIT_INDEX_FILE=$dir/index git -C "$tree" --work-tree="$tree" "$@"
}

fail() {
    echo "tests/mutants.sh: $*" >&2
    exit 1
}

main "$@"
