import type {Context} from '../base/context.ts'
import {errnoOf} from '../base/errors.ts'
import {readTextIfAny} from '../base/files.ts'
import type {Watcher} from '../install/progress.ts'
import {type Definition, definitionSchema} from '../model/definition.ts'
import {problemsOf} from '../toolchain/check.ts'
import {type Definitions, withAbsolutePaths} from '../toolchain/definitions.ts'
import {lineOfPath} from '../toolchain/json-lines.ts'
import {nameProblems, platformProblems, platformsInWords, referenceProblems} from './definition-problems.ts'
import {type CheckStep, type Tell, tryOut} from './try-definition.ts'

export interface DefinitionReport {
  path: string
  /** Whether nothing failed. */
  ok: boolean
  steps: readonly CheckStep[]
}

export interface CheckOptions {
  /** Told of each step as it ends. */
  onStep?(step: CheckStep): void
  watcher?: Watcher
}

/**
 * Checks a definition as its author wants it: first what can be seen in the file, all of it at once, then by doing what an
 * install does, with the newest version, in a temporary folder. Offline only the first part is done.
 * @throws UserError of the disk, and the reason of the context's signal; what is wrong with the definition is in the report
 */
export async function checkDefinitionFile(
  context: Context,
  definitions: Definitions,
  path: string,
  {onStep, watcher = silent}: CheckOptions = {},
): Promise<DefinitionReport> {
  const steps: CheckStep[] = []
  const tell: Tell = step => {
    steps.push(step)
    onStep?.(step)
  }
  const definition = await checkFile(context, definitions, path, tell)
  if (definition !== undefined) {
    if (context.offline) {
      for (const step of ['versions', 'artifact', 'unpack', 'executables', 'probe'] as const)
        tell({step, status: 'skipped', message: 'the network is switched off'})
    } else await tryOut(context, withAbsolutePaths(definition, path, context), watcher, tell)
  }
  return {path, ok: steps.every(({status}) => status !== 'failed'), steps}
}

const silent: Watcher = {bytes: () => {}, phase: () => {}}

/** @returns the definition, if it can be tried */
async function checkFile(
  context: Context,
  definitions: Definitions,
  path: string,
  tell: Tell,
): Promise<Definition | undefined> {
  const text = readDefinition(path, tell)
  if (text === undefined) return undefined
  let value: unknown
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch (error) {
    const message = `it is not valid JSON: ${(error as SyntaxError).message}`
    const hint = 'mend it: JSON has no comments and no comma after the last item'
    tell({step: 'file', status: 'failed', message, hint})
    return undefined
  }
  const problems = await problemsOf(definitionSchema, value)
  for (const {path: field, message, hint} of problems) {
    const where = field.length === 0 ? '' : `${field.map(String).join('.')}: `
    tell({
      step: 'schema',
      status: 'failed',
      message: `${where}${message}`,
      hint,
      line: lineOfPath(text, field),
    })
  }
  if (problems.length > 0) return undefined
  tell({step: 'schema', status: 'ok', message: 'it fits the schema'})
  const definition = definitionSchema.parse(value)
  const inside = [...nameProblems(definition, definitions, path, context), ...referenceProblems(definition)]
  for (const {field, message, hint} of inside)
    tell({step: 'references', status: 'failed', message, hint, line: lineOfPath(text, field)})
  if (inside.length === 0)
    tell({step: 'references', status: 'ok', message: 'commands and probe name executables'})
  const onPlatforms = platformProblems(definition)
  for (const {field, message, hint} of onPlatforms)
    tell({step: 'platforms', status: 'failed', message, hint, line: lineOfPath(text, field)})
  if (onPlatforms.length === 0) tell({step: 'platforms', status: 'ok', message: platformsInWords(definition)})
  return inside.length + onPlatforms.length === 0 ? definition : undefined
}

function readDefinition(path: string, tell: Tell): string | undefined {
  const failed = (message: string) => {
    tell({step: 'file', status: 'failed', message, hint: 'name the JSON file of a definition'})
    return undefined
  }
  try {
    return readTextIfAny(path) ?? failed(`there is no file ${path}`)
  } catch (error) {
    return failed(`${path} can't be read (${errnoOf(error)})`)
  }
}
