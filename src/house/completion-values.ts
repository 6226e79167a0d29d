import type {Context} from '../base/context.ts'
import {defaultToolchain} from '../pin/default-toolchain.ts'
import {executableNames} from '../resolve/local.ts'
import {lastKnownVersions} from '../source/cached.ts'
import {installedToolchains, listInstalled} from '../store/installed.ts'
import type {Definitions} from '../toolchain/definitions.ts'
import {userConfigFields} from '../toolchain/user-config.ts'
import {isPrerelease, sortByVersion} from '../version/compare.ts'
import {type Candidate, type Completion, fitting} from './candidates.ts'
import {shells} from './shell-syntax.ts'

/**
 * `installed`, `available`: versions, also as TOOLCHAIN@VERSION. `pinned`: those with a toolchain alone. `exec`: what may
 * follow `tool exec`.
 */
export type ValueKind =
  | 'toolchains'
  | 'installed'
  | 'available'
  | 'pinned'
  | 'executables'
  | 'exec'
  | 'shells'
  | 'settings'

/** The values that a word may become; `toolchain` is the one of versions that name none. */
export function valuesOf(
  context: Context,
  definitions: Definitions,
  kind: ValueKind,
  typed: string,
  toolchain?: string,
): Completion {
  const around = {context, definitions}
  switch (kind) {
    case 'toolchains':
      return fitting(toolchains(around), typed)
    case 'shells':
      return fitting(plain(shells), typed)
    case 'settings':
      return fitting(plain(Object.keys(userConfigFields)), typed)
    case 'executables':
      return fitting(executables(around), typed)
    case 'exec': {
      const named = versions(around, 'installed', typed, undefined)
      return typed.includes('@')
        ? named
        : {
            ...named,
            candidates: [...fitting(executables(around), typed).candidates, ...named.candidates],
            also: 'files',
          }
    }
    case 'pinned':
      return versions(around, 'installed', typed, undefined)
    default:
      return versions(around, kind, typed, toolchain ?? defaultToolchain(context).name)
  }
}

interface Around {
  context: Context
  definitions: Definitions
}

function toolchains({context, definitions}: Around): Candidate[] {
  const names = [...new Set([...definitions.names(), ...installedToolchains(context)])].sort()
  return names.map(word => ({word, about: titleOf(definitions, word)}))
}

function titleOf(definitions: Definitions, name: string): string {
  if (!definitions.names().includes(name)) return ''
  try {
    return definitions.get(name, {kind: 'default'}).title ?? ''
  } catch {
    // The definition is wrong; the name still is one.
    return ''
  }
}

function executables({context, definitions}: Around): Candidate[] {
  const found = new Map<string, string>()
  for (const toolchain of installedToolchains(context)) {
    if (!definitions.names().includes(toolchain)) continue
    try {
      for (const name of executableNames(definitions.get(toolchain, {kind: 'default'})))
        found.set(name, toolchain)
    } catch {
      // The definition is wrong, which other commands tell.
    }
  }
  return [...found].map(([word, about]) => ({word, about})).sort((a, b) => (a.word < b.word ? -1 : 1))
}

function versions(
  around: Around,
  kind: 'installed' | 'available',
  typed: string,
  byDefault: string | undefined,
): Completion {
  const at = typed.indexOf('@')
  if (at > 0) {
    const name = typed.slice(0, at)
    const own = versionsOf(around, kind, name).map(one => ({...one, word: `${name}@${one.word}`}))
    return fitting(own, typed)
  }
  const own = byDefault === undefined ? [] : fitting(versionsOf(around, kind, byDefault), typed).candidates
  const names =
    kind === 'installed' ? installedToolchains(around.context) : toolchains(around).map(({word}) => word)
  const named = fitting(
    names.map(name => ({word: `${name}@`, about: ''})),
    typed,
  ).candidates
  return {
    also: own.length === 0 && named.length > 0 ? 'unfinished' : 'nothing',
    candidates: [...own, ...named],
  }
}

/** Newest first, with what is there marked. */
function versionsOf(
  {context, definitions}: Around,
  kind: 'installed' | 'available',
  toolchain: string,
): Candidate[] {
  const installed = listInstalled(context, toolchain).map(({version}) => version)
  const here = installed.map(word => ({word, about: 'installed'})).reverse()
  if (kind === 'installed' || !definitions.names().includes(toolchain)) return here
  const list = lastKnownVersions(context, definitions.get(toolchain, {kind: 'default'}))
  if (list === undefined) return [...here, {word: 'latest', about: 'the newest there is'}]
  const known = new Set(installed)
  const releases = list.versions.filter(version => !isPrerelease(version))
  const all = releases.length > 0 ? releases : list.versions
  const versionWords = sortByVersion([...new Set([...all, ...installed])], word => word)
    .reverse()
    .map(word => ({word, about: known.has(word) ? 'installed' : ''}))
  return [...versionWords, ...Object.entries(list.tags).map(([word, about]) => ({word, about}))]
}

const plain = (words: readonly string[]): Candidate[] => words.map(word => ({word, about: ''}))
