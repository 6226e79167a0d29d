import {readFileSync} from 'node:fs'
import {basename} from 'node:path'
import {Exit, errnoOf, UserError} from '../base/errors.ts'
import type {Definition} from '../model/definition.ts'
import {check, parseJson} from './check.ts'

const code = 'DEFINITION_INVALID'

/** Reads and checks a definition that a person wrote. What is wrong is handed back, since one bad file must not spoil the others. */
export async function checkDefinition(path: string): Promise<Definition | UserError> {
  try {
    const {definitionSchema} = await import('../model/definition.ts')
    const definition = await check(definitionSchema, parseJson(readText(path), {path, code}), {path, code})
    return definition.name === basename(path, '.json') ? definition : misnamed(path, definition.name)
  } catch (error) {
    if (error instanceof UserError) return error
    throw error
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
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
