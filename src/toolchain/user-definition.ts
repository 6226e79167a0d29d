import {readFileSync} from 'node:fs'
import {basename} from 'node:path'
import {Exit, errnoOf, UserError} from '../base/errors.ts'
import type {Definition} from '../model/definition.ts'
import {check, parseJson} from './check.ts'

const code = 'DEFINITION_INVALID'

/** Reads and checks a definition that a person wrote. What is wrong is handed back, since one bad file must not spoil the others. */
export async function checkDefinition(path: string): Promise<Definition | UserError> {
  const read = await readDefinition(path)
  return read instanceof UserError ? read : read.definition
}

/** A definition, and the content of the file that it was read from. */
export interface DefinitionRead {
  definition: Definition
  content: Uint8Array
}

/** The same with the content of the file, for those who judge it. */
export async function readDefinition(path: string): Promise<DefinitionRead | UserError> {
  try {
    const {definitionSchema} = await import('../model/definition.ts')
    const content = readContent(path)
    const value = parseJson(content.toString('utf8'), {path, code})
    const definition = await check(definitionSchema, value, {path, code})
    return definition.name === basename(path, '.json')
      ? {definition, content}
      : misnamed(path, definition.name)
  } catch (error) {
    if (error instanceof UserError) return error
    throw error
  }
}

function readContent(path: string): Buffer {
  try {
    return readFileSync(path)
  } catch (error) {
    throw new UserError({
      code,
      message: `${path} can't be read (${errnoOf(error)})`,
      hint: 'make it a file that you may read, or remove it',
      exitCode: Exit.badPin,
      cause: error,
    })
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
