import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import type {Context} from '../base/context.ts'
import {assignmentCode, quoteFor, type Shell} from './shell-syntax.ts'

/**
 * Code for a shell that is to be evaluated at its start: the shims first on PATH, the function `tool` that lets
 * `tool shell` act on the shell itself, completion. It can be evaluated any number of times.
 */
export function initScript(context: Context, shell: Shell): string {
  const {layout, userHome} = context
  const ending = endings[shell]
  const isUsual = layout.home === join(userHome, '.tool')
  return [
    // Who starts a shell with a home of its own means that home in the whole shell.
    isUsual ? '' : assignmentCode(shell, [{name: 'TOOL_HOME', value: layout.home}]),
    filled(context, shell, `init.${ending}`),
    completionScript(context, shell),
  ].join('\n')
}

/** Code that completes the words of `tool`, without anything else. */
export function completionScript(context: Context, shell: Shell): string {
  const completion = shell === 'powershell' ? 'complete.ps1' : `complete.${shell}`
  return [`run.${endings[shell]}`, completion].map(name => filled(context, shell, name)).join('\n')
}

const endings: Readonly<Record<Shell, string>> = {bash: 'sh', zsh: 'sh', fish: 'fish', powershell: 'ps1'}

function filled({layout, runtime, packageRoot}: Context, shell: Shell, name: string): string {
  const values: Record<string, string> = {
    shell,
    shims: quoteFor(shell, layout.shims),
    runtime: quoteFor(shell, runtime),
    script: quoteFor(shell, join(packageRoot, 'bin', 'tool.cjs')),
  }
  const text = readFileSync(join(packageRoot, 'shell', name), 'utf8')
  return text.replaceAll(/@([a-z]+)@/g, (word, key: string) => values[key] ?? word)
}
