import type {Environment} from '../base/context.ts'
import {Exit, UserError} from '../base/errors.ts'
import {readOwnedText} from '../base/owned-text.ts'
import {parseJson} from './check.ts'

/** A JSON file of settings, parsed, not yet checked. */
export interface SettingsFile {
  text: string
  value: unknown
  /** The line, counted from 1, on which a field of the file's object begins; 1 where it has none. */
  lineOf(field: string): number
}

/**
 * Reads a person's JSON file, if it is there, without the schema library: what is called all day needs a field or two.
 * @throws UserError of the given code: not readable, another user's, no JSON
 */
export function readSettingsFile(path: string, env: Environment, code: string): SettingsFile | undefined {
  const text = readText(path, env, code)
  if (text === undefined) return undefined
  return {
    text,
    value: parseJson(text, {path, code}),
    lineOf: field => text.slice(0, Math.max(0, text.indexOf(JSON.stringify(field)))).split('\n').length,
  }
}

function readText(path: string, env: Environment, code: string): string | undefined {
  const read = readOwnedText(path, env)
  if (read === undefined || 'text' in read) return read?.text
  const what = {
    unreadable: "can't be read",
    'not-a-file': 'is no file',
    'not-yours': 'belongs to another user',
    'too-large': 'is too large',
    binary: 'is not UTF-8 text',
  }[read.problem]
  throw new UserError({
    code,
    message: `${path} ${what}`,
    hint: 'replace it by a readable JSON file of your own, or remove it',
    exitCode: Exit.badPin,
  })
}
