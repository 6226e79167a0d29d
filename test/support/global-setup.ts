import {spawnSync} from 'node:child_process'
import {join} from 'node:path'
import {packageRoot} from './sandbox.ts'

/** Tests that drive the built command need dist/ as new as the sources, also when the runner was started by hand. */
export default function setup(): void {
  const {status} = spawnSync(process.execPath, [join('scripts', 'build-if-stale.js')], {
    cwd: packageRoot,
    stdio: 'inherit',
  })
  if (status !== 0) throw new Error('the build failed')
}
