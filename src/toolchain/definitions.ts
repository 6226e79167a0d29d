import {existsSync} from 'node:fs'
import {basename, dirname, join, resolve} from 'node:path'
import {childPath} from '../base/child-path.ts'
import type {Context} from '../base/context.ts'
import {Exit, UserError} from '../base/errors.ts'
import {nearestNames} from '../base/nearest.ts'
import {once} from '../base/once.ts'
import {describeOrigin, type Origin, shortPath} from '../base/origin.ts'
import type {Definition} from '../model/definition.ts'
import type {SourceDefinition} from '../model/source-definition.ts'
import {builtins} from './builtin.ts'
import {builtinFolder} from './builtin-folder.ts'
import {jsonFilesIn} from './json-files.ts'
import {isToolchainName} from './name.ts'
import {type ProjectDefinitionFile, projectDefinitionFiles} from './project-definitions.ts'
import {type Summary, summaryOf} from './summary.ts'
import {notTrusted, type TrustState, trustedText} from './trust.ts'
import {checkDefinition, checkDefinitionText} from './user-definition.ts'

/** Every toolchain that is known here. */
export interface Definitions {
  /**
   * The definition of a toolchain, by its name or an alias.
   * @throws UserError UNKNOWN_TOOLCHAIN, DEFINITION_INVALID, DEFINITION_NAME_TAKEN, PROJECT_NOT_TRUSTED
   */
  get(name: string, origin: Origin): Definition
  /** Names of all toolchains, sorted; aliases are left out. */
  names(): string[]
  /** Where each of them is from, in the order of their names. */
  origins(): DefinitionOrigin[]
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

/** Where the definition of a toolchain is from. */
export interface DefinitionOrigin {
  name: string
  from: 'built-in' | 'user' | 'project'
  path: string
  /** Of a project's: only a trusted one acts. */
  trust?: TrustState
}

/** One file. */
interface Known extends DefinitionOrigin {
  /** Reads its definition, or throws what is wrong with it. */
  load(): Definition
  /** What it is found by, where that takes less than to read it. */
  summary?(): Summary
}

/**
 * The definitions that come with the package; the user's own (`$TOOL_HOME/toolchains/*.json`), which win; then those of
 * the project, as far as it is trusted, which only add names: see docs/decisions/0060.
 * Built-in ones are read when asked for; only the others need the schema, which is slow to load.
 */
export async function loadDefinitions(context: Context): Promise<Definitions> {
  const known = new Map<string, Known>()
  for (const {name, summary, read} of builtins(context.packageRoot)) {
    const path = childPath(builtinFolder(context.packageRoot), `${name}.json`)
    const load = once(() => withAbsolutePaths(read(), path, context))
    known.set(name, {name, from: 'built-in', path, load, summary})
  }
  for (const path of jsonFilesIn(context.layout.definitions)) {
    const name = basename(path, '.json')
    known.set(name, {
      name,
      from: 'user',
      path,
      load: loaderOf(await checkDefinition(path, context.env), path, context),
    })
  }
  const ofProject = projectDefinitionFiles(context).filter(({name}) => isToolchainName(name))
  if (ofProject.length > 0) {
    const taken = new Set([...known.keys(), ...soundOf(known).flatMap(({summary}) => summary.aliases)])
    for (const file of ofProject) {
      const one = await projectDefinition(file, taken, context)
      if (one !== undefined) known.set(file.name, one)
    }
  }
  return definitionsOf(known, context)
}

function loaderOf(checked: Definition | UserError, path: string, context: Context): () => Definition {
  return once(() => {
    if (checked instanceof UserError) throw checked
    return withAbsolutePaths(checked, path, context)
  })
}

/** What nobody trusts is not even read: only its name is known, so that a pin of it can be told why it does not act. */
async function projectDefinition(
  {name, path}: ProjectDefinitionFile,
  taken: ReadonlySet<string>,
  context: Context,
): Promise<Known | undefined> {
  const read = trustedText(context, path)
  const {state} = read
  const one = {name, from: 'project', path, trust: state} as const
  if (read.state !== 'trusted') {
    // An untrusted file must not even stand in the way of the toolchain whose name it takes.
    if (taken.has(name)) return undefined
    const setBy = shortPath(path, context.cwd)
    const what = `the project is not trusted to define ${name}`
    return {
      ...one,
      load() {
        throw notTrusted({code: 'PROJECT_NOT_TRUSTED', what, setBy, path, state}, context)
      },
    }
  }
  const load = loaderOf(await checkDefinitionText(read.text, path), path, context)
  return {
    ...one,
    load: once(() => {
      const {aliases = [], ...rest} = load()
      const clash = [name, ...aliases].find(own => taken.has(own))
      if (clash !== undefined) throw nameTaken(clash, path, context)
      return {...rest, aliases}
    }),
  }
}

function nameTaken(name: string, path: string, {cwd, layout}: Context): UserError {
  return new UserError({
    code: 'DEFINITION_NAME_TAKEN',
    message: `${shortPath(path, cwd)} may not define ${name}: a toolchain of that name is known everywhere, and its versions are shared by all projects`,
    hint: `rename it; to use it instead of the other one everywhere, put it into ${layout.definitions}`,
    exitCode: Exit.badPin,
  })
}

/** One that can be read. */
interface Sound {
  name: string
  summary: Summary
  load(): Definition
}

/** Those that can be read, in the order of their names. */
function soundOf(known: ReadonlyMap<string, Known>): Sound[] {
  return [...known.values()]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap(({name, load, summary}) => {
      try {
        return {name, load, summary: summary ? summary() : summaryOf(load())}
      } catch (error) {
        if (error instanceof UserError) return []
        throw error
      }
    })
}

function definitionsOf(known: ReadonlyMap<string, Known>, context: Context): Definitions {
  const names = () => [...known.keys()].sort()
  const sound = once(() => soundOf(known))
  const named = (alias: string) => sound().find(({summary}) => summary.aliases.includes(alias))
  return {
    names,
    origins: () =>
      [...known.values()].map(({load: _, ...origin}) => origin).sort((a, b) => (a.name < b.name ? -1 : 1)),
    canonical: name => (known.has(name) ? name : named(name)?.name),
    versionFiles: once(() =>
      sound().flatMap(({name, summary}) => summary.versionFiles.map(file => ({file, toolchain: name}))),
    ),
    get(name, origin) {
      const found = (known.get(name) ?? named(name))?.load()
      if (found === undefined) throw unknownToolchain(name, origin, names(), context)
      return found
    },
    providing: executable =>
      sound()
        .filter(({summary}) => summary.executables.includes(executable))
        .map(({load}) => load()),
  }
}

/** The sources of a definition with the paths that are relative to its file, or in this package, made absolute. */
export function withAbsolutePaths(definition: Definition, file: string, {packageRoot}: Context): Definition {
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
  // A folder of that name counts only in a project, and a definition is easily written first.
  const unmarked = isToolchainName(name) && existsSync(join(cwd, 'toolchains', `${name}.json`))
  return new UserError({
    code: 'UNKNOWN_TOOLCHAIN',
    message: `there is no toolchain ${JSON.stringify(name)} (set by ${describeOrigin(origin, cwd)})`,
    hint: unmarked
      ? `toolchains/${name}.json counts beside a .toolversion or a tool.json: make one, such as: touch .toolversion; then: tool trust`
      : near.length > 0
        ? `did you mean ${near.join(' or ')}?`
        : `known are ${known.join(', ')}; define others in ${join(layout.definitions, `${name}.json`)}`,
    exitCode: Exit.badPin,
  })
}
