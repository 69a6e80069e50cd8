#!/bin/bash
# The peers that are installed, on the seeded web corpus, asked for the same types: e-mail addresses,
# IPv4, IPv6 and MAC addresses. Processor seconds (user + system), file to /dev/null, one thread each.
#
#   benches/compare.sh [MiB]      64 MiB unless said otherwise; perl and sed are slow
#   LOGVEIL=path CORPUS=web|mixed|dense|clean ROUNDS=9 benches/compare.sh
set -euo pipefail
cd "$(dirname "$0")/.."
mib=${1:-64}
corpus=${CORPUS:-web}
rounds=${ROUNDS:-9}
logveil=${LOGVEIL:-${CARGO_TARGET_DIR:-target}/release/logveil}
[ -x "$logveil" ] || { echo "build first: cargo build --release" >&2; exit 2; }
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
"$logveil" bench --corpus-only --corpus "$corpus" --size "${mib}MiB" >"$room/log"
bytes=$(stat -c %s "$room/log")

# The patterns of `logveil bench --baseline`, without what not every engine can say.
hex='[0-9A-Fa-f]'
octet='(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])'
email='\b[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}\b'
mac="\\b($hex{2}[:-]){5}$hex{2}\\b"
ipv6="\\b($hex{1,4}:){7}$hex{1,4}\\b|\\b($hex{1,4}:){1,6}(:$hex{1,4}){1,6}\\b"
ipv4="\\b($octet\\.){3}$octet\\b"
any="$email|$mac|$ipv6|$ipv4"
# groups that capture nothing, for those who would pay for captures
plain=${any//(/(?:}

# Each peer is a function that reads $room/log on standard input.
run_logveil() { "$logveil" redact -j1 --only email,ipv4,ipv6,mac; }
run_logveil_all() { "$logveil" redact -j1; }
run_baseline() { "$logveil" bench --as-baseline; }
run_rg() { rg --no-unicode --text --passthru --threads 1 --color never --no-line-number --no-config -e "$plain" --replace '[REDACTED]' -; }
run_sed() { LC_ALL=C sed -E "s/$any/[REDACTED]/g"; }
run_perl() { LC_ALL=C ANY=$plain perl -pe 'BEGIN { $any = qr/$ENV{ANY}/a } s/$any/[REDACTED]/g'; }
run_vectorscan() { "$room/vectorscan" "${email//(/(?:}" "${mac//(/(?:}" "${ipv6//(/(?:}" "${ipv4//(/(?:}"; }

peers=(baseline logveil logveil_all)
missing=()
declare -A asked=(
    [baseline]='one regex-automata meta regex, eight types, Luhn after; [REDACTED]'
    [logveil]='--only email,ipv4,ipv6,mac: these four, keys, escapes and vetoes looked at; labels'
    [logveil_all]='all default types; labels'
    [rg]='ripgrep --passthru --replace, the four patterns in one, every line printed'
    [sed]='GNU sed -E s///g, the four patterns in one, C locale'
    [perl]='perl -p s///g, the four patterns in one'
    [vectorscan]='hs_scan with starts of matches, the four patterns, [REDACTED]'
)
for peer in rg sed perl; do
    if command -v "$peer" >/dev/null; then peers+=("$peer"); else missing+=("$peer"); fi
done
if [ -e /usr/include/hs/hs.h ] && command -v cc >/dev/null &&
    cc -O2 -o "$room/vectorscan" benches/vectorscan.c -lhs 2>"$room/cc.log"; then
    peers+=(vectorscan)
else
    missing+=('vectorscan (Debian: libvectorscan-dev, and a C compiler)')
fi

# Processor seconds of one run; what it writes goes to `$1`.
TIMEFORMAT='%U %S'
cost() {
    local out=$1
    shift
    { time "$@" <"$room/log" >"$out" 2>"$room/err"; } 2>&1 | awk '{ printf "%.3f\n", $1 + $2 }'
}
median() { sort -g | awk '{ all[NR] = $1 } END { print all[int((NR + 1) / 2)] }'; }
spread() { sort -g | awk '{ all[NR] = $1 } END { printf "%.2f (%.2f to %.2f)", all[int((NR + 1) / 2)], all[1], all[NR] }'; }
# Lines that a redactor changed: a peer that changes none was asked wrongly.
changed() { paste -d '\n' "$room/log" "$room/out" | awk 'NR % 2 { was = $0; next } was != $0 { n++ } END { print n + 0 }'; }

lines=$(wc -l <"$room/log")
printf '%s corpus, %s bytes, %s lines; %s; %s rounds, each peer in turn; baseline time over theirs\n' \
    "$corpus" "$bytes" "$lines" "$("$logveil" --version)" "$rounds"
for peer in "${peers[@]}"; do
    cost "$room/out" "run_$peer" >/dev/null
    if [ "$(wc -l <"$room/out")" != "$lines" ]; then
        echo "$peer wrote other lines than it read:" >&2
        head -n 3 "$room/err" >&2
        exit 1
    fi
    changed >"$room/changed.$peer"
done
for _ in $(seq "$rounds"); do
    for peer in "${peers[@]}"; do
        # slow peers are timed three times only
        [ -e "$room/slow.$peer" ] && [ "$(wc -l <"$room/time.$peer")" -ge 3 ] && continue
        cost /dev/null "run_$peer" >>"$room/time.$peer"
        awk 'END { exit !($1 > 3) }' "$room/time.$peer" && touch "$room/slow.$peer"
    done
done
for peer in "${peers[@]}"; do
    time=$(median <"$room/time.$peer")
    ratio=$(paste "$room/time.baseline" "$room/time.$peer" | awk 'NF == 2 { print $1 / ($2 > 0 ? $2 : 0.001) }' | spread)
    printf '%-12s %6s MiB/s  ratio %-24s %8s lines changed  %s\n' "$peer" \
        "$(awk -v b="$bytes" -v t="$time" 'BEGIN { printf "%.0f", b / 1048576 / (t > 0 ? t : 0.001) }')" \
        "$ratio" "$(cat "$room/changed.$peer")" "${asked[$peer]}"
done
[ ${#missing[@]} = 0 ] || printf 'not installed, not run: %s\n' "${missing[@]}"

# A pipe on all cores, by the wall: only a quiet machine tells something here.
TIMEFORMAT=%R
# shellcheck disable=SC2002 # the pipe is what is measured
pipe() { cat "$room/log" | "$@" | cat >/dev/null; }
wall() { { time pipe "$@" 2>/dev/null; } 2>&1; }
for _ in $(seq "$rounds"); do
    wall cat >>"$room/wall.cat"
    wall "$logveil" >>"$room/wall.logveil"
done
printf 'cat FILE | logveil | cat: %s of the speed of cat FILE | cat | cat (wall: %s s and %s s)\n' \
    "$(paste "$room/wall.cat" "$room/wall.logveil" | awk '{ print $1 / ($2 > 0 ? $2 : 0.001) }' | spread)" \
    "$(median <"$room/wall.logveil")" "$(median <"$room/wall.cat")"
