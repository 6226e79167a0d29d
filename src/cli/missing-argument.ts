import type {Command} from '@oclif/core'
import {Exit, UserError} from '../base/errors.ts'

/** What of a command's class its usage is told from. */
type Described = Pick<typeof Command, 'id' | 'args' | 'usage'>

/**
 * The framework's error about missing arguments in our words: which one, and how the command is used. Every other error
 * is handed back as it is.
 */
export function explainMissing(error: unknown, command: Described): unknown {
  const [missing] = missingOf(error)
  if (missing === undefined) return error
  const what = missing.description === undefined ? '' : `: ${missing.description}`
  return new UserError({
    code: 'USAGE',
    message: `the argument ${missing.name.toUpperCase()} is missing${what}`,
    hint: usageOf(command),
    exitCode: Exit.usage,
    cause: error,
  })
}

interface Argument {
  name: string
  description?: string
}

/** The framework does not export the class of this error. */
function missingOf(error: unknown): readonly Argument[] {
  if (!(error instanceof Error && /^Missing \d+ required arg/.test(error.message))) return []
  return 'args' in error && Array.isArray(error.args) ? error.args : []
}

/** One line, such as `tool which COMMAND`. */
function usageOf({id, args, usage}: Described): string {
  const [own] = [usage ?? []].flat()
  if (own !== undefined) return `tool ${own}`
  const words = Object.entries(args).map(([name, {required}]) =>
    required ? name.toUpperCase() : `[${name.toUpperCase()}]`,
  )
  return ['tool', id.replaceAll(':', ' '), ...words].join(' ')
}
