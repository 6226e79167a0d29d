#!/usr/bin/env bash
# Records docs/terminal.png: tool build finds an error, tool serve prints its port. Needs tmux, aha and chromium.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
socket=$work/tmux
trap 'tmux -S "$socket" kill-server 2>/dev/null || true; rm -rf "$work"' EXIT

export HOME=$work/home
mkdir -p "$HOME/bin"
printf '#!/bin/sh\nexec %q %q "$@"\n' "$PWD/node_modules/.bin/node" "$PWD/bin/tool.cjs" >"$HOME/bin/tool"
chmod +x "$HOME/bin/tool"
cp -r fixtures/sites/broken "$HOME/broken"
cp -r fixtures/sites/hello "$HOME/hello"
PATH=$HOME/bin:$PATH tool install -C "$HOME/hello" >/dev/null

tmux -S "$socket" -f /dev/null new-session -d -x 108 -y 34 "cd $HOME && PS1='\[\e[1;32m\]\w\[\e[0m\]$ ' PATH=$HOME/bin:\$PATH bash --norc --noprofile"
say() { tmux -S "$socket" send-keys "$1" Enter; }
screen() { tmux -S "$socket" capture-pane -p; }
wait_for() { # a pattern, and in how many lines of the screen it must be
  for _ in $(seq 300); do
    [ "$(screen | grep -c "$1")" -ge "${2:-1}" ] && return
    sleep 0.1
  done
  screen >&2
  exit 1
}
wait_for '[$] *$'
say 'cd ~/broken && clear'
wait_for 'broken[$] *$'
say 'tool build'
wait_for 'errors,'
wait_for 'broken[$]' 2
say 'cd ~/hello'
wait_for 'hello[$] *$'
say 'tool serve'
wait_for 'http://127'
tmux -S "$socket" capture-pane -e -p | sed -e :a -e '/^\n*$/{$d;N;ba' -e '}' >"$work/screen"

aha --black --no-header <"$work/screen" >"$work/body"
lines=$(wc -l <"$work/screen")
printf '<!doctype html><meta charset="utf-8"><style>body{margin:0;background:#16181d;color:#e6e6e6}pre{margin:16px;font:14px/1.35 "DejaVu Sans Mono",monospace}</style><pre>%s</pre>' "$(cat "$work/body")" >"$work/screen.html"
chromium --headless --no-sandbox --disable-gpu --hide-scrollbars --disable-background-networking --no-first-run \
  --user-data-dir="$work/chromium" --force-device-scale-factor=1.5 --window-size="950,$((lines * 19 + 40))" \
  --screenshot="$PWD/docs/terminal.png" "file://$work/screen.html" 2>/dev/null
