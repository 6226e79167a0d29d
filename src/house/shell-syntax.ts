import {basename} from 'node:path'
import type {Environment} from '../base/context.ts'
import {Exit, UserError} from '../base/errors.ts'

/** The shells that we write code for. */
export const shells = ['bash', 'zsh', 'fish', 'powershell'] as const
export type Shell = (typeof shells)[number]

/** A variable of the environment, and what it becomes; null: it goes. */
export interface Assignment {
  name: string
  value: string | null
}

/** A text as one word of a shell. */
export function quoteFor(shell: Shell, text: string): string {
  switch (shell) {
    case 'bash':
    case 'zsh':
      return `'${text.replaceAll("'", "'\\''")}'`
    case 'fish':
      return `'${text.replaceAll(/[\\']/g, '\\$&')}'`
    case 'powershell':
      // It takes typographic quotes for plain ones.
      return `'${text.replaceAll(/['\u2018-\u201b]/g, '$&$&')}'`
  }
}

/** Code that changes the environment of a running shell, one line each. */
export function assignmentCode(shell: Shell, assignments: readonly Assignment[]): string {
  return assignments.map(one => `${assign(shell, one)}\n`).join('')
}

function assign(shell: Shell, {name, value}: Assignment): string {
  const word = value === null ? undefined : quoteFor(shell, value)
  switch (shell) {
    case 'bash':
    case 'zsh':
      return word === undefined ? `unset ${name}` : `export ${name}=${word}`
    case 'fish':
      return word === undefined ? `set -e ${name}` : `set -gx ${name} ${word}`
    case 'powershell':
      return word === undefined
        ? `Remove-Item Env:${name} -ErrorAction SilentlyContinue`
        : `$env:${name} = ${word}`
  }
}

/**
 * The shell that a word names: `bash`, also `/bin/bash`, `-bash` and `pwsh`.
 * @throws UserError SHELL_UNKNOWN
 */
export function shellNamed(word: string): Shell {
  const found = shellOf(word)
  if (found !== undefined) return found
  throw new UserError({
    code: 'SHELL_UNKNOWN',
    message: `${JSON.stringify(word)} is no shell that tool knows (set by the command line)`,
    hint: `name one of ${shells.join(', ')}; in any other, put the folder of the shims first on PATH: it is $(tool root)/shims`,
    exitCode: Exit.usage,
  })
}

/** The shell that a person logs in to, as far as the environment tells. */
export function loginShell({SHELL, PSModulePath}: Environment): Shell | undefined {
  return SHELL ? shellOf(SHELL) : PSModulePath ? 'powershell' : undefined
}

function shellOf(word: string): Shell | undefined {
  const name = basename(word.replaceAll('\\', '/'))
    .replace(/^-/, '')
    .replace(/\.exe$/i, '')
  return shells.find(shell => shell === (name === 'pwsh' ? 'powershell' : name))
}
