import {basename, join} from 'node:path'
import type {Context} from '../base/context.ts'
import {UserError} from '../base/errors.ts'
import {nearestNames} from '../base/nearest.ts'
import {platformName} from '../base/platform.ts'
import {createNetwork} from '../fetch/network.ts'
import {fetchAndUnpack} from '../install/fetch-and-unpack.ts'
import type {Watcher} from '../install/progress.ts'
import type {Definition} from '../model/definition.ts'
import {openSource} from '../source/open.ts'
import type {Artifact, VersionList} from '../source/types.ts'
import {linkExecutables, packageFolder} from '../store/executables.ts'
import {createStaging} from '../store/staging.ts'
import {type ConcreteDefinition, concrete} from '../toolchain/concrete.ts'
import {maxSatisfying} from '../version/match.ts'
import {parseSpec} from '../version/spec.ts'
import {probeProgram} from './probe-program.ts'
import {describeSource} from './toolchains.ts'

/** One thing that was checked of a definition. */
export interface CheckStep {
  step:
    | 'file'
    | 'schema'
    | 'references'
    | 'platforms'
    | 'versions'
    | 'artifact'
    | 'unpack'
    | 'executables'
    | 'probe'
  status: 'ok' | 'failed' | 'skipped'
  /** What was found. */
  message: string
  /** What to do, where something is wrong. */
  hint?: string
  /** Of the file, counted from 1. */
  line?: number
}

/** Told of each step as it ends. */
export type Tell = (step: CheckStep) => void

/**
 * What an install does with the newest version, a step after the other in a temporary folder, until one fails.
 * @throws UserError of the disk; the reason of the context's signal
 */
export async function tryOut(
  context: Context,
  definition: Definition,
  watcher: Watcher,
  tell: Tell,
): Promise<void> {
  const network = createNetwork(context)
  const source = openSource(context, definition, {network, refresh: true})
  const list = await attempt(context, 'versions', tell, () => source.list())
  const version = list && newest(list)
  if (list === undefined) return
  if (version === undefined) {
    const hint = 'check the name that it has there'
    return tell({step: 'versions', status: 'failed', message: 'the source lists no versions', hint})
  }
  const from = definition.sources.map(describeSource).join(', else ')
  tell({
    step: 'versions',
    status: 'ok',
    message: `${list.versions.length} versions from ${from}; the newest is ${version}`,
  })
  const artifact = await attempt(context, 'artifact', tell, () => source.artifact(version))
  if (artifact === undefined) return
  const here = platformName(context.platform)
  tell({step: 'artifact', status: 'ok', message: `${version} for ${here}: ${artifact.url}`})
  const usual = concrete(definition, version, context.platform)
  const own = {...usual, executables: artifact.executables ?? usual.executables}
  using staging = createStaging(context, `check-${definition.name}`)
  const into = join(staging.directory, packageFolder)
  const unpacked = await attempt(context, 'unpack', tell, () =>
    fetchAndUnpack(context, network, artifact, {into, definition: own}, watcher),
  )
  if (unpacked === undefined) return
  tell({
    step: 'unpack',
    status: 'ok',
    message: `${unpacked.size} bytes, ${algorithmOf(artifact)} as promised${signatureInWords(artifact)}; ${unpacked.files.length} files`,
  })
  if (!(await checkExecutables(context, own, staging.directory, unpacked.files, tell))) return
  await checkProbe(context, own, version, staging.directory, tell)
}

function signatureInWords({signature}: Artifact): string {
  if (signature === undefined) return ''
  return 'unsupported' in signature
    ? `, its signature (${signature.unsupported}) not verified`
    : ', its signature (minisign) verified'
}

const algorithmOf = ({integrity}: Artifact) => integrity.split('-')[0]

async function checkExecutables(
  context: Context,
  {name, executables}: ConcreteDefinition,
  directory: string,
  files: readonly string[],
  tell: Tell,
): Promise<boolean> {
  const missing = Object.entries(executables).filter(([, {path}]) => !files.includes(path))
  for (const [executable, {path}] of missing) {
    const near = nearestFiles(path, files)
    tell({
      step: 'executables',
      status: 'failed',
      message: `the archive has no ${path}, where the definition looks for ${executable}`,
      hint: near.length === 0 ? 'mend its path' : `the archive has ${near.join(', ')}`,
    })
  }
  if (missing.length > 0) return false
  const linked = await attempt(context, 'executables', tell, async () =>
    linkExecutables(directory, executables, {what: name, definition: 'the definition'}, context.platform.os),
  )
  if (linked === undefined) return false
  const found = Object.entries(executables).map(([executable, {path}]) => `${executable} (${path})`)
  tell({step: 'executables', status: 'ok', message: found.join(', ')})
  return true
}

/** Files of the same name come first, then those whose name is alike. */
function nearestFiles(path: string, files: readonly string[]): string[] {
  const name = basename(path)
  const same = files.filter(file => basename(file) === name)
  if (same.length > 0) return same.slice(0, 3)
  const near = nearestNames(name, new Set(files.map(file => basename(file))))
  return near.flatMap(one => files.find(file => basename(file) === one) ?? [])
}

async function checkProbe(
  context: Context,
  {probe, executables}: ConcreteDefinition,
  version: string,
  directory: string,
  tell: Tell,
): Promise<void> {
  const executable = probe && executables[probe.executable]
  if (probe === undefined || executable === undefined)
    return tell({step: 'probe', status: 'skipped', message: 'the definition has no probe for this version'})
  const program = join(directory, packageFolder, executable.path)
  const [file, ...before] = executable.runtime === 'node' ? [context.runtime, program] : [program]
  const line = [probe.executable, ...probe.args].join(' ')
  const failed = (message: string, hint: string) => tell({step: 'probe', status: 'failed', message, hint})
  try {
    const {output, failure} = await probeProgram(context, {
      file,
      args: [...before, ...probe.args],
      cwd: directory,
    })
    const said = JSON.stringify(output.trim().slice(0, 200))
    if (failure !== undefined) return failed(`${line}: ${failure}; it said ${said}`, 'mend its arguments')
    const found = new RegExp(probe.regexp, 'mu').exec(output)?.[1]
    if (found === undefined)
      return failed(
        `${line} said ${said}, where ${probe.regexp} finds no version`,
        'mend the regexp: group 1 is the version',
      )
    if (found !== version)
      return failed(
        `${line} says ${found}, and ${version} was installed`,
        'mend the regexp, or the path of the executable',
      )
    tell({step: 'probe', status: 'ok', message: `${line} says ${found}`})
  } catch (error) {
    context.signal.throwIfAborted()
    failed(
      `${line} can't be run: ${error instanceof Error ? error.message : error}`,
      'mend the path of the executable',
    )
  }
}

/** The result of one step, or undefined once its failure is told. */
async function attempt<T>(
  {signal}: Context,
  step: CheckStep['step'],
  tell: Tell,
  work: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await work()
  } catch (error) {
    signal.throwIfAborted()
    if (!(error instanceof UserError)) throw error
    const {message, hint} = error
    tell({step, status: 'failed', message, ...(hint !== undefined && {hint})})
    return undefined
  }
}

function newest({versions, tags}: VersionList): string | undefined {
  const latest = parseSpec('latest')
  return latest.kind === 'problem' ? undefined : maxSatisfying(versions, latest, tags)
}
