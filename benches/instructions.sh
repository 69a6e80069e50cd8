#!/bin/bash
# Instructions of each stage by callgrind, a KiB of each seeded corpus and of the samples, against
# benches/record/instructions.txt: they repeat on any machine, however busy. callgrind knows AVX2 and
# not AVX-512, so this sees the AVX2 kernel. Fails when a stage grew by more than 5 %.
#
#   benches/instructions.sh             compare
#   UPDATE=1 benches/instructions.sh    record anew, in the commit that changes them
#
# Wants a release build and valgrind; says so and ends with 0 where valgrind, AVX2 or the build's
# symbols are missing.
set -euo pipefail
cd "$(dirname "$0")/.."
logveil=${LOGVEIL:-${CARGO_TARGET_DIR:-target}/release/logveil}
record=benches/record/instructions.txt
kib=512
skip() { echo "instructions were NOT counted: $1"; exit 0; }
command -v valgrind >/dev/null || skip 'valgrind is not installed'
[ -x "$logveil" ] || skip "no release build at $logveil"
grep -qw avx2 /proc/cpuinfo 2>/dev/null || skip 'this processor has no AVX2'
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT

# sentences, escapes and keys that the seeded corpora lack
while cat samples/*.log; do :; done 2>/dev/null | head -c $((kib * 1024)) >"$room/samples.log" || true

for corpus in web mixed dense clean samples; do
    input=(--corpus "$corpus" --size "${kib}KiB")
    [ "$corpus" = samples ] && input=("$room/samples.log")
    valgrind --tool=callgrind --callgrind-out-file="$room/$corpus" --toggle-collect='*counted_*' \
        "$logveil" bench --once --kernel avx2 "${input[@]}" >"$room/log" 2>&1 ||
        { tail -n 5 "$room/log"; exit 1; }
    callgrind_annotate --inclusive=yes --threshold=100 --auto=no "$room/$corpus" >"$room/annotated"
    for stage in classify scan whole; do
        count=$(sed -n "s/^ *\([0-9,]*\) .*counted_$stage.*/\1/p" "$room/annotated" | tr -d , | sort -n | tail -n 1)
        [ -n "$count" ] || skip "the build has no symbol for $stage"
        echo "$corpus $stage $((count / kib))"
    done
done >"$room/now"
if grep -v '^[a-z]* [a-z]* [0-9]*$' "$room/now"; then exit 0; fi # what skip said

if [ "${UPDATE:-}" = 1 ]; then
    {
        echo '# Instructions a KiB, AVX2 kernel: corpus, stage, count. UPDATE=1 benches/instructions.sh'
        cat "$room/now"
    } >"$record"
    cat "$record"
    exit
fi
awk '
    FNR == NR { if ($1 != "#") was[$1 " " $2] = $3; next }
    {
        old = was[$1 " " $2]
        if (old == "") { printf "%s %s: not in the record\n", $1, $2; wrong = 1; next }
        printf "%s %s: %d a KiB, recorded %d (%+.1f %%)\n", $1, $2, $3, old, ($3 / old - 1) * 100
        if ($3 > old * 1.05) { printf "%s %s grew by more than 5 %%\n", $1, $2; wrong = 1 }
    }
    END { exit wrong }
' "$record" "$room/now" || { echo 'make it cheaper, or record it anew in the same commit: UPDATE=1 benches/instructions.sh'; exit 1; }
