import {basename} from 'node:path'
import type {Environment} from '../base/context.ts'
import {Exit, UserError} from '../base/errors.ts'
import {type OwnedTextProblem, readOwnedText} from '../base/owned-text.ts'
import type {Definition} from '../model/definition.ts'
import {check, parseJson} from './check.ts'

const code = 'DEFINITION_INVALID'
/** Far more than the overrides of any toolchain take. */
const maxBytes = 1024 * 1024

/** Reads and checks a definition that a person wrote. What is wrong is handed back, since one bad file must not spoil the others. */
export async function checkDefinition(path: string, env: Environment): Promise<Definition | UserError> {
  const read = await readDefinition(path, env)
  return read instanceof UserError ? read : read.definition
}

/** A definition, and the text of the file that it was read from. */
export interface DefinitionRead {
  definition: Definition
  text: string
}

/** The same with the text of the file, for those who judge it. */
export async function readDefinition(path: string, env: Environment): Promise<DefinitionRead | UserError> {
  try {
    const text = readText(path, env)
    return {definition: await parseDefinition(text, path), text}
  } catch (error) {
    if (error instanceof UserError) return error
    throw error
  }
}

/** As `checkDefinition`, for a text that was read already. */
export async function checkDefinitionText(text: string, path: string): Promise<Definition | UserError> {
  try {
    return await parseDefinition(text, path)
  } catch (error) {
    if (error instanceof UserError) return error
    throw error
  }
}

async function parseDefinition(text: string, path: string): Promise<Definition> {
  const {definitionSchema} = await import('../model/definition.ts')
  const definition = await check(definitionSchema, parseJson(text, {path, code}), {path, code})
  if (definition.name !== basename(path, '.json')) throw misnamed(path, definition.name)
  return definition
}

/** What a definition chooses is run, so another user's is none. */
function readText(path: string, env: Environment): string {
  const read = readOwnedText(path, env, maxBytes)
  if (read !== undefined && 'text' in read) return read.text
  throw new UserError({
    code,
    message: `${path} ${read === undefined ? 'is gone' : wordsOf(read)}`,
    hint: 'make it a file of your own that you may read, or remove it',
    exitCode: Exit.badPin,
  })
}

function wordsOf(read: OwnedTextProblem): string {
  switch (read.problem) {
    case 'unreadable':
      return `can't be read (${read.errno})`
    case 'not-a-file':
      return `can't be read: it is ${read.what}`
    case 'not-yours':
      return `belongs to another user (uid ${read.uid})`
    case 'too-large':
      return `is too large (${read.bytes} bytes)`
    case 'binary':
      return 'is not UTF-8 text'
  }
}

function misnamed(path: string, name: string): UserError {
  return new UserError({
    code,
    message: `${path}: name: is ${JSON.stringify(name)}, which is not the name of the file`,
    hint: `name the file ${name}.json`,
    exitCode: Exit.badPin,
  })
}
