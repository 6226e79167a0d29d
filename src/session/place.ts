import {isDeepStrictEqual} from 'node:util'
import {readWorkerId} from '../driver/worker-id.ts'
import {hasEnded} from '../model/event.ts'
import type {Worker, WorkerSpec} from '../supervisor/types.ts'
import type {PlannedWorker, RunRequest} from './types.ts'

/** Who asked for workers: they stay for as long as one of those who did is there. */
export type Owner = object

/** What somebody asked for. */
export interface Wish {
  request: RunRequest
  owner: Owner
}

/** What runs in one mode of one toolchain. */
export interface Place {
  planned: PlannedWorker
  worker: Worker
  /** Beside being ready; resolves also when it has ended. */
  begun: Promise<void> | undefined
  /** Whose plan it is. */
  wish: Wish
  owners: Set<Owner>
  /** Set where a change led to another one, until that is ready; if it can't run, the next change may mend it. */
  waits?: 'to begin' | 'for a change' | undefined
  /** Whether nobody wants it any more, and it is being stopped. */
  leaving?: boolean
}

/** Whether it runs no more, and no change is to start it again. */
export const isOver = (place: Place) => !isAlive(place) && !place.waits

export const isAlive = ({worker}: Place) => !hasEnded(worker.info)

/** Whether it runs, or is to again, for somebody. */
export const isWanted = (place: Place) => !isOver(place) && !place.leaving

/** Whether it only waits for builds. */
export const isIdle = ({id}: WorkerSpec) => readWorkerId(id)?.mode === 'build'

export const toolchainOf = ({id, label}: WorkerSpec) => readWorkerId(id)?.toolchain ?? label

/** There is one version of a toolchain at a time, in each mode. */
export const keyOf = (spec: WorkerSpec) => `${readWorkerId(spec.id)?.mode} ${toolchainOf(spec)}`

export const isFor = ({worker}: Place, {spec}: PlannedWorker) => keyOf(worker.spec) === keyOf(spec)

/** Whether what runs is what is wanted: of servers and watchers the version counts, of what builds everything. */
export function serves(place: Place | undefined, wanted: WorkerSpec): boolean {
  if (place === undefined || !isAlive(place) || place.leaving) return false
  const {spec} = place.worker
  return spec.id === wanted.id && (!isIdle(wanted) || sameSpec(spec, wanted))
}

/** Functions are made anew by each plan, of what is compared here. */
export function sameSpec(a: WorkerSpec, b: WorkerSpec): boolean {
  return isDeepStrictEqual(withoutFunctions(a), withoutFunctions(b))
}

function withoutFunctions(spec: WorkerSpec): Partial<WorkerSpec> {
  return Object.fromEntries(Object.entries(spec).filter(([, value]) => typeof value !== 'function'))
}

export function changeOf(before: WorkerSpec, after: WorkerSpec): string {
  const [old, now] = [before, after].map(({id}) => readWorkerId(id)?.version)
  return old === now
    ? 'starts again, since its settings have changed'
    : `starts again with version ${now}, since its pin has changed from ${old}`
}
