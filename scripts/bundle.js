// Bundles the hot verbs into dist/hot.cjs: one file is read instead of fifty.
import {join} from 'node:path'
import {build} from 'esbuild'
import {root} from './root.js'

await build({
  entryPoints: [join(root, 'bin', 'hot.ts')],
  outfile: join(root, 'dist', 'hot.cjs'),
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node22.19',
  // Needed only for definitions that a person wrote; loaded then.
  external: ['zod'],
  logLevel: 'warning',
})
