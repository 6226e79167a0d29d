import {basename, dirname, sep} from 'node:path'
import type {Context} from '../base/context.ts'
import {realPathIfAny} from '../base/real-path.ts'
import type {Definition} from '../model/definition.ts'
import {satisfies} from '../version/match.ts'
import type {VersionSpec} from '../version/spec.ts'
import type {Answers} from './probe-cache.ts'
import {findOnPath, programsOnPath} from './programs.ts'
import type {PathProgram} from './types.ts'

/** What PATH has for a spec. */
interface OnPath {
  found?: PathProgram
  /** Programs that come before it and have not been asked yet, so that they may be it. */
  unasked: string[]
}

/**
 * The first program on PATH that says it is a version which a spec asks for, by what is known of its answers. A tag
 * means what its source says, which no program knows.
 */
export function findVersionOnPath(
  context: Context,
  definition: Definition,
  spec: VersionSpec,
  answers: Answers,
): OnPath {
  const {probe} = definition
  const unasked: string[] = []
  if (probe === undefined || (spec.kind !== 'exact' && spec.kind !== 'range')) return {unasked}
  for (const file of candidates(context, definition)) {
    const version = answers.versionOf(file)
    if (version === undefined) unasked.push(file)
    else if (version !== null && satisfies(version, spec)) {
      const first = findOnPath(probe.executable, context) === file
      return {found: {version, file, first}, unasked}
    }
  }
  return {unasked}
}

/**
 * The programs on PATH that a toolchain may be asked for its version by, each once. Our own store is no part of the
 * machine, and the shims of other version managers answer differently in every folder.
 */
export function candidates(context: Context, {probe}: Definition): string[] {
  const byRealPath = new Map<string, string>()
  for (const program of probe ? programsOnPath(probe.executable, context) : []) {
    const real = realPathIfAny(program) ?? program
    if (isInStore(real, context) || isShimOfOthers(program, real)) continue
    if (!byRealPath.has(real)) byRealPath.set(real, program)
  }
  return [...byRealPath.values()]
}

function isInStore(real: string, {layout}: Context): boolean {
  const versions = realPathIfAny(layout.versions)
  return versions !== undefined && real.startsWith(versions + sep)
}

/** asdf, rbenv and their kind have a folder of scripts; volta, mise and rustup one program under many names. */
function isShimOfOthers(program: string, real: string): boolean {
  return [program, real].some(path => basename(dirname(path)) === 'shims') || dispatchers.has(basename(real))
}

const dispatchers = new Set(['volta-shim', 'mise', 'rtx', 'proto-shim', 'rustup'])
