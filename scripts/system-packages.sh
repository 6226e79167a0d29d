#!/usr/bin/env bash
# The programs of the system that tests drive; installs what is missing where that is possible (Debian, as root).
set -euo pipefail
declare -A package_of=(
  [tmux]=tmux [strace]=strace [curl]=curl [xz]=xz-utils [unshare]=util-linux [setpriv]=util-linux [chromium]=chromium
  [dash]=dash [bash]=bash [zsh]=zsh [busybox]=busybox [ksh]=ksh [mksh]=mksh [fish]=fish [shellcheck]=shellcheck
  [wine]=wine [hyperfine]=hyperfine [python3]=python3 [jq]=jq [socat]=socat [cc]=build-essential [rustc]=rustc
)
missing=()
for program in "${!package_of[@]}"; do
  command -v "$program" >/dev/null || missing+=("${package_of[$program]}")
done
((${#missing[@]})) || exit 0
if ! command -v apt-get >/dev/null || [ "$(id -u)" != 0 ]; then
  printf 'missing programs: %s\n' "${missing[*]}" >&2
  exit 1
fi
apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
