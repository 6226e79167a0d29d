import {mkdirSync, readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {currentPlatform} from '../../src/base/platform.ts'
import {createNetwork, type NetworkOptions} from '../../src/fetch/network.ts'
import type {Definition} from '../../src/model/definition.ts'
import {type Definitions, loadDefinitions} from '../../src/toolchain/definitions.ts'
import {type Registry, startRegistry} from './registry.ts'
import {type Sandbox, sandbox} from './sandbox.ts'
import {impatient, npmToolchain} from './toolchain.ts'

const {os, arch} = currentPlatform()

/** A person's machine with a registry and two more toolchains: `ore`, one package for all, and `gem`, a package a platform. */
export interface Ores extends AsyncDisposable {
  registry: Registry
  box: Sandbox
  definitions: Definitions
  /** What every function that asks a registry takes. */
  network: {network: ReturnType<typeof createNetwork>; durable: false}
  /** Offers versions of `ore`. */
  publish(...versions: string[]): void
  /** Offers versions of `gem`, for this machine and two others. */
  publishGem(...versions: string[]): void
  /** The text of a file of the project. */
  read(path: string): string
}

/** The platforms that `gem` may have: this one, and others that no test runs on. */
export const gemPlatforms = [`${os}-${arch}`, 'plan9-x64', 'haiku-x64', 'amiga-m68k']

const gem = npmToolchain('gem', {
  sources: [{kind: 'npm', package: 'gem', artifact: '@gems/{os}-{arch}'}],
  platforms: Object.fromEntries(gemPlatforms.map(name => [name, {}])),
})

export async function ores(
  more: Partial<Definition> = {},
  env: Record<string, string> = {},
  options: NetworkOptions = {},
): Promise<Ores> {
  const registry = await startRegistry()
  const box = sandbox({...registry.env, ...env})
  const folder = box.context.layout.definitions
  mkdirSync(folder, {recursive: true})
  for (const definition of [npmToolchain('ore', more), gem])
    writeFileSync(join(folder, `${definition.name}.json`), JSON.stringify(definition))
  const program = (name: string, version: string) => `#!/bin/sh\necho "${name} ${version} $*"\n`
  return {
    registry,
    box,
    definitions: await loadDefinitions(box.context),
    network: {network: createNetwork(box.context, {...impatient, ...options}), durable: false},
    publish(...versions) {
      for (const version of versions) registry.publish('ore', version, {'bin/ore': program('ore', version)})
    },
    publishGem(...versions) {
      for (const version of versions) {
        registry.publish('gem', version, {})
        for (const name of gemPlatforms.slice(0, 3))
          registry.publish(`@gems/${name}`, version, {'bin/gem': program('gem', `${version} ${name}`)})
      }
    },
    read: path => readFileSync(join(box.project, path), 'utf8'),
    async [Symbol.asyncDispose]() {
      await registry[Symbol.asyncDispose]()
      await box[Symbol.asyncDispose]()
    },
  }
}
