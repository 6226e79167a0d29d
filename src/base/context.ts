import {statSync} from 'node:fs'
import {isAbsolute, join, resolve} from 'node:path'
import {Exit, UserError} from './errors.ts'
import {type Layout, layoutOf} from './layout.ts'
import type {Logger} from './log.ts'
import type {NetworkSettings} from './network-settings.ts'
import {currentPlatform, type Platform} from './platform.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/** What the outside world gives to every function below the command line. */
export interface Context {
  /** The working directory, as the person sees it: `$PWD` where that is the same directory. */
  cwd: string
  env: Environment
  /** The person's home directory. */
  userHome: string
  layout: Layout
  platform: Platform
  /** The root of this package: its definitions, its own runtime. */
  packageRoot: string
  /** The Node that runs this program, and is to run it again: absolute, never a shim. */
  runtime: string
  /** Nothing is fetched: `--offline`, or `TOOL_OFFLINE`. npm's own `offline` is known to the network alone. */
  offline: boolean
  /** Nothing but what a lock file names is installed or run: `--frozen`, or `TOOL_FROZEN`. */
  frozen: boolean
  /** The user's settings of the network, read where they count. @throws UserError CONFIG_INVALID */
  network(): NetworkSettings
  log: Logger
  /** Aborted when the person gives up (Ctrl-C). */
  signal: AbortSignal
}

export interface ContextOptions {
  cwd: string
  env: Environment
  packageRoot: string
  /** By default the Node of this process. */
  runtime?: string | undefined
  offline?: boolean | undefined
  frozen?: boolean | undefined
  network?: NetworkSettings | undefined
  log: Logger
  /** Without one, nothing is ever given up. */
  signal?: AbortSignal | undefined
}

/**
 * Builds the context from what the process was given.
 * @throws UserError HOME_NOT_ABSOLUTE if `TOOL_HOME` is set to a relative path
 */
export function createContext({
  cwd,
  env,
  packageRoot,
  runtime,
  offline,
  frozen,
  network = {},
  log,
  signal,
}: ContextOptions): Context {
  const userHome = env.HOME || env.USERPROFILE || accountsHome()
  const home = env.TOOL_HOME || join(userHome, '.tool')
  if (!isAbsolute(home)) {
    throw new UserError({
      code: 'HOME_NOT_ABSOLUTE',
      message: `TOOL_HOME is ${JSON.stringify(home)}, which is not an absolute path`,
      hint: `export TOOL_HOME=${home.startsWith('~') ? `"$HOME${home.slice(1)}"` : JSON.stringify(resolve(cwd, home))}`,
      exitCode: Exit.usage,
    })
  }
  return {
    cwd: withUpperDrive(logicalDirectory(cwd, env.PWD)),
    env,
    userHome,
    layout: layoutOf(resolve(home)),
    platform: currentPlatform(),
    packageRoot,
    runtime: runtime ?? process.execPath,
    offline: offline ?? isOn(env.TOOL_OFFLINE),
    frozen: frozen ?? isOn(env.TOOL_FROZEN),
    network: () => network,
    log,
    get signal() {
      // Node loads what makes signals only when it is asked for.
      signal ??= new AbortController().signal
      return signal
    },
  }
}

/** The home that the system's list of users has. */
function accountsHome(): string {
  // Loaded here, since hardly anybody has no HOME.
  const {homedir, userInfo} = process.getBuiltinModule('node:os')
  // With HOME set to nothing, homedir() is nothing too.
  return homedir() || userInfo().homedir
}

/** Whether a variable that switches something on does so: set to anything but nothing, `0` or `false`. */
function isOn(value: string | undefined): boolean {
  return value !== undefined && !['', '0', 'false'].includes(value)
}

/** Windows takes a drive in either case, and programs such as editors differ in it; one folder must have one name. */
function withUpperDrive(path: string): string {
  return process.platform === 'win32' ? path.replace(/^[a-z]:/, drive => drive.toUpperCase()) : path
}

/** `$PWD` keeps the names of symbolic links that a person went through; it counts only while it is the same directory. */
function logicalDirectory(cwd: string, pwd: string | undefined): string {
  if (!pwd || !isAbsolute(pwd) || pwd === cwd) return cwd
  const named = resolve(pwd)
  try {
    const [logical, physical] = [statSync(named), statSync(cwd)]
    return logical.dev === physical.dev && logical.ino === physical.ino ? named : cwd
  } catch {
    return cwd
  }
}
