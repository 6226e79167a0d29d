import {join} from 'node:path'
import {build} from 'esbuild'
import {expect, test} from 'vitest'
import {packageRoot} from '../support/sandbox.ts'

test('the SDK brings along vscode-jsonrpc and what of ours it needs, no schema library', async () => {
  const {metafile} = await build({
    entryPoints: [join(packageRoot, 'src/worker/index.ts')],
    absWorkingDir: packageRoot,
    bundle: true,
    platform: 'node',
    format: 'esm',
    write: false,
    metafile: true,
  })
  const inputs = Object.keys(metafile.inputs)
  const packages = inputs.map(path => /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1])
  expect([...new Set(packages.filter(name => name !== undefined))]).toEqual(['vscode-jsonrpc'])
  const folders = inputs.map(path => /^src\/([^/]+)/.exec(path)?.[1])
  expect([...new Set(folders.filter(name => name !== undefined))].sort()).toEqual([
    'base',
    'ipc',
    'model',
    'worker',
  ])
})
