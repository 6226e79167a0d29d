import {accessSync, constants, statSync} from 'node:fs'
import {delimiter, isAbsolute, join, resolve} from 'node:path'
import {Exit, UserError} from '../base/errors.ts'
import type {PlannedTask} from './plan.ts'
import {fieldOf, invalid, type SuperviseFileRead} from './read-file.ts'

/**
 * Sees to it that what is started first is there, before anything is started. What comes after another task may be made
 * by it, so that is seen when its turn comes.
 * @throws UserError TASK_COMMAND_MISSING, SUPERVISE_FILE_INVALID where there is no such folder
 */
export function checkPrograms({at}: SuperviseFileRead, tasks: readonly PlannedTask[]): void {
  for (const [index, {spec, after}] of tasks.entries()) {
    if (after.length > 0) continue
    const {id, file, cwd, env} = spec
    if (!isFolder(cwd)) {
      const field = ['task', index, 'cwd']
      const message = [at(field), ...fieldOf(field), `there is no folder ${cwd}`].join(': ')
      throw invalid(message, 'make it, or mend this field')
    }
    if (isAbsolute(file) ? isProgram(file) : isOnPath(file, cwd, env)) continue
    const why = isAbsolute(file) ? `${file} is no program that you may run` : `there is no ${file} on PATH`
    throw new UserError({
      code: 'TASK_COMMAND_MISSING',
      message: `${at(['task', index, 'command'])}: task ${id}: ${why}`,
      hint: hintFor(file),
      exitCode: Exit.commandNotFound,
    })
  }
}

function hintFor(file: string): string {
  if (isAbsolute(file)) return 'a path is relative to the file; mend it, or: chmod +x that program'
  // What would be typed into a shell is one program and its arguments.
  const [program = '', ...args] = file.split(/\s+/).filter(word => word !== '')
  return args.length === 0
    ? `install it, or write its path: command = "./${file}"`
    : `no shell reads it; write command = ${JSON.stringify(program)} and args = ${JSON.stringify(args)}`
}

function isOnPath(name: string, cwd: string, env: Readonly<Record<string, string>>): boolean {
  const path = Object.entries(env).find(([key]) => key.toUpperCase() === 'PATH')?.[1] ?? ''
  const folders = path.split(delimiter).map(folder => resolve(cwd, folder))
  const endings = process.platform === 'win32' ? (env.PATHEXT ?? '.EXE;.CMD;.BAT').split(';') : []
  return folders.some(folder => ['', ...endings].some(ending => isProgram(join(folder, name + ending))))
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}

function isFolder(path: string): boolean {
  return statSync(path, {throwIfNoEntry: false})?.isDirectory() === true
}
