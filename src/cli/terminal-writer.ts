import {boundedOutput} from './bounded-output.ts'

/**
 * Writes lines to stdout and stderr, of which only so much waits for who reads them.
 * @param json whether what is left out is told as JSON
 */
export function terminalWriter(json: boolean): (stream: 'out' | 'err', text: string) => void {
  const noteOf = (lost: number) =>
    json
      ? `${JSON.stringify({type: 'lost', lines: lost})}\n`
      : `tool │ [${lost} lines were not taken in time, and are left out]\n`
  const writers = {
    out: boundedOutput(process.stdout, noteOf),
    err: boundedOutput(process.stderr, noteOf),
  }
  return (stream, text) => writers[stream](text)
}
