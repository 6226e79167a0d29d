import {statSync} from 'node:fs'
import {basename, dirname, extname, join, resolve, sep} from 'node:path'
import {ancestors, projectAncestors} from '../base/ancestors.ts'
import type {Context} from '../base/context.ts'
import {UserError} from '../base/errors.ts'
import {isOwn} from '../base/owned-text.ts'
import {realPathIfAny} from '../base/real-path.ts'
import type {Definition} from '../model/definition.ts'
import type {Pin} from '../pin/types.ts'
import {type ConcreteDefinition, concrete} from '../toolchain/concrete.ts'
import {satisfies} from '../version/match.ts'
import type {VersionSpec} from '../version/spec.ts'
import {type PackageDocument, readPackage} from './package-document.ts'
import type {ModulesPackage} from './types.ts'

/**
 * The nearest package in `node_modules` of the project, or of a folder above it, that is a version which a spec asks
 * for. Only for what a project's own file pins, and for toolchains that come from the npm registry.
 */
export function findInNodeModules(
  context: Context,
  definition: Definition,
  pin: Pin,
  spec: VersionSpec,
): ModulesPackage | undefined {
  const start = startingPoint(context, pin)
  if (start === undefined) return undefined
  for (const name of packageNames(context, definition)) {
    for (const above of projectAncestors(start, context)) {
      const directory = join(above, 'node_modules', name)
      const document = readPackage(directory, context)
      if (document === undefined || !satisfies(document.version, spec)) continue
      const found = programsOf(context, definition, name, directory, document)
      if (Object.keys(found.programs).length > 0) return {version: document.version, directory, ...found}
    }
  }
  return undefined
}

/** The folders to be put on PATH for such a package: each has a program under its own name. */
export function binsOfPackage({directory, programs}: ModulesPackage): string[] {
  const bins = Object.entries(programs).map(([name, file]) =>
    basename(file, extname(file)) === name || basename(file) === name
      ? dirname(file)
      : join(modulesOf(directory), '.bin'),
  )
  return [...new Set(bins)]
}

/** Where the person is, if that is inside of what the file speaks of. */
function startingPoint({cwd, layout}: Context, {origin}: Pin): string | undefined {
  if (origin.kind !== 'file' || origin.path === layout.globalPins) return undefined
  const root = dirname(origin.path)
  return isInside(cwd, root) ? cwd : root
}

function packageNames({platform}: Context, definition: Definition): string[] {
  try {
    const {sources} = concrete(definition, undefined, platform)
    return sources.flatMap(source => (source.kind === 'npm' ? source.package : []))
  } catch (error) {
    // It does not exist for this machine, in the versions that have no rule of their own.
    if (error instanceof UserError) return []
    throw error
  }
}

function programsOf(
  context: Context,
  definition: Definition,
  name: string,
  directory: string,
  document: PackageDocument,
): Pick<ModulesPackage, 'programs' | 'scripts'> {
  const own = concreteIfAny(context, definition, document.version)
  if (own === undefined) return {programs: {}, scripts: []}
  const root = artifactFolder(context, own, name, directory, document.version)
  const programs: Record<string, string> = {}
  const scripts: string[] = []
  for (const [executable, {path, runtime}] of Object.entries(own.executables)) {
    const promised = root && programInside(root, path, context)
    // A package whose programs are in others, one a platform, has a script that starts the right one.
    const file = promised ?? programInside(directory, document.bin[executable], context)
    if (file !== undefined) programs[executable] = file
    if (promised !== undefined && runtime === 'node') scripts.push(executable)
  }
  return {programs, scripts}
}

function concreteIfAny(
  {platform}: Context,
  definition: Definition,
  version: string,
): ConcreteDefinition | undefined {
  try {
    return concrete(definition, version, platform)
  } catch (error) {
    if (error instanceof UserError) return undefined
    throw error
  }
}

/** The folder of the package that holds the programs: of this one, or of that for this platform, as Node would find it. */
function artifactFolder(
  context: Context,
  {sources}: ConcreteDefinition,
  name: string,
  directory: string,
  version: string,
): string | undefined {
  const source = sources.find(one => one.kind === 'npm' && one.package === name)
  const artifact = source?.kind === 'npm' ? (source.artifact ?? name) : undefined
  if (artifact === undefined || artifact === name) return artifact && directory
  for (const above of ancestors(realPathIfAny(directory) ?? directory)) {
    if (basename(above) === 'node_modules') continue
    const folder = join(above, 'node_modules', artifact)
    if (readPackage(folder, context)?.version === version) return folder
  }
  return undefined
}

/** A file of a package that is really in it, and the person's own. */
function programInside(directory: string, path: string | undefined, {env}: Context): string | undefined {
  const file = path === undefined ? undefined : realPathIfAny(join(directory, path))
  const real = realPathIfAny(directory)
  if (file === undefined || real === undefined || !isInside(file, real)) return undefined
  const stats = statSync(file, {throwIfNoEntry: false})
  return stats?.isFile() && isOwn(stats.uid, env) ? join(directory, path ?? '') : undefined
}

/** The `node_modules` that a package is in; that of a scope is one folder deeper. */
function modulesOf(directory: string): string {
  const above = dirname(directory)
  return basename(above) === 'node_modules' ? above : dirname(above)
}

function isInside(path: string, directory: string): boolean {
  return path === directory || path.startsWith(resolve(directory) + (resolve(directory) === sep ? '' : sep))
}
