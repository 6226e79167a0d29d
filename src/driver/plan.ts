import {existsSync} from 'node:fs'
import type {Environment} from '../base/context.ts'
import type {BuildDefinition, ServeDefinition, WatchDefinition} from '../model/definition.ts'
import {bracketed} from '../model/listening.ts'
import type {ServeSettings} from '../model/project-config.ts'
import type {WorkerMode} from '../model/protocol.ts'
import {defaultPolicy} from '../supervisor/policy.ts'
import type {WorkerSpec} from '../supervisor/types.ts'
import type {TrustState} from '../toolchain/trust.ts'
import {bridgeScript} from './bridge.ts'
import {compilerEnvironment} from './environment.ts'
import {keptEnvironment} from './kept-environment.ts'
import {checkRequirements, missingInput} from './requirements.ts'
import {streamInterpreter} from './stream.ts'
import type {Target} from './target.ts'
import {checkTrust} from './trust.ts'
import {workerId} from './worker-id.ts'

export interface BuildPlan {
  target: Target
  /** The project root, in which it runs. */
  root: string
  /** The person's, after those of definition and tool.json. */
  args: readonly string[]
  env: Environment
  /** Whether what it prints will be seen on a terminal that has colours. */
  color: boolean
  /** Whether the `environment` of tool.json may act. */
  trust: TrustState
}

/** How a compiler is kept at work. */
export interface WatchPlan {
  spec: WorkerSpec
  /**
   * `own`: it watches by itself. `rerun`: its worker is on demand, each process a run. `compile`: it lives on, and is
   * asked to compile.
   */
  kind: 'own' | 'rerun' | 'compile'
}

export interface ServePlan extends BuildPlan {
  target: Target<ServeSettings>
  /** From the command line; without one tool.json decides, then 127.0.0.1. */
  host?: string | undefined
  /** From the command line; without one tool.json decides, then 0, which means any. */
  port?: number | undefined
}

/** Ms between the polite request to stop and the end. */
const grace = 5000
/** Ms in which a worker of the protocol says `initialize`. */
const connectTimeout = 30_000
/** Ms after the last build until a compiler that is kept ends, so that it does not hold memory for nothing. */
const keptFor = 10 * 60_000
/** Ms in which a server listens, unless tool.json says otherwise. */
const listenTimeout = 30_000

/**
 * How one toolchain is run to build the project.
 * @throws UserError BUILD_NEEDS_ARGUMENTS, BUILD_INPUT_MISSING, PROJECT_NOT_TRUSTED, and what `target.program` throws
 */
export function planBuild(plan: BuildPlan): WorkerSpec {
  const {definition} = plan.target
  if (definition.build === undefined) throw new Error(`${definition.name} has no build`)
  const spec = planWorker(plan, 'build', definition.build, {host: '127.0.0.1', port: 0})
  return {
    ...spec,
    readiness: spec.ipc ? {by: 'protocol', timeout: connectTimeout} : {by: 'spawn'},
    restart: {...defaultPolicy, restart: 'temporary'},
  }
}

/** A compiler that is kept running, and what it is to be asked. */
export interface WarmPlan {
  spec: WorkerSpec
  /** Of each compile. */
  arguments: readonly string[]
}

/**
 * How one toolchain that was planned to be run is kept running instead, to be asked again; undefined where its driver can't.
 * @param packageRoot where our bridges are
 */
export function planWarm(plan: BuildPlan, cold: WorkerSpec, packageRoot: string): WarmPlan | undefined {
  const {definition, settings} = plan.target
  const env = keptEnvironment(cold.env)
  if (cold.ipc) {
    // Those of the command line are of one build alone.
    const ipc = {...cold.ipc, arguments: [...(settings?.args ?? [])]}
    return {spec: {...cold, env, ipc, idleTimeout: keptFor}, arguments: cold.ipc.arguments}
  }
  const {build, warm} = definition
  if (build === undefined || warm === undefined) return undefined
  const [executable = '', ...words] = build.command
  const {file, args} = plan.target.program(executable)
  const [script] = args
  const bridge = bridgeScript(packageRoot, warm.bridge)
  // What is no script run by Node has no API that could be loaded.
  if (script === undefined || args.length > 1 || !existsSync(bridge)) return undefined
  const own = ownArguments(plan)
  const {interpreter: _, ...rest} = cold
  const server = {host: '127.0.0.1', port: 0}
  return {
    spec: {
      ...rest,
      file,
      args: [bridge, definition.name, script],
      env,
      ipc: {root: plan.root, mode: 'build', arguments: [], server},
      readiness: {by: 'protocol', timeout: connectTimeout},
      idleTimeout: keptFor,
    },
    arguments: [...words, ...own],
  }
}

