import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import type {Context} from '../../src/base/context.ts'
import type {Definition} from '../../src/model/definition.ts'
import type {IndexSourceDefinition} from '../../src/model/source-definition.ts'
import type {Registry} from './registry.ts'
import {packageRoot, unreachable} from './sandbox.ts'

/** A copy of a published document, in shape and by and large in content. */
const indexFixture = (name: string): string =>
  readFileSync(join(packageRoot, 'fixtures', 'indexes', name), 'utf8')

/** A context that asks a loopback server in the place of those that the built-in definitions name. */
export function withMirrors(context: Context, {url}: Registry): Context {
  const mirrors = {
    'https://nodejs.org/dist': `${url}node`,
    'https://ziglang.org': `${url}zig`,
    'https://go.dev/dl': `${url}go`,
  }
  return {
    ...context,
    env: {...context.env, ...unreachable},
    network: () => ({...context.network(), mirrors}),
  }
}

/** The built-in documents at the addresses that `withMirrors` leads to. */
export function serveIndexes(registry: Registry): void {
  registry.serve('/node/index.json', indexFixture('node.json'))
  registry.serve('/node/v22.21.1/SHASUMS256.txt', indexFixture('SHASUMS256.txt'))
  registry.serve('/zig/download/index.json', indexFixture('zig.json'))
  registry.serve('/go/', indexFixture('go.json'))
}

/** A toolchain `ore` from an index at a server. */
export function indexToolchain(
  {url}: Registry,
  source: Partial<IndexSourceDefinition> = {},
  more: Partial<Definition> = {},
): Definition {
  return {
    name: 'ore',
    title: 'ore',
    homepage: 'https://toolchain.example/',
    sources: [
      {
        kind: 'index',
        url: `${url}index.json`,
        versions: {},
        artifact: {url: {key: 'url'}, digest: {key: 'sha256'}},
        ...source,
      },
    ],
    executables: {ore: {path: 'bin/ore'}},
    ...more,
  }
}
