import {join} from 'node:path'
import type {Layout} from '../base/layout.ts'
import type {LogMessageParams} from '../model/protocol.ts'
import type {LogLine} from './types.ts'

/** A line as it is kept on disk. */
export interface LogRecord {
  /** Milliseconds since the epoch. */
  at: number
  /** What people call its worker. */
  label: string
  /** Where it is from: the worker's output, what it logged, or what became of it. */
  stream: 'out' | 'err' | LogMessageParams['level'] | 'tool'
  text: string
}

/** The name of the folder of logs in that of a project's supervisor. */
export const logFolderName = 'logs'

/** The folder of what the workers of a project said. */
export function logFolder(layout: Layout, projectRoot: string): string {
  return join(layout.run(projectRoot), logFolderName)
}

/** The name of what a supervisor in the background writes itself. */
export const supervisorLog = 'supervisor.log'

/** The name of a worker's log, without the number that an older one of it has. */
export function logName(label: string): string {
  return `${label.replaceAll(/[^\w.-]/g, '_')}.log`
}

/** As `streamOf` and `readRecord` understand it: `2026-11-25T03:06:08.123Z out text`. */
export function printRecord({stream, text}: Pick<LogRecord, 'stream' | 'text'>, time: string): string {
  const start = `${time} ${stream} `
  // What a worker logs may have several lines.
  return `${start}${text.replaceAll('\n', `\n${start}`)}\n`
}

export function streamOf({stream, level = 'info'}: LogLine): LogRecord['stream'] {
  if (stream === 'log') return level
  return stream === 'stdout' ? 'out' : 'err'
}

const printed = /^(\d{4}-\d\d-\d\dT[\d:.]+Z) (out|err|error|warning|info|debug|tool) (.*)$/s

/** Undefined for what is none, such as the rest of one that was cut. */
export function readRecord(line: string, label: string): LogRecord | undefined {
  const [, time = '', stream, text = ''] = printed.exec(line) ?? []
  return stream === undefined
    ? undefined
    : {at: Date.parse(time), label, stream: stream as LogRecord['stream'], text}
}
