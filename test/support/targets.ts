import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {currentPlatform} from '../../src/base/platform.ts'
import type {Program, Target, TargetDefinition} from '../../src/driver/target.ts'
import {definitionSchema} from '../../src/model/definition.ts'
import type {BuildSettings, ServeSettings} from '../../src/model/project-config.ts'
import {concrete} from '../../src/toolchain/concrete.ts'
import {esbuildProgram, fixtureProgram, tsc7Program} from './compilers.ts'
import {packageRoot} from './sandbox.ts'

/** A resolved toolchain with one executable. */
export function target<Settings extends BuildSettings>(
  definition: TargetDefinition,
  program: Program,
  settings?: Settings,
): Target<Settings> {
  const version = '1.2.3'
  return {definition, version, origin: {kind: 'default'}, program: () => program, settings}
}

const pattern = '^(?<file>[^:]+):(?<line>\\d+):(?<column>\\d+): (?<severity>\\w+): (?<message>.*)$'

/** `fixtures/programs/driver-script.ts` as a toolchain: it does what its arguments say. */
export function scripted(name: string, args: string[], settings: BuildSettings = {}) {
  const build = {driver: 'stream' as const, command: [name], diagnostics: {pattern}}
  return target({name, build}, fixtureProgram('driver-script.ts'), {...settings, args})
}

/** `fixtures/programs/driver-watcher.ts` as a toolchain that watches by itself. */
export function watcher(name: string, args: string[], settings: BuildSettings = {}) {
  const watch = {
    driver: 'stream' as const,
    command: [name, '--watch'],
    diagnostics: {pattern},
    begins: '^begin$',
    ends: '^end$',
  }
  return target({name, watch}, fixtureProgram('driver-watcher.ts'), {...settings, args})
}

/** `fixtures/programs/driver-watcher.ts` as a toolchain that only builds. */
export function rebuilt(name: string, args: string[], settings: BuildSettings = {}) {
  const build = {driver: 'stream' as const, command: [name], diagnostics: {pattern}}
  return target({name, build}, fixtureProgram('driver-watcher.ts'), {...settings, args})
}

/** `fixtures/programs/driver-protocol.ts` as a toolchain. */
export function speaking(name: string, args: string[], settings: BuildSettings = {}) {
  const build = {driver: 'protocol' as const, command: [name]}
  return target({name, build}, fixtureProgram('driver-protocol.ts'), {...settings, args})
}

/** `fixtures/programs/driver-server.ts` as a toolchain. */
export function printing(name: string, settings: ServeSettings = {}): Target<ServeSettings> {
  const command = [name, '--host={host}', '--port={port}']
  const ready = '^ready on (?<url>\\S+)'
  const diagnostics = {pattern: '^cannot listen: (?<message>.*)$'}
  const serve = {driver: 'stream' as const, command, ready, diagnostics}
  return target({name, serve}, fixtureProgram('driver-server.ts'), settings)
}

/** `fixtures/programs/driver-protocol.ts` as a toolchain with a server. */
export function speakingServer(name: string, settings: ServeSettings = {}): Target<ServeSettings> {
  const serve = {driver: 'protocol' as const, command: [name]}
  return target({name, serve}, fixtureProgram('driver-protocol.ts'), settings)
}

/** A definition that this package ships, for one version on this machine. */
export function shipped(name: string, version: string): TargetDefinition {
  const text = readFileSync(join(packageRoot, 'toolchains', `${name}.json`), 'utf8')
  return concrete(definitionSchema.parse(JSON.parse(text)), version, currentPlatform())
}

export function typescript<Settings extends BuildSettings>(settings?: Settings): Target<Settings> {
  return {...target(shipped('typescript', '7.0.2'), tsc7Program, settings), version: '7.0.2'}
}

export function esbuild<Settings extends BuildSettings>(settings?: Settings): Target<Settings> {
  return {...target(shipped('esbuild', '0.28.2'), esbuildProgram, settings), version: '0.28.2'}
}
