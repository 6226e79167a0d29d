import type {Context} from '../../base/context.ts'
import type {StoppedWorker} from '../../session/stop.ts'
import {shortPath} from './short-path.ts'

/** A line for each worker that is gone. */
export function renderStopped(stopped: readonly StoppedWorker[], context: Pick<Context, 'userHome'>): string {
  const line = ({toolchain, version, root}: StoppedWorker) =>
    `${[toolchain, version].filter(Boolean).join(' ')}  stopped in ${shortPath(root, context)}\n`
  return stopped.map(line).join('')
}
