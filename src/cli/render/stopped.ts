import type {Context} from '../../base/context.ts'
import type {StoppedWorker} from '../../session/stop.ts'
import {shortPath} from './short-path.ts'

/** A line for each worker that is gone; of one that was no server also what it was there for. */
export function renderStopped(stopped: readonly StoppedWorker[], context: Pick<Context, 'userHome'>): string {
  const line = ({toolchain, version, mode, root}: StoppedWorker) =>
    `${[toolchain, version, mode && mode !== 'serve' && `(${mode})`].filter(Boolean).join(' ')}  stopped in ${shortPath(root, context)}\n`
  return stopped.map(line).join('')
}
