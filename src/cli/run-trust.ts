import {statSync} from 'node:fs'
import {resolve} from 'node:path'
import type {Context} from '../base/context.ts'
import {Exit, UserError} from '../base/errors.ts'
import {shortPath} from '../base/origin.ts'
import {type ActingFile, actingFiles, revokeTrust, trustFiles} from '../house/trust.ts'
import {findProject} from '../pin/project.ts'
import {loadDefinitions} from '../toolchain/definitions.ts'
import {renderActing} from './render/trust.ts'
import type {Shown} from './verb.ts'

export interface TrustCommand {
  /** The folder of a project, or one below it; by default the working directory. */
  directory: string | undefined
  show: boolean
  revoke: boolean
}

/**
 * `tool trust`, `tool trust --show`, `tool trust --revoke`.
 * @throws UserError DIRECTORY_NOT_FOUND, and those of `actingFiles`, `trustFiles` and `revokeTrust`
 */
export async function runTrust(context: Context, {directory, show, revoke}: TrustCommand): Promise<Shown> {
  const there = directory === undefined ? context : {...context, cwd: folder(directory, context)}
  if (revoke) return revoked(there, context)
  const files = await actingFiles(there, await loadDefinitions(there))
  if (show) return shown(files, 'nothing here needs to be trusted', context)
  await trustFiles(context, files)
  const trusted = files.map((file): ActingFile => ({...file, state: 'trusted'}))
  return shown(trusted, 'nothing here needs to be trusted', context)
}

async function revoked(there: Context, context: Context): Promise<Shown> {
  const root = findProject(there, await loadDefinitions(there))?.root ?? there.cwd
  const paths = await revokeTrust(context, root)
  const lines = paths.map(path => `${shortPath(path, context.cwd)} is not trusted any more`)
  return {text: lines.length > 0 ? lines.join('\n') : 'nothing here was trusted', result: {revoked: paths}}
}

function shown(files: readonly ActingFile[], nothing: string, context: Context): Shown {
  return {text: files.length > 0 ? renderActing(files, context) : nothing, result: {files}}
}

function folder(text: string, {cwd}: Context): string {
  const path = resolve(cwd, text)
  if (statSync(path, {throwIfNoEntry: false})?.isDirectory()) return path
  throw new UserError({
    code: 'DIRECTORY_NOT_FOUND',
    message: `there is no folder ${path} (set by the command line)`,
    hint: 'name the folder of a project, or go there and leave it out',
    exitCode: Exit.usage,
  })
}
