import type {SuperviseListener} from '../supervise/types.ts'
import {renderLine} from './render/log-line.ts'
import {workerNote} from './render/worker-note.ts'

export interface SuperviseOutputOptions {
  /** Whether stdout, and stderr, have colours. */
  color: {out: boolean; err: boolean}
  /** Everything on stdout, each line a JSON object. */
  json: boolean
  /** Only what tasks say. */
  quiet: boolean
  write(text: string): void
  writeError(text: string): void
}

/**
 * What a person sees of tasks: on stdout what they print there, on stderr what they print there and log, and how they
 * fare; each line begins with its task.
 */
export function superviseOutput(options: SuperviseOutputOptions): Required<SuperviseListener> {
  const {color, json, quiet, write, writeError} = options
  if (json) {
    const tell = (value: object) => write(`${JSON.stringify(value)}\n`)
    return {onEvent: tell, onLine: line => tell({...line, type: 'line'})}
  }
  return {
    onLine: line => {
      if (line.stream === 'stdout') write(renderLine(line, color.out))
      else writeError(renderLine(line, color.err))
    },
    onEvent: event => {
      const note = quiet ? undefined : workerNote(event)
      if (note !== undefined) writeError(renderLine({label: event.label, text: `[${note}]`}, color.err))
    },
  }
}
