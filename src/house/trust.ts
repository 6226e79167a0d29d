import {dirname, join, sep} from 'node:path'
import {ancestors} from '../base/ancestors.ts'
import type {Context} from '../base/context.ts'
import {Exit, errnoOf, UserError} from '../base/errors.ts'
import {makeDirectory, writeFileAtomic} from '../base/files.ts'
import {realPathIfAny} from '../base/real-path.ts'
import type {Definition} from '../model/definition.ts'
import {findProject} from '../pin/project.ts'
import {pinFilesIn} from '../pin/readers.ts'
import type {Pin} from '../pin/types.ts'
import {acquireLock} from '../process/lock.ts'
import {storeError} from '../store/errors.ts'
import type {Definitions} from '../toolchain/definitions.ts'
import {readProjectConfigFile} from '../toolchain/project-config.ts'
import {projectDefinitionFiles} from '../toolchain/project-definitions.ts'
import {
  contentDigest,
  digestOf,
  type TrustedFiles,
  type TrustState,
  trustedFiles,
  trustOf,
} from '../toolchain/trust.ts'
import {readDefinition} from '../toolchain/user-definition.ts'
import {describeSource} from './toolchains.ts'

/** A file of a project of which something acts only if the person trusts it. */
export interface ActingFile {
  path: string
  state: TrustState
  /** What would act, a line each. */
  acts: readonly string[]
  /** Of the content that says so: the file may be another by the time that the person has read this. */
  digest: string
}

/**
 * Every file that needs trust where the person is: `environment` in `tool.json`, `path:` pins, definitions of the project
 * and of those around it.
 * @throws UserError PIN_*, PROJECT_CONFIG_INVALID, DEFINITION_INVALID: what can't be read can't be judged; TRUST_FILE_CHANGED
 */
export async function actingFiles(context: Context, definitions: Definitions): Promise<ActingFile[]> {
  const root = findProject(context, definitions)?.root
  const found = [
    ...(root === undefined ? [] : await settingsOf(root, context)),
    ...pathPins(context, definitions),
    ...(await definedToolchains(context)),
  ]
  return found
    .filter(({acts}) => acts.length > 0)
    .map(({path, acts, digest}) => ({path, acts, digest, state: trustOf(context, path, () => digest)}))
}

/**
 * Trusts files as they were shown; if one is not so any more, none.
 * @throws UserError TRUST_FILE_GONE, TRUST_FILE_CHANGED, those of the disk
 */
export async function trustFiles(
  context: Context,
  files: readonly Pick<ActingFile, 'path' | 'digest'>[],
): Promise<void> {
  const entries = files.map(({path, digest}) => {
    const now = contentDigest(path)
    if (now === undefined) throw gone(path)
    if (now !== digest) throw changed(path)
    return [realPathIfAny(path) ?? path, digest] as const
  })
  await change(context, trusted => ({...trusted, ...Object.fromEntries(entries)}))
}

/**
 * Takes the trust back from everything in a project's folder.
 * @returns the files that were trusted, by their real paths
 * @throws those of the disk
 */
export async function revokeTrust(context: Context, root: string): Promise<string[]> {
  const real = realPathIfAny(root) ?? root
  const below = real.endsWith(sep) ? real : real + sep
  const revoked = Object.keys(trustedFiles(context)).filter(path => path.startsWith(below))
  if (revoked.length > 0) {
    const those = new Set(revoked)
    await change(context, files =>
      Object.fromEntries(Object.entries(files).filter(([path]) => !those.has(path))),
    )
  }
  return revoked
}

interface Found {
  path: string
  acts: string[]
  digest: string
}

async function settingsOf(root: string, {env}: Context): Promise<Found[]> {
  const file = await readProjectConfigFile(root, env)
  if (file === undefined) return []
  const {path, text, config} = file
  const acts = (['build', 'watch', 'serve'] as const).flatMap(mode =>
    Object.entries(config[mode] ?? {}).flatMap(([toolchain, {environment = {}}]) =>
      Object.entries(environment).map(
        ([name, value]) => `sets ${name}=${JSON.stringify(value)} for ${mode} with ${toolchain}`,
      ),
    ),
  )
  return [{path, acts, digest: digestOf(text)}]
}

function pathPins(context: Context, definitions: Definitions): Found[] {
  const found = new Map<string, Found>()
  for (const directory of ancestors(context.cwd)) {
    for (const {path, text, pins} of pinFilesIn(directory, context, definitions)) {
      const acts = pins.flatMap(pathActs)
      if (acts.length === 0) continue
      const digest = digestOf(text)
      const earlier = found.get(path)
      if (earlier !== undefined && earlier.digest !== digest) throw changed(path)
      found.set(path, {path, acts: [...(earlier?.acts ?? []), ...acts], digest})
    }
  }
  return [...found.values()]
}

function pathActs({toolchain, specs, origin}: Pin): string[] {
  if (origin.kind !== 'file') return []
  return specs.flatMap(spec =>
    spec.kind === 'path'
      ? [`line ${origin.line}: runs ${toolchain} from ${join(dirname(origin.path), spec.directory, 'bin')}`]
      : [],
  )
}

async function definedToolchains(context: Context): Promise<Found[]> {
  return Promise.all(
    projectDefinitionFiles(context).map(async ({path}) => {
      const read = await readDefinition(path, context.env)
      if (read instanceof UserError) throw read
      return {path, acts: describe(read.definition), digest: digestOf(read.text)}
    }),
  )
}

function describe({name, sources, executables}: Definition): string[] {
  const from = sources.map(describeSource)
  return [
    `defines ${name}: installs ${from.join(', else ')}, and runs ${Object.keys(executables).join(', ')}`,
  ]
}

async function change(context: Context, edit: (files: TrustedFiles) => TrustedFiles): Promise<void> {
  const {layout, signal} = context
  try {
    makeDirectory(layout.locks)
    await using _lock = await acquireLock(layout.lock('trust'), {signal})
    const files = Object.entries(edit(trustedFiles(context))).filter(
      ([path]) => contentDigest(path) !== undefined,
    )
    const text = JSON.stringify({schema: 1, files: Object.fromEntries(files.sort())}, undefined, 2)
    writeFileAtomic(layout.trust, `${text}\n`, 0o600)
  } catch (error) {
    throw errnoOf(error) === undefined ? error : storeError(error, layout)
  }
}

function gone(path: string): UserError {
  return new UserError({
    code: 'TRUST_FILE_GONE',
    message: `${path} can't be read any more`,
    hint: 'try again',
    exitCode: Exit.notInstalled,
  })
}

function changed(path: string): UserError {
  return new UserError({
    code: 'TRUST_FILE_CHANGED',
    message: `${path} changed after it was read to be shown, so nothing was trusted`,
    hint: 'look at what would act now: tool trust --show; if you trust it: tool trust',
    exitCode: Exit.badPin,
  })
}
