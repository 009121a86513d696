#!/usr/bin/env bash
# Does the checkout install and play on a bare Debian? Run as root:
#
#     scripts/check_bare_machine.sh [SUITE]     # trixie, unless another is named
#
# A fresh Debian with nothing but make, Python and certificates is made in a folder of its own; there a
# plain user runs `make play`, a quick part of `make test` and `make play` again, then `pip install .`
# without make. Everything is mounted in a namespace of its own, which ends with this script: nothing
# stays mounted, and nothing outside of the folder can be deleted.
set -euo pipefail

checkout=$(cd "$(dirname "$0")/.." && pwd)
suite=${1:-trixie}
user=player
home=/home/$user

main() {
  [ "$(id -u)" = 0 ] || skip "it needs root"
  for tool in debootstrap unshare chroot git tar; do
    command -v $tool >/dev/null || skip "$tool is missing (apt install debootstrap util-linux git)"
  done
  unshare --mount --pid --fork true 2>/dev/null || skip "this machine lends no namespace of its own"
  root=$(mktemp -d --tmpdir bare-machine.XXXXXX)
  # Outside of the namespace nothing was ever mounted there.
  trap 'rm -rf --one-file-system "$root"' EXIT
  unshare --mount --propagation private --pid --fork --kill-child "$0" --inside "$root" "$suite"
  echo "bare-machine check: passed on $suite in $SECONDS s"
}

skip() {
  echo "bare-machine check: SKIPPED, $1"
  exit 0
}

inside() {
  root=$1
  mirror=$(apt-get indextargets --format '$(SITE)' "Created-By: Packages" 2>/dev/null | grep '/debian$' | head -n 1 || true)
  debootstrap --variant=minbase --include=make,python3,python3-venv,ca-certificates \
    "$suite" "$root" ${mirror:+"$mirror"} >"$root.log" 2>&1 || { tail -n 20 "$root.log"; exit 1; }
  rm "$root.log"
  chmod 755 "$root" # mktemp's 700 would keep the plain user out of it
  mount -t proc proc "$root/proc"
  mkdir -p "$root/dev/shm"
  mount -t tmpfs tmpfs "$root/dev/shm"
  # How this machine reaches the package index.
  cp -L /etc/resolv.conf /etc/hosts "$root/etc/"
  cp -L /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/ca-certificates.crt"
  chroot "$root" useradd --create-home $user
  mkdir "$root$home/game"
  (cd "$checkout" && git ls-files -z --cached --others --exclude-standard |
    tar --create --null --files-from - --ignore-failed-read) | tar --extract -C "$root$home/game"
  chroot "$root" chown -R $user: $home

  echo "== $(chroot "$root" python3 --version), make play"
  round
  echo "== doctor"
  as_user .venv/bin/emotion-game doctor || true
  clean
  echo "== make test, a quick part"
  as_user make test TESTS="tests/game tests/tools/test_doctor.py tests/screens/test_words.py \
    tests/test_settings.py tests/clips/test_players.py tests/vision/test_classifier.py tests/vision/test_camera.py"
  echo "== make play again"
  round
  echo "== pip install . without make"
  as_user sh -c 'python3 -m venv ../own && ../own/bin/pip install --quiet --disable-pip-version-check . &&
    cd .. && own/bin/emotion-game --offscreen --camera demo --mode happy --level 1'
  clean
}

# One round, as there is no screen; fails unless it was decided.
round() {
  as_user make play
  clean
  grep -q -E '^(won|lost) after' "$root/tmp/said" || { echo "no round was decided" >&2; exit 1; }
}

as_user() {
  chroot --userspec=$user "$root" env --ignore-environment --chdir=$home/game \
    HOME=$home PATH=/usr/local/bin:/usr/bin:/bin LANG=C.UTF-8 CI="${CI:-}" \
    PIP_CERT=/etc/ssl/certs/ca-certificates.crt "$@" 2>&1 | tee "$root/tmp/said"
}

# A player reads our lines alone: no traceback, no library's own noise.
clean() {
  if grep -n -E 'Traceback|^INFO: |ALSA lib|XNNPACK|libEGL|^\[[0-9a-f]{8}' "$root/tmp/said"; then
    echo "the terminal shows more than our own lines" >&2
    exit 1
  fi
}

if [ "${1:-}" = --inside ]; then
  suite=$3
  inside "$2"
else
  main
fi