/**
 * How one toolchain is kept at work: by its own watch mode, or by its build, which is run anew after changes.
 * @throws UserError WATCH_NEEDS_ARGUMENTS, WATCH_INPUT_MISSING, PROJECT_NOT_TRUSTED, and what `target.program` throws
 */
export function planWatch(plan: BuildPlan): WatchPlan {
  const {definition} = plan.target
  const command = definition.watch ?? definition.build
  if (command === undefined) throw new Error(`${definition.name} has neither a watch mode nor a build`)
  const spec = planWorker(plan, 'watch', command, {host: '127.0.0.1', port: 0})
  const transient = {...defaultPolicy, restart: 'transient'} as const
  if (command.driver === 'protocol') {
    const readiness = {by: 'protocol', timeout: connectTimeout} as const
    return {kind: 'compile', spec: {...spec, readiness, restart: transient}}
  }
  const isOwn = definition.watch !== undefined
  const about = {
    toolchain: definition.name,
    mode: 'watch',
    command,
    args: ownArguments(plan),
    root: plan.root,
  } as const
  const missing = () => missingInput(about)?.message
  return isOwn
    ? {kind: 'own', spec: {...spec, readiness: {by: 'task'}, restart: transient, missing}}
    : {
        kind: 'rerun',
        spec: {...spec, readiness: {by: 'spawn'}, restart: {...defaultPolicy, restart: 'on-demand'}},
      }
}

/**
 * How one toolchain is run as a server.
 * @throws UserError SERVE_NEEDS_ARGUMENTS, SERVE_INPUT_MISSING, PROJECT_NOT_TRUSTED, and what `target.program` throws
 */
export function planServe(plan: ServePlan): WorkerSpec {
  const {definition, settings} = plan.target
  if (definition.serve === undefined) throw new Error(`${definition.name} has no server`)
  const readyTimeout = settings?.readyTimeout
  return {
    ...planWorker(plan, 'serve', definition.serve, requestedAddress(plan)),
    readiness: {
      by: 'server',
      timeout: readyTimeout === undefined ? listenTimeout : readyTimeout * 1000,
      // Of one that has no words for it, or has new ones, the system tells where it listens.
      sockets: definition.serve.driver === 'stream' && (definition.serve.ready === undefined || 'late'),
    },
    restart: {...defaultPolicy, restart: 'transient'},
  }
}

/** What a server is asked to bind: port 0 means any. */
export function requestedAddress({host, port, target}: Pick<ServePlan, 'host' | 'port' | 'target'>): Address {
  const {settings} = target
  return {host: host ?? settings?.host ?? '127.0.0.1', port: port ?? settings?.port ?? 0}
}

export interface Address {
  host: string
  port: number
}

/** What a person wants it to be given: what tool.json says, then what was typed. */
function ownArguments({target: {settings}, args}: Pick<BuildPlan, 'target' | 'args'>): string[] {
  return [...(settings?.args ?? []), ...args]
}

type PlannedWorker = Omit<WorkerSpec, 'readiness' | 'restart'>

function planWorker(
  plan: BuildPlan,
  mode: WorkerMode,
  command: BuildDefinition | WatchDefinition | ServeDefinition,
  address: Address,
): PlannedWorker {
  const {target, root, env, color} = plan
  const {definition, version, settings} = target
  const toolchain = definition.name
  const own = ownArguments(plan)
  checkTrust({...plan, mode})
  checkRequirements({toolchain, mode, command, args: own, root})
  const [executable = '', ...words] = command.command
  const program = target.program(executable)
  const fixed = [...program.args, ...words.map(word => fill(word, address))]
  const common = {
    id: workerId({mode, toolchain, version}),
    label: toolchain,
    file: program.file,
    cwd: root,
    env: compilerEnvironment({
      env,
      binDirectories: program.binDirectories,
      color,
      additions: [definition.environment, settings?.environment],
    }),
    grace,
    reinstall: `tool install --force ${toolchain}@${version}`,
  }
  switch (command.driver) {
    case 'protocol':
      return {...common, args: fixed, stdin: 'none', ipc: {root, mode, arguments: own, server: address}}
    case 'stream':
      return {
        ...common,
        args: [...fixed, ...own],
        // esbuild and others take the end of their input for the end of the terminal, and stop.
        stdin: mode === 'serve' || isOwnWatch(command) ? 'open' : 'none',
        interpreter: streamInterpreter(command, {mode, root, toolchain, version, host: address.host}),
      }
  }
}

function isOwnWatch(command: BuildDefinition | WatchDefinition): boolean {
  return 'ends' in command
}

function fill(word: string, {host, port}: Address): string {
  return word
    .replaceAll(/\{host\}(?=:)/g, bracketed(host))
    .replaceAll('{host}', host)
    .replaceAll('{port}', String(port))
}
