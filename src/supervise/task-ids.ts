import {basename} from 'node:path'
import type {SuperviseTask} from '../model/supervise-file.ts'

/**
 * The ids of the tasks of a file, in order: as written, else the name of the program, with a number where another
 * task has it.
 */
export function taskIds(tasks: readonly SuperviseTask[]): string[] {
  const taken = new Set(tasks.flatMap(task => idOf(task) ?? []))
  return tasks.map(task => {
    const written = idOf(task)
    if (written !== undefined) return written
    const plain = basename(task.command)
      .replace(/\.(?:exe|cmd|bat)$/i, '')
      .replaceAll(/[^\w.-]/g, '_')
      .replace(/^[^A-Za-z0-9]+/, '')
      .slice(0, 48)
    const name = plain === '' || plain === 'supervisor' ? 'task' : plain
    let id = name
    for (let number = 2; taken.has(id); number++) id = `${name}-${number}`
    taken.add(id)
    return id
  })
}

function idOf({id, name}: SuperviseTask): string | undefined {
  return id ?? name
}
