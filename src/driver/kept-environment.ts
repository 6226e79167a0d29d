/**
 * The environment of a compiler that is kept for later builds: without what changes from one terminal or call to the
 * next and says nothing to a compiler. What is left has to be the same for the next build to have it.
 */
export function keptEnvironment(env: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !passing.test(name)))
}

/** Names of what is of a shell, a terminal, a login, a script of npm, or of the supervisor above. */
const passing = new RegExp(
  `^(?:${[
    '_',
    'SHLVL',
    'PWD',
    'OLDPWD',
    'INIT_CWD',
    'COLUMNS',
    'LINES',
    'WINDOWID',
    'WINDOW',
    'STY',
    'GPG_TTY',
    'COLORTERM',
    'VTE_VERSION',
    'TERM.*',
    'TMUX.*',
    'SSH_.*',
    'XDG_SESSION_.*',
    'KONSOLE_.*',
    'ITERM_.*',
    'KITTY_.*',
    'ALACRITTY_.*',
    'WEZTERM_.*',
    'WT_.*',
    'VSCODE_.*',
    'npm_(?:command|lifecycle_.*)',
    'TOOL_(?:IPC|WORKER_ID|WORKER_TOKEN|SUPERVISORS|LOG)',
  ].join('|')})$`,
)
