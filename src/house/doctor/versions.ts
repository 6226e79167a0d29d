import {existsSync} from 'node:fs'
import {join} from 'node:path'
import type {Context} from '../../base/context.ts'
import {UserError} from '../../base/errors.ts'
import {quoteWord} from '../../base/quote-word.ts'
import {foreignPlatform} from '../../install/platform.ts'
import {isComplete} from '../../store/executables.ts'
import {findInstalled, findPlace, installedToolchains, namesIn} from '../../store/installed.ts'
import {checkStoreSchema} from '../../store/schema.ts'
import {abandonedStaging} from '../../store/staging.ts'
import type {Installed} from '../../store/types.ts'
import type {Checked} from './checked.ts'
import {type Finding, fine, problem, warning} from './finding.ts'

/** Versions that are there in part, and what dead processes left. */
export function checkVersions(checked: Checked): Finding[] {
  const {context} = checked
  const places = installedToolchains(context).flatMap(toolchain =>
    namesIn(context, context.layout.toolchain(toolchain)).map(version => [toolchain, version] as const),
  )
  const broken = places.flatMap(([toolchain, version]) => checkVersion(checked, toolchain, version) ?? [])
  const found = [...layoutProblem(context), ...broken, ...leftovers(context)]
  return found.length > 0 ? found : [fine('versions', `installed versions that are whole: ${places.length}`)]
}

/** A store that nothing can be installed into. */
function layoutProblem(context: Context): Finding[] {
  try {
    checkStoreSchema(context)
    return []
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return [problem('versions', error.message, 'Nothing can be installed or removed.', error.hint ?? '')]
  }
}

/** The platform of a version that this machine has no use for. */
function foreignHere({context, definitions}: Checked, installed: Installed): string | undefined {
  const {toolchain} = installed
  if (!definitions?.names().includes(toolchain)) return undefined
  try {
    return foreignPlatform(context, definitions.get(toolchain, {kind: 'default'}), installed)
  } catch (error) {
    // What is wrong with its definition is another finding.
    if (error instanceof UserError) return undefined
    throw error
  }
}

function checkVersion(checked: Checked, toolchain: string, version: string): Finding | undefined {
  const {context} = checked
  const place = findPlace(context, toolchain, version)
  if (place === undefined) return undefined
  const name = `${toolchain}@${version}`
  const installed = findInstalled(context, toolchain, version)
  if (installed === undefined) {
    const why = existsSync(place.directory) ? 'has no folder bin' : 'is a link that leads nowhere'
    const detail = 'It counts as not installed.'
    return problem('versions', `${place.directory} ${why}`, detail, `tool uninstall ${quoteWord(name)}`)
  }
  const foreign = foreignHere(checked, installed)
  if (foreign !== undefined) {
    return problem(
      'versions',
      `${place.directory} is for ${foreign}, and can't run here`,
      'Another machine uses this home, or it was installed with --platform.',
      `tool install --force ${quoteWord(name)}`,
    )
  }
  if (isComplete(installed)) return undefined
  return problem(
    'versions',
    `${place.directory} lacks programs that were installed`,
    `${join(place.directory, 'receipt.json')} names them.`,
    `tool install --force ${quoteWord(name)}`,
  )
}

function leftovers(context: Context): Finding[] {
  const staged = abandonedStaging(context)
  if (staged.length === 0) return []
  const many = staged.length === 1 ? 'an install that was' : `${staged.length} installs that were`
  return [
    warning(
      'versions',
      `${context.layout.staging} has what is left of ${many} cut off`,
      'It takes room and is of no use.',
      'tool prune',
    ),
  ]
}
