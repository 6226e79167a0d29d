import {spawnSync} from 'node:child_process'
import {existsSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {root} from './root.js'

/** Runs `npm ci` unless node_modules holds exactly what the lock file names for this platform. */
export function installIfStale() {
  if (isInstalled(root)) return
  console.error('installing dependencies (npm ci) …')
  const npm = process.env.npm_execpath
  const [command, args] = npm ? [process.execPath, [npm, 'ci']] : ['npm', ['ci']]
  const {status, error} = spawnSync(command, [...args, '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: !npm && process.platform === 'win32',
  })
  if (error) throw error
  if (status !== 0) process.exit(status ?? 1)
}

/** Whether node_modules of a folder holds what its lock file names; what is optional may be for another platform. */
export function isInstalled(folder) {
  const wanted = readPackages(join(folder, 'package-lock.json'))
  const present = readPackages(join(folder, 'node_modules', '.package-lock.json'))
  if (!wanted || !present) return false
  return Object.entries(wanted).every(([path, {version, integrity, optional}]) => {
    if (path === '') return true
    const found = present[path]
    if (!found) return Boolean(optional)
    return (
      found.version === version &&
      found.integrity === integrity &&
      existsSync(join(folder, path, 'package.json'))
    )
  })
}

function readPackages(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages
  } catch {
    return undefined
  }
}
