import {basename} from 'node:path'
import {childPath} from './child-path.ts'
import {realPathIfAny} from './real-path.ts'

/** Every path below `$TOOL_HOME`; no other module spells one. */
export interface Layout {
  home: string
  /** The file with the global pins. */
  globalPins: string
  /** The user's settings. */
  config: string
  trust: string
  projects: string
  /** Which advice was given already. */
  hints: string
  /** How the store is laid out. */
  store: string
  versions: string
  links: string
  shims: string
  /** The user's own definitions, `*.json`. */
  definitions: string
  cache: string
  staging: string
  locks: string
  /** Of supervisors: a folder for each project. */
  runs: string
  toolchain(name: string): string
  version(toolchain: string, version: string): string
  bin(toolchain: string, version: string): string
  receipt(toolchain: string, version: string): string
  lock(name: string): string
  /** The folder of one project's supervisor: control socket, record, logs. */
  run(projectRoot: string): string
}

/** The layout of a home: `$TOOL_HOME`, by default `~/.tool`; its path is absolute and in normal form. */
export function layoutOf(home: string): Layout {
  const at = (...names: string[]) => names.reduce(childPath, home)
  return {
    home,
    globalPins: at('version'),
    config: at('config.json'),
    trust: at('trust.json'),
    projects: at('projects.json'),
    hints: at('hints.json'),
    store: at('store.json'),
    versions: at('versions'),
    links: at('links'),
    shims: at('shims'),
    definitions: at('toolchains'),
    cache: at('cache'),
    staging: at('staging'),
    locks: at('locks'),
    runs: at('run'),
    toolchain: name => at('versions', name),
    version: (toolchain, version) => at('versions', toolchain, version),
    bin: (toolchain, version) => at('versions', toolchain, version, 'bin'),
    receipt: (toolchain, version) => at('versions', toolchain, version, 'receipt.json'),
    lock: name => at('locks', `${name}.lock`),
    run: projectRoot => at('run', projectId(projectRoot)),
  }
}

/** Base name plus 16 hex digits of the SHA-256 of the root's real path. */
export function projectId(projectRoot: string): string {
  // One that was removed while it ran still has what it had; of names that differ in case alone the system tells the right one.
  const root = realPathIfAny(projectRoot) ?? projectRoot
  // Loaded here, since commands that are called all day need no digest, and the module is slow to load.
  const {createHash} = process.getBuiltinModule('node:crypto')
  // Part of other names, which the file system limits to 255 bytes.
  const name =
    basename(root)
      .replace(/[^A-Za-z0-9._-]/g, '_')
      .slice(0, 48) || 'root'
  return `${name}-${createHash('sha256').update(root).digest('hex').slice(0, 16)}`
}
