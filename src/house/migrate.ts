import {join} from 'node:path'
import type {Context} from '../base/context.ts'
import {Exit, UserError} from '../base/errors.ts'
import {setPin} from '../pin/edit.ts'
import {ownPinFileName} from '../pin/readers.ts'
import type {PinFile} from '../pin/types.ts'
import type {Definitions} from '../toolchain/definitions.ts'
import {foreignPinsIn, migrationFolder} from './foreign-files.ts'
import {type MigrationPlan, planMigration} from './migration-plan.ts'
import {editPinFile, openPinFile} from './pin-file.ts'

export interface MigrateOptions {
  /** What our pin file says already is replaced, where another file says something else. */
  force: boolean
  /** Nothing is written. */
  dryRun: boolean
}

export interface Migration extends MigrationPlan {
  /** The pin file of ours. */
  path: string
  /** Whether it was changed, or, in a dry run, would be. */
  changed: boolean
}

/**
 * Has the project's pin file say what those of other version managers in its folder say; theirs are left as they are.
 * @throws UserError NOTHING_TO_MIGRATE, PIN_*, PERMISSION_DENIED, READ_ONLY, DISK_FULL
 */
export async function migrate(
  context: Context,
  definitions: Definitions,
  {force, dryRun}: MigrateOptions,
): Promise<Migration> {
  const folder = migrationFolder(context, definitions)
  const found = foreignPinsIn(folder, context, definitions)
  if (found.length === 0) throw nothingToMigrate(folder)
  const path = join(folder, ownPinFileName(context))
  const planFor = (before: PinFile) => planMigration(found, before, {force, cwd: context.cwd})
  if (dryRun) return migrationOf(path, planFor(openPinFile(context, definitions, path)))
  let plan: MigrationPlan = {taken: [], left: []}
  await editPinFile(context, definitions, path, before => {
    plan = planFor(before)
    const changes = changesOf(plan)
    if (changes.length === 0) return undefined
    return changes.reduce((file, {toolchain, specs}) => setPin(file, toolchain, specs), before)
  })
  return migrationOf(path, plan)
}

function migrationOf(path: string, plan: MigrationPlan): Migration {
  return {path, changed: changesOf(plan).length > 0, ...plan}
}

function changesOf({taken}: MigrationPlan): MigrationPlan['taken'] {
  return taken.filter(({state}) => state !== 'present')
}

function nothingToMigrate(folder: string): UserError {
  return new UserError({
    code: 'NOTHING_TO_MIGRATE',
    message: `no file of another version manager pins anything in ${folder}`,
    hint: 'it reads mise.toml, .tool-versions, .nvmrc, .node-version and the devEngines of package.json; to pin a version yourself: tool local typescript@latest',
    exitCode: Exit.badPin,
  })
}
