import {describeOrigin, type Origin} from '../base/origin.ts'
import type {ForeignPin, ForeignVersion} from '../pin/foreign.ts'
import {parsePinLine} from '../pin/parse-line.ts'
import {printPin, printSpecs} from '../pin/print.ts'
import type {Pin, PinFile, Specs} from '../pin/types.ts'
import type {FoundPin} from './foreign-files.ts'

/** A pin of another tool's file that ours can say. */
export interface TakenPin {
  toolchain: string
  specs: Specs
  /** `present`: the pin file says so already. */
  state: 'added' | 'replaced' | 'present'
  origin: Origin
  /** What the other file calls it. */
  name: string
  /** What it asks for besides, which no pin can say. */
  lost: readonly string[]
}

/** What can't be taken, and why. */
export interface LeftPin {
  /** What the other file calls it; empty where the whole file is not understood. */
  name: string
  /** As they are written there. */
  versions: string[]
  origin: Origin
  reason: string
  /** What to do about it, where something can be done. */
  hint?: string
}

export interface MigrationPlan {
  taken: TakenPin[]
  left: LeftPin[]
}

export interface PlanOptions {
  /** What is pinned already is replaced, where another file says something else. */
  force: boolean
  /** Messages name files relative to this folder. */
  cwd: string
}

/** Decides what of other tools' files goes into a pin file of ours: of a toolchain, the first that can be taken. */
export function planMigration(all: readonly FoundPin[], file: PinFile, options: PlanOptions): MigrationPlan {
  const taken = new Map<string, TakenPin>()
  const left: LeftPin[] = []
  for (const {path, found} of all) {
    const origin: Origin = {kind: 'file', path, line: found.line}
    if ('problem' in found) {
      left.push({name: '', versions: [], origin, reason: `the file is not understood: ${found.problem}`})
      continue
    }
    const {name, toolchain, versions} = found
    const leave = (of: readonly ForeignVersion[], reason: string, hint = '') =>
      left.push({name, versions: of.map(({text}) => text), origin, reason, ...(hint && {hint})})
    if (toolchain === undefined) {
      leave(versions, 'no toolchain is called so')
      continue
    }
    const specs = specsOf(found, leave)
    if (specs === undefined) continue
    const pinned = file.pins.find(pin => pin.toolchain === toolchain)
    const earlier = taken.get(toolchain) ?? (options.force ? undefined : pinned)
    if (earlier === undefined || (earlier === pinned && isSame(earlier, specs))) {
      const state = stateOf(pinned, specs)
      taken.set(toolchain, {toolchain, specs, state, origin, name, lost: found.lost ?? []})
    } else if (!isSame(earlier, specs)) {
      const place = describeOrigin(earlier.origin, options.cwd)
      const hint = earlier === pinned ? 'tool migrate --force' : ''
      leave(versions, `${place} says ${printPin(toolchain, earlier.specs)}`, hint)
    }
  }
  return {taken: [...taken.values()], left}
}

type Leave = (versions: readonly ForeignVersion[], reason: string, hint?: string) => void

/** The versions that can be taken; none, if the first can't. */
function specsOf({toolchain = '', versions}: ForeignPin, leave: Leave): Specs | undefined {
  const [first, ...others] = versions
  if (first === undefined) {
    leave([], 'it has no version')
    return undefined
  }
  if (first.spec.kind === 'problem') {
    leave(versions, `the version ${JSON.stringify(first.text)} ${first.spec.message}`, first.spec.hint)
    return undefined
  }
  const specs: Specs[number][] = []
  for (const version of others) {
    if (version.spec.kind === 'problem') leave([version], `it ${version.spec.message}`, version.spec.hint)
    else specs.push(version.spec)
  }
  const all: Specs = [first.spec, ...specs]
  if (isReadable(toolchain, all)) return all
  leave(versions, 'a line of a pin file can’t hold it')
  return undefined
}

/** A folder may have any name, a quote in it too. */
function isReadable(toolchain: string, specs: Specs): boolean {
  const parsed = parsePinLine(printPin(toolchain, specs))
  return parsed !== undefined && 'specs' in parsed && isSame(parsed, specs)
}

function stateOf(pinned: Pin | undefined, specs: Specs): TakenPin['state'] {
  if (pinned === undefined) return 'added'
  return isSame(pinned, specs) ? 'present' : 'replaced'
}

function isSame(pin: {specs: Specs}, specs: Specs): boolean {
  return printSpecs(pin.specs) === printSpecs(specs)
}
