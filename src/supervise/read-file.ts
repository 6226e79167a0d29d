import {extname} from 'node:path'
import {parse, TomlError} from 'smol-toml'
import type {Environment} from '../base/context.ts'
import {Exit, UserError} from '../base/errors.ts'
import {type OwnedTextProblem, readOwnedText} from '../base/owned-text.ts'
import {type SuperviseFile, superviseFileSchema} from '../model/supervise-file.ts'
import {type Problem, parseJson, problemsOf} from '../toolchain/check.ts'
import {lineOfPath} from '../toolchain/json-lines.ts'
import {TwoSpellings, withKebabKeys} from './kebab-keys.ts'
import {lineInToml} from './toml-lines.ts'

/** A checked file of `tool supervise`, and where each of its fields stands. */
export interface SuperviseFileRead {
  file: SuperviseFile
  /** The path with the line of a field, for errors about it. */
  at(path: readonly PropertyKey[]): string
}

const code = 'SUPERVISE_FILE_INVALID'
/** More than a thousand tasks take. */
const maxBytes = 512 * 1024

/**
 * Reads the file of `tool supervise`: TOML or JSON, by its ending, else by how it begins.
 * @throws UserError SUPERVISE_FILE_MISSING, SUPERVISE_FILE_INVALID with the line
 */
export async function readSuperviseFile(path: string, env: Environment): Promise<SuperviseFileRead> {
  const text = readText(path, env)
  const isJson = extname(path) === '.json' || (extname(path) !== '.toml' && /^\s*\{/.test(text))
  const parsed = isJson ? parseJson(text, {path, code}) : parseToml(text, path)
  const lineOf = (field: readonly PropertyKey[]) =>
    isJson ? lineOfPath(text, field) : lineInToml(text, field)
  const at = (field: readonly PropertyKey[]) => {
    const line = field.length === 0 ? undefined : lineOf(field)
    return line === undefined ? path : `${path}:${line}`
  }
  const value = kebab(parsed, at)
  const problems = await problemsOf(superviseFileSchema, value)
  // What is missing may be there under a name that is not quite right.
  const [first, ...others] = problems.toSorted((a, b) => Number(isMisspelt(b)) - Number(isMisspelt(a)))
  if (first === undefined) return {file: superviseFileSchema.parse(value), at}
  const more = others.length === 0 ? '' : `, and ${others.length} more`
  throw invalid(`${[at(first.path), ...fieldOf(first.path), first.message].join(': ')}${more}`, first.hint)
}

/** What is wrong with the file. */
export function invalid(message: string, hint: string): UserError {
  return new UserError({code, message, hint, exitCode: Exit.badPin})
}

function isMisspelt({hint}: Problem): boolean {
  return hint.startsWith('did you mean')
}

function readText(path: string, env: Environment): string {
  const read = readOwnedText(path, env, maxBytes)
  if (read === undefined) {
    throw new UserError({
      code: 'SUPERVISE_FILE_MISSING',
      message: `there is no ${path}`,
      hint: 'write one with a [[task]] for each program, below it command = "…"',
      exitCode: Exit.usage,
    })
  }
  if ('problem' in read) throw invalid(`${path} ${wordsOf(read)}`, 'name a TOML or JSON file of your own')
  if (read.text.trim() === '')
    throw invalid(`${path} is empty`, 'give it a task: [[task]], below it command = "…"')
  return read.text.replace(/^\uFEFF/, '')
}

function wordsOf(problem: OwnedTextProblem): string {
  switch (problem.problem) {
    case 'unreadable':
      return `can't be read (${problem.errno})`
    case 'not-a-file':
      return `is ${problem.what}`
    case 'not-yours':
      return 'belongs to another user, and what it says would be run'
    case 'too-large':
      return `is too large: ${problem.bytes} bytes, where ${maxBytes} are plenty`
    case 'binary':
      return 'is not UTF-8 text'
  }
}

function parseToml(text: string, path: string): unknown {
  try {
    return parse(text)
  } catch (error) {
    if (!(error instanceof TomlError)) throw error
    const [what = ''] = error.message.replace(/^Invalid TOML document: /, '').split('\n')
    throw invalid(`${path}:${error.line}: is not valid TOML: ${what}`, 'mend this line')
  }
}

function kebab(parsed: unknown, at: SuperviseFileRead['at']): unknown {
  try {
    return withKebabKeys(parsed)
  } catch (error) {
    if (!(error instanceof TwoSpellings)) throw error
    throw invalid(`${[at(error.path), ...fieldOf(error.path), error.message].join(': ')}`, 'mend this field')
  }
}

/** A field as people call it: `task 2: ready.timeout`, counted from 1; none of the whole file. */
export function fieldOf([first, index, ...rest]: readonly PropertyKey[]): string[] {
  if (first === undefined) return []
  if (first !== 'task' || typeof index !== 'number')
    return [[first, ...(index === undefined ? [] : [index]), ...rest].map(String).join('.')]
  return [`task ${index + 1}`, ...(rest.length > 0 ? [rest.map(String).join('.')] : [])]
}
