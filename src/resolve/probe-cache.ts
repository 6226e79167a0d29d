import {statSync} from 'node:fs'
import {join} from 'node:path'
import type {Context} from '../base/context.ts'
import {messageOf} from '../base/errors.ts'
import {readTextIfAny, writeFileAtomic} from '../base/files.ts'
import {realPathIfAny} from '../base/real-path.ts'
import type {Definition} from '../model/definition.ts'

/** What programs said when they were asked for their version. */
export interface Answers {
  /** Null: it gave none; undefined: it has not been asked, or has changed since. */
  versionOf(program: string): string | null | undefined
}

/** One answer, and what the program was then: another file has another answer. */
interface Entry {
  modified: number
  changed: number
  bytes: number
  inode: number
  version: string | null
  /** When, in ms since 1970. */
  asked: number
}

interface Cache {
  schema: 1
  /** How was asked; the answers to another question don't count. */
  question: string
  /** By real path. */
  answers: Record<string, Entry>
}

/** Ms for which a program that gave no version is not asked again: what it lacked may have come. */
const patience = 60 * 60_000

/** The answers that are known of a toolchain's programs. */
export function cachedAnswers(context: Context, definition: Definition): Answers {
  const {answers} = read(context, definition)
  return {versionOf: program => answerOf(program, answers)}
}

/** Keeps answers, of programs as they are now. Never fails: only time would be lost. */
export function keepAnswers(
  context: Context,
  definition: Definition,
  versions: ReadonlyMap<string, string | null>,
): void {
  const {answers, ...rest} = read(context, definition)
  const kept = Object.entries(answers).filter(([program]) => answerOf(program, answers) !== undefined)
  const added = [...versions].flatMap(([program, version]) => {
    const real = realPathIfAny(program)
    const file = real && lookAt(real)
    return file ? [[real, {...file, version, asked: Date.now()}] as const] : []
  })
  try {
    const all = Object.fromEntries([...kept, ...added])
    writeFileAtomic(pathOf(context, definition), JSON.stringify({...rest, answers: all}))
  } catch (error) {
    context.log.debug(`what programs say of their version is not kept: ${messageOf(error)}`)
  }
}

function answerOf(program: string, answers: Cache['answers']): string | null | undefined {
  const real = realPathIfAny(program)
  const known = real !== undefined && Object.hasOwn(answers, real) ? answers[real] : undefined
  const now = known && lookAt(real ?? program)
  if (known === undefined || now === undefined) return undefined
  const same = (['modified', 'changed', 'bytes', 'inode'] as const).every(
    field => known[field] === now[field],
  )
  if (!same) return undefined
  if (typeof known.version === 'string') return known.version
  const age = Date.now() - known.asked
  return age >= 0 && age < patience ? null : undefined
}

function lookAt(program: string): Pick<Entry, 'modified' | 'changed' | 'bytes' | 'inode'> | undefined {
  try {
    const {mtimeMs, ctimeMs, size, ino} = statSync(program)
    return {modified: mtimeMs, changed: ctimeMs, bytes: size, inode: ino}
  } catch {
    return undefined
  }
}

function read(context: Context, definition: Definition): Cache {
  const question = JSON.stringify(definition.probe ?? null)
  try {
    const cache: Cache = JSON.parse(readTextIfAny(pathOf(context, definition)) ?? 'null')
    if (cache?.schema === 1 && cache.question === question && isRecord(cache.answers)) return cache
  } catch {
    // Nothing is known then.
  }
  return {schema: 1, question, answers: {}}
}

function isRecord(value: unknown): boolean {
  return typeof value === 'object' && value !== null
}

function pathOf({layout}: Context, {name}: Definition): string {
  return join(layout.cache, 'probes', `${name}.json`)
}
