import type {UserError} from '../base/errors.ts'
import {hasEnded} from '../model/event.ts'
import type {Outcome, Supervisor, Worker} from '../supervisor/types.ts'
import {workerError} from '../supervisor/worker-error.ts'
import type {PlannedTask} from './plan.ts'
import type {SuperviseEnd} from './types.ts'

/** A task's worker, once those that come before it let it begin; undefined if they never do. */
type Beginning = Promise<Worker | undefined>

/**
 * Starts tasks, each after those that come before it, and resolves when those that have an end have ended, or when the
 * supervisor was shut down. Daemons may still run then.
 * @param explain adds to the error of a task what the person needs
 */
export async function runTasks(
  supervisor: Supervisor,
  tasks: readonly PlannedTask[],
  explain: (error: UserError, id: string) => UserError,
): Promise<SuperviseEnd> {
  const beginnings = new Map<string, Beginning>()
  const skipped: string[] = []
  const begin = (task: PlannedTask): Beginning => {
    const {id} = task.spec
    const known = beginnings.get(id)
    if (known) return known
    const before = tasks
      .filter(({spec}) => task.after.includes(spec.id))
      .map(other => begin(other).then(worker => opensWay(other, worker)))
    const beginning = beginAfter(supervisor, task, before).then(worker => {
      if (worker === undefined) skipped.push(id)
      return worker
    })
    beginnings.set(id, beginning)
    return beginning
  }
  const all = tasks.map(task => ({task, beginning: begin(task)}))
  const jobs = all.filter(({task}) => !task.daemon)
  const awaited = (jobs.length > 0 ? jobs : all).map(({beginning}) => beginning)
  await allEnded(supervisor, awaited)
  if (supervisor.closed) return {kind: 'stopped'}
  const failed = await Promise.all(tasks.map(({spec}) => errorOf(supervisor.get(spec.id), explain)))
  return {kind: 'done', errors: failed.flat(), skipped}
}

async function beginAfter(
  supervisor: Supervisor,
  {spec}: PlannedTask,
  before: readonly Promise<boolean>[],
): Beginning {
  // Without a wait, those that come first all start before anything else happens.
  const isOpen = before.length === 0 || (await Promise.all(before)).every(Boolean)
  if (!isOpen || supervisor.closed) return undefined
  const running = supervisor.get(spec.id)
  // A client of the control socket may have been faster.
  return running && !hasEnded(running.info) ? running : supervisor.start(spec)
}

/** Whether what comes after a task may begin, once that is known. */
async function opensWay({goesOn}: PlannedTask, worker: Worker | undefined): Promise<boolean> {
  if (worker === undefined) return false
  if (!goesOn) return isWell(await worker.done)
  return worker.ready().then(
    () => true,
    () => false,
  )
}

/** Resolves when none runs: one that had ended may have been started again meanwhile. */
async function allEnded(supervisor: Supervisor, beginnings: readonly Beginning[]): Promise<void> {
  for (;;) {
    const ids = (await Promise.all(beginnings)).flatMap(worker => worker?.id ?? [])
    const running = ids.flatMap(id => supervisor.get(id) ?? []).filter(({info}) => !hasEnded(info))
    if (running.length === 0) return
    await Promise.all(running.map(({done}) => done))
  }
}

async function errorOf(
  worker: Worker | undefined,
  explain: (error: UserError, id: string) => UserError,
): Promise<UserError[]> {
  if (worker === undefined || !hasEnded(worker.info)) return []
  const outcome = await worker.done
  return isWell(outcome) || outcome.kind === 'stopped'
    ? []
    : [explain(workerError(worker.spec, outcome, worker.tail()), worker.id)]
}

function isWell(outcome: Outcome): boolean {
  return outcome.kind === 'exited' && outcome.exit.code === 0
}
