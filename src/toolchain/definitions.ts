import {readdirSync, readFileSync} from 'node:fs'
import {basename, dirname, join, resolve} from 'node:path'
import type {Context} from '../base/context.ts'
import {Exit, errnoOf, UserError} from '../base/errors.ts'
import {diskError} from '../base/files.ts'
import {nearestNames} from '../base/nearest.ts'
import {describeOrigin, type Origin} from '../base/origin.ts'
import type {Definition, SourceDefinition} from '../model/definition.ts'
import {checkDefinition} from './user-definition.ts'

/** Every toolchain that is known here. */
export interface Definitions {
  /**
   * The definition of a toolchain, by its name or an alias.
   * @throws UserError UNKNOWN_TOOLCHAIN, DEFINITION_INVALID
   */
  get(name: string, origin: Origin): Definition
  /** Names of all toolchains, sorted; aliases are left out. */
  names(): string[]
  /** The name of the toolchain that a name or an alias means; undefined where nobody knows it. */
  canonical(name: string): string | undefined
  /** Other tools' files that pin one toolchain, in the order of their names and as its definition lists them. */
  versionFiles(): readonly VersionFile[]
  /** The toolchains that have an executable of this name in any version. Broken definitions of the user are passed over. */
  providing(executable: string): Definition[]
}

/** A file such as `.nvmrc`, and what it pins. */
export interface VersionFile {
  file: string
  toolchain: string
}

/** Reads one definition, or throws what is wrong with it. */
type Loader = () => Definition

/**
 * The definitions that come with the package, then the user's own (`$TOOL_HOME/toolchains/*.json`), which win.
 * Built-in ones are read when asked for; only the user's need the schema, which is slow to load.
 */
export async function loadDefinitions(context: Context): Promise<Definitions> {
  const loaders = new Map<string, Loader>()
  for (const path of jsonFilesIn(join(context.packageRoot, 'toolchains'))) {
    loaders.set(
      basename(path, '.json'),
      once(() => readBuiltin(path, context)),
    )
  }
  for (const path of jsonFilesIn(context.layout.definitions)) {
    const checked = await checkDefinition(path)
    loaders.set(
      basename(path, '.json'),
      once(() => {
        if (checked instanceof UserError) throw checked
        return withAbsolutePaths(checked, path, context)
      }),
    )
  }
  return definitionsOf(loaders, context)
}

function definitionsOf(loaders: ReadonlyMap<string, Loader>, context: Context): Definitions {
  const names = () => [...loaders.keys()].sort()
  const sound = once(() =>
    names().flatMap(name => {
      try {
        return loaders.get(name)?.() ?? []
      } catch (error) {
        if (error instanceof UserError) return []
        throw error
      }
    }),
  )
  return {
    names,
    canonical: name =>
      loaders.has(name) ? name : sound().find(({aliases}) => aliases?.includes(name))?.name,
    versionFiles: once(() =>
      sound().flatMap(({name, versionFiles = []}) => versionFiles.map(file => ({file, toolchain: name}))),
    ),
    get(name, origin) {
      const found = loaders.get(name)?.() ?? sound().find(({aliases}) => aliases?.includes(name))
      if (found === undefined) throw unknownToolchain(name, origin, names(), context)
      return found
    },
    providing: executable => sound().filter(definition => hasExecutable(definition, executable)),
  }
}

function hasExecutable({executables, overrides = []}: Definition, name: string): boolean {
  return [executables, ...overrides.map(override => override.executables ?? {})].some(all =>
    Object.hasOwn(all, name),
  )
}

function readBuiltin(path: string, context: Context): Definition {
  // No check at run time: a test holds every built-in definition against the schema.
  return withAbsolutePaths(JSON.parse(readFileSync(path, 'utf8')) as Definition, path, context)
}

function withAbsolutePaths(definition: Definition, file: string, {packageRoot}: Context): Definition {
  const absolute = (source: SourceDefinition): SourceDefinition => {
    if (source.kind !== 'directory' || /^[a-z]+:\/\//.test(source.path)) return source
    const path = source.path.replace(/^\{package\}(?=[/\\]|$)/, () => packageRoot)
    return {...source, path: resolve(dirname(file), path)}
  }
  return {
    ...definition,
    sources: definition.sources.map(absolute),
    ...(definition.overrides && {
      overrides: definition.overrides.map(override => ({
        ...override,
        ...(override.sources && {sources: override.sources.map(absolute)}),
      })),
    }),
  }
}

function unknownToolchain(name: string, origin: Origin, known: string[], {cwd, layout}: Context): UserError {
  const near = nearestNames(name, known)
  return new UserError({
    code: 'UNKNOWN_TOOLCHAIN',
    message: `there is no toolchain ${JSON.stringify(name)} (set by ${describeOrigin(origin, cwd)})`,
    hint:
      near.length > 0
        ? `did you mean ${near.join(' or ')}?`
        : `known are ${known.join(', ')}; define others in ${join(layout.definitions, `${name}.json`)}`,
    exitCode: Exit.badPin,
  })
}

function jsonFilesIn(directory: string): string[] {
  try {
    return readdirSync(directory)
      .filter(name => name.endsWith('.json') && !name.startsWith('.'))
      .map(name => join(directory, name))
  } catch (error) {
    // A home that is a file, or links to itself, has none.
    if (['ENOENT', 'ENOTDIR', 'ELOOP'].includes(errnoOf(error) ?? '')) return []
    throw diskError(error, directory)
  }
}

function once<T>(load: () => T): () => T {
  let loaded: T | undefined
  return () => {
    loaded ??= load()
    return loaded
  }
}
