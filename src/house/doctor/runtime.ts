import {accessSync, constants} from 'node:fs'
import {relative} from 'node:path'
import type {Checked} from './checked.ts'
import {type Finding, fine, problem, warning} from './finding.ts'

/** Which Node runs us, and whether shims can start it. */
export function checkRuntime({context}: Checked): Finding[] {
  const {runtime, packageRoot, layout} = context
  const version = process.versions.node
  if (!isRunnable(runtime)) {
    return [
      problem(
        'runtime',
        `the Node that runs tool is gone: ${runtime}`,
        'Shims start it.',
        'npm install -g toolversion',
      ),
    ]
  }
  if (isBelow(runtime, layout.home)) {
    return [
      warning(
        'runtime',
        `tool runs on a Node that it manages itself: ${runtime}`,
        'When that version is uninstalled, nothing works any more.',
        'npm install -g toolversion --include=optional',
      ),
    ]
  }
  const own = runtime.startsWith(packageRoot) || runtime.includes('/node_modules/node-')
  const whose = own ? "the package's own" : "the machine's; the package's own is not installed"
  return [fine('runtime', `Node ${version} runs tool`, `${runtime} (${whose})`)]
}

function isBelow(path: string, folder: string): boolean {
  const way = relative(folder, path)
  return way !== '' && !way.startsWith('..')
}

function isRunnable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
