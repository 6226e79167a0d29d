import {join} from 'node:path'
import type {Context} from '../base/context.ts'
import {realPathIfAny} from '../base/real-path.ts'
import {findOnPath} from '../resolve/programs.ts'
import {loginShell, quoteFor, type Shell} from './shell-syntax.ts'

export interface InitAdvice {
  shell: Shell
  /** What to add to the file. */
  line: string
  /** The file that the shell reads at its start, as a person writes it. */
  file: string
}

/** The line that sets up a shell, and the file that it belongs into; by default of the shell that the person logs in to. */
export function initAdvice(context: Context, shell: Shell = loginShell(context.env) ?? 'bash'): InitAdvice {
  const command = `${callOf(context, shell)} init ${shell}`
  return {shell, line: lineFor(shell, command), file: fileFor(shell, context)}
}

function lineFor(shell: Shell, command: string): string {
  switch (shell) {
    case 'bash':
    case 'zsh':
      return `eval "$(${command})"`
    case 'fish':
      return `${command} | source`
    case 'powershell':
      return `${command} | Out-String | Invoke-Expression`
  }
}

function fileFor(shell: Shell, {env}: Context): string {
  switch (shell) {
    case 'bash':
      return '~/.bashrc'
    case 'zsh':
      return env.ZDOTDIR ? join(env.ZDOTDIR, '.zshrc') : '~/.zshrc'
    case 'fish':
      return env.XDG_CONFIG_HOME
        ? join(env.XDG_CONFIG_HOME, 'fish', 'config.fish')
        : '~/.config/fish/config.fish'
    case 'powershell':
      return '$PROFILE'
  }
}

/** `tool` where PATH has it, else its absolute paths. */
function callOf(context: Context, shell: Shell): string {
  const script = join(context.packageRoot, 'bin', 'tool.cjs')
  const found = findOnPath('tool', context)
  if (found !== undefined && (process.platform === 'win32' || realPathIfAny(found) === realPathIfAny(script)))
    return 'tool'
  const words = [context.runtime, script].map(word => quoteFor(shell, word)).join(' ')
  return shell === 'powershell' ? `& ${words}` : words
}
