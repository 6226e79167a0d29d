import {withDetails} from '../../house/version-details.ts'
import {
  installedOf,
  versions as list,
  namesOfVersions,
  type ToolchainVersions,
  type VersionsOptions,
} from '../../house/versions.ts'
import {defaultToolchain} from '../../pin/default-toolchain.ts'
import {loadDefinitions} from '../../toolchain/definitions.ts'
import {chosenToolchain} from '../chosen-toolchain.ts'
import {renderBytes} from '../render/bytes.ts'
import {renderVersions} from '../render/versions.ts'
import type {Call, Shown} from '../verb.ts'

/** `tool versions` */
export async function versions(call: Call): Promise<Shown> {
  const {context, flags} = call
  const definitions = await loadDefinitions(context)
  const toolchain = chosenToolchain(call, definitions)
  const options: VersionsOptions = {toolchain, skipAliases: flags['skip-aliases'] === true}
  if (flags.bare && !flags.json) {
    const names = namesOfVersions(context, toolchain ?? defaultToolchain(context).name, options)
    return {text: names.join('\n')}
  }
  const found = list(context, definitions, options)
  if (flags.json) return {result: found.flatMap(one => details(call, one))}
  if (found.every(one => one.versions.length === 0 && one.system === undefined))
    context.log.info('nothing is installed')
  const sizes = flags.sizes ? found.flatMap(one => sizesOf(call, one)) : undefined
  return {text: renderVersions(found, context, {single: toolchain !== undefined, sizes})}
}

function details({context}: Call, one: ToolchainVersions): object[] {
  return withDetails(context, installedOf(context, one)).map(({version, directory, size, origin}) => ({
    toolchain: one.toolchain,
    version,
    directory,
    current: one.current.get(version) ?? null,
    size,
    origin,
  }))
}

function sizesOf({context}: Call, one: ToolchainVersions): string[] {
  return withDetails(context, installedOf(context, one)).map(({size}) => renderBytes(size))
}
