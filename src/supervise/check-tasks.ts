import {findCycle} from '../base/find-cycle.ts'
import type {SuperviseTask} from '../model/supervise-file.ts'
import {fieldOf, invalid, type SuperviseFileRead} from './read-file.ts'

/**
 * What the schema can't see: names that are used twice, keys that contradict each other, what `after` names.
 * @param ids of the tasks, in order
 * @throws UserError SUPERVISE_FILE_INVALID
 */
export function checkTasks({file, at}: SuperviseFileRead, ids: readonly string[]): void {
  for (const [index, task] of file.task.entries()) {
    const refuse = (key: string, message: string, hint: string) =>
      invalid([at(['task', index, key]), ...fieldOf(['task', index, key]), message].join(': '), hint)
    const id = ids[index] ?? ''
    if (ids.indexOf(id) !== index)
      throw refuse(task.id === undefined ? 'name' : 'id', `${id} is another task's, too`, 'take another one')
    for (const [one, other] of synonyms)
      if (task[one] !== undefined && task[other] !== undefined)
        throw refuse(other, `says the same as ${one}, which is there, too`, 'write one of them')
    checkReadiness(task, refuse)
    for (const name of task.after ?? []) {
      if (name === id) throw refuse('after', `${id} can't come after itself`, 'take it out')
      if (!ids.includes(name))
        throw refuse('after', `there is no task ${name}`, `the tasks are ${ids.join(', ')}`)
    }
    if (task.stdin === 'inherit' && file.task.findIndex(({stdin}) => stdin === 'inherit') !== index)
      throw refuse('stdin', 'only one task can have what is typed', 'give the others "open" or "none"')
  }
  checkOrder(file.task, ids, index => at(['task', index, 'after']))
}

type Refuse = (key: string, message: string, hint: string) => Error

const synonyms: readonly (readonly [keyof SuperviseTask, keyof SuperviseTask])[] = [
  ['id', 'name'],
  ['retry-limit', 'max-restarts'],
  ['retry-limit', 'window'],
  ['retry-factor', 'backoff'],
]

function checkReadiness({ready, detached}: SuperviseTask, refuse: Refuse): void {
  const {by, pattern} = typeof ready === 'object' ? ready : {by: ready, pattern: undefined}
  if (by === 'protocol' && detached)
    throw refuse('ready', 'a detached task has no socket to say so on', 'take out detached, or ready')
  if (by === 'line' && pattern === undefined)
    throw refuse('ready', 'lacks the pattern of the line', 'write ready = {by = "line", pattern = "…"}')
  if (pattern === undefined) return
  if (by !== 'line' && by !== 'server')
    throw refuse('ready', `${by} needs no pattern`, 'take it out, or write by = "line"')
  if (by === 'server' && !/\(\?<(?:url|port)>/.test(pattern))
    throw refuse(
      'ready',
      'the pattern has no group of the name url or port',
      'write "at (?<url>http\\\\S+)", say',
    )
}

/** Refuses tasks that wait for each other in a circle. */
function checkOrder(
  tasks: readonly SuperviseTask[],
  ids: readonly string[],
  at: (index: number) => string,
): void {
  const afterOf = (id: string) => tasks[ids.indexOf(id)]?.after ?? []
  const circle = findCycle(ids, afterOf)
  if (circle === undefined) return
  const index = ids.indexOf(circle[0] ?? '')
  throw invalid(
    [at(index), ...fieldOf(['task', index, 'after']), `goes in a circle: ${circle.join(' → ')}`].join(': '),
    'take out one of them',
  )
}
