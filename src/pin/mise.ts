import {parse, TomlError} from 'smol-toml'
import type {Definitions} from '../toolchain/definitions.ts'
import {type ForeignPin, type ForeignVersion, foreignVersion, refused} from './foreign.ts'
import {lineOfTool} from './mise-line.ts'

/** Where mise looks in a folder for what a project has in common, what counts first standing first. */
export const miseNames = [
  'mise.toml',
  '.mise.toml',
  'mise/config.toml',
  '.mise/config.toml',
  '.config/mise.toml',
  '.config/mise/config.toml',
] as const

type KnownNames = Pick<Definitions, 'canonical' | 'names'>

/** Why a file is not understood, and in which line. */
export interface MiseProblem {
  line: number
  problem: string
}

/** The `[tools]` of a `mise.toml`. */
export function readMise(text: string, definitions: KnownNames): ForeignPin[] | MiseProblem {
  const toml = text.replace(/^\uFEFF/, '')
  const tools = parseTools(toml)
  if ('problem' in tools) return tools
  return Object.entries(tools.found).map(([name, value]) => {
    const lost = [value].flat().flatMap(optionsOf)
    return {
      name,
      toolchain: toolchainOf(name, definitions),
      line: lineOfTool(toml, name),
      versions: [value].flat().map(versionOf),
      ...(lost.length > 0 && {lost: [...new Set(lost)]}),
    }
  })
}

function parseTools(toml: string): {found: Readonly<Record<string, unknown>>} | MiseProblem {
  try {
    // A whole number is as good as its text; 5.10 as a number has lost its zero.
    const {tools} = parse(toml, {integersAsBigInt: true})
    return {found: isTable(tools) ? tools : {}}
  } catch (error) {
    if (!(error instanceof TomlError)) throw error
    const [problem = ''] = error.message.split('\n')
    return {line: error.line, problem: problem.replace(/^Invalid TOML document: /, '')}
  }
}

/** The toolchain behind mise's name, such as `node`, `core:node`, `npm:typescript`, `ubi:evanw/esbuild[exe=esbuild]`. */
function toolchainOf(name: string, {canonical, names}: KnownNames): string | undefined {
  const [, backend, id = ''] = /^(?:([a-z]+):)?([^[]*)/.exec(name) ?? []
  const repository = id.split('/').at(-1) ?? ''
  switch (backend) {
    case undefined:
    case 'core':
      return canonical(id)
    case 'asdf':
    case 'vfox':
      return canonical(repository.replace(/^(?:asdf|vfox|mise)-/, ''))
    // What is called like an alias of ours may be anything there.
    case 'npm':
      return names().find(known => known === id)
    case 'ubi':
    case 'github':
    case 'gitlab':
    case 'aqua':
      return names().find(known => known === repository.toLowerCase())
    default:
      return undefined
  }
}

/** The keys of a tool's table that hold its version, but for `version`. */
const scopes = ['prefix', 'path', 'ref', 'tag', 'branch', 'rev'] as const

function versionOf(value: unknown): ForeignVersion {
  if (typeof value === 'string') return foreignVersion(longTerm(value))
  if (typeof value === 'bigint') return foreignVersion(String(value))
  if (!isTable(value)) return refused(String(value), 'is not in quotes', 'put it in quotes, as in "5.9"')
  if (value.version !== undefined) return versionOf(value.version)
  const scope = scopes.find(key => typeof value[key] === 'string')
  return scope === undefined
    ? refused('', 'is not given', 'give it a version')
    : foreignVersion(`${scope}:${value[scope]}`)
}

/** mise has a second way to write Node's long-term lines, without the slash. */
function longTerm(version: string): string {
  return version.replace(/^lts-([a-z]+)$/, 'lts/$1')
}

function optionsOf(value: unknown): string[] {
  if (!isTable(value)) return []
  return Object.keys(value).filter(key => key !== 'version' && !scopes.some(scope => scope === key))
}

function isTable(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date)
}
