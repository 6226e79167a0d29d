import {readdirSync} from 'node:fs'
import {join} from 'node:path'
import type {Context} from '../../src/base/context.ts'
import type {NetworkOptions} from '../../src/fetch/network.ts'
import type {InstallRequest} from '../../src/install/install.ts'
import type {Definition} from '../../src/model/definition.ts'

/** A toolchain of one npm package with one program, `bin/<name>`. */
export function npmToolchain(name: string, more: Partial<Definition> = {}): Definition {
  return {
    name,
    title: name,
    homepage: 'https://toolchain.example/',
    sources: [{kind: 'npm', package: name}],
    executables: {[name]: {path: `bin/${name}`}},
    ...more,
  }
}

/** The request to install a version that the command line named. */
export function request(definition: Definition, version: string): InstallRequest {
  return {definition, version, origin: {kind: 'argument', text: `${definition.name}@${version}`}}
}

/** A network that gives up soon: three retries at once, half a second of silence. */
export const impatient: NetworkOptions = {retryDelays: [1, 1, 1], timeouts: {idle: 500}}

/** Every path below a home but the cache of indexes; what a failed install must leave as it was. */
export function storeListing({layout}: Context): string[] {
  return listing(layout.home)
    .filter(path => !path.startsWith('cache/'))
    .filter(path => !['cache', 'staging', 'locks', 'versions'].includes(path))
}

function listing(directory: string, below = ''): string[] {
  return readdirSync(directory, {withFileTypes: true}).flatMap(entry => {
    const path = join(below, entry.name)
    return entry.isDirectory() ? [path, ...listing(join(directory, entry.name), path)] : [path]
  })
}
