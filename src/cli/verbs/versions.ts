import {withDetails} from '../../house/version-details.ts'
import {
  installedVersions,
  versions as list,
  type VersionList,
  type VersionsOptions,
} from '../../house/versions.ts'
import {defaultToolchain} from '../../pin/default-toolchain.ts'
import {loadDefinitions} from '../../toolchain/definitions.ts'
import {chosenToolchain} from '../chosen-toolchain.ts'
import {renderVersions} from '../render/versions.ts'
import type {Call, Shown} from '../verb.ts'

/** `tool versions` */
export async function versions(call: Call): Promise<Shown> {
  const {context, flags} = call
  const definitions = await loadDefinitions(context)
  const toolchain = chosenToolchain(call, definitions)
  const options: VersionsOptions = {toolchain, skipAliases: flags['skip-aliases'] === true}
  if (flags.bare && !flags.json) {
    const own = {...options, toolchain: toolchain ?? defaultToolchain(context).name}
    return {text: lines(installedVersions(context, own).map(({version}) => version))}
  }
  const found = list(context, definitions, options)
  if (flags.json) return {result: details(call, found)}
  if (found.versions.length + found.system.length === 0) context.log.info('nothing is installed')
  const sizes = flags.sizes ? withDetails(context, found.versions).map(({size}) => size) : undefined
  return {text: renderVersions(found, context, {single: toolchain !== undefined, sizes})}
}

const lines = (words: readonly string[]) => words.map(word => `${word}\n`).join('')

function details({context}: Call, {versions: all}: VersionList): object[] {
  return withDetails(context, all).map(({toolchain, version, directory, current, size, origin}) => ({
    toolchain,
    version,
    directory,
    current,
    size,
    origin,
  }))
}
