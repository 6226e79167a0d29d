import type {Context} from '../base/context.ts'
import {UserError} from '../base/errors.ts'
import type {Definition} from '../model/definition.ts'
import type {SourceDefinition} from '../model/source-definition.ts'
import {executableNames} from '../resolve/local.ts'
import {listInstalled} from '../store/installed.ts'
import type {DefinitionOrigin, Definitions} from '../toolchain/definitions.ts'
import {modesOf} from '../toolchain/modes.ts'

/** One toolchain that is known here. */
export interface ListedToolchain extends DefinitionOrigin {
  /** Installed versions, oldest first. */
  installed: readonly string[]
  /** Absent where the definition can't be used. */
  known?: KnownToolchain
  /** Why it can't be used. */
  problem?: {code: string; message: string; hint: string | undefined}
}

interface KnownToolchain {
  title: string
  homepage: string
  aliases: readonly string[]
  /** In the order in which they are tried. */
  sources: readonly string[]
  /** In any version. */
  executables: readonly string[]
  versionFiles: readonly string[]
  /** What it can do for a project: `build`, `watch`, `serve`. */
  modes: readonly string[]
}

/** Every toolchain that is known here, in the order of their names: built-in ones, the person's own, the project's. */
export function listToolchains(context: Context, definitions: Definitions): ListedToolchain[] {
  return definitions.origins().map(origin => {
    const installed = listInstalled(context, origin.name).map(({version}) => version)
    try {
      const definition = definitions.get(origin.name, {kind: 'file', path: origin.path, line: 1})
      return {...origin, installed, known: describe(definition)}
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      const {code, message, hint} = error
      return {...origin, installed, problem: {code, message, hint}}
    }
  })
}

function describe(definition: Definition): KnownToolchain {
  const {title, homepage, aliases = [], sources, versionFiles = []} = definition
  return {
    title,
    homepage,
    aliases,
    sources: sources.map(describeSource),
    executables: [...new Set([...executableNames(definition), ...sourcesExecutables(sources)])].sort(),
    versionFiles,
    modes: modesOf(definition),
  }
}

function sourcesExecutables(sources: readonly SourceDefinition[]): string[] {
  return sources.flatMap(source => ('executables' in source ? Object.keys(source.executables ?? {}) : []))
}

/** A source in a few words, such as `npm typescript`. */
export function describeSource(source: SourceDefinition): string {
  switch (source.kind) {
    case 'npm':
      return `npm ${source.package}`
    case 'directory':
      return `directory ${source.path}`
    case 'index':
      return `index ${source.url}`
    case 'github':
      return `github ${source.repository}`
  }
}
