import type {Connection, Schema} from '../ipc/types.ts'
import {type WorkerMessage, workerMessages} from '../model/protocol.ts'

/** Takes whatever comes; the check follows where the worker's name is known. */
const anything: Schema<unknown> = {safeParse: data => ({success: true, data})}

/** Hands on what a worker says over its socket. A message that doesn't fit its schema is a problem, but no end. */
export function receive(
  connection: Connection,
  {onMessage, onProblem}: {onMessage(message: WorkerMessage): void; onProblem(text: string): void},
): void {
  for (const [method, schema] of Object.entries(workerMessages)) {
    connection.onNotification(method, anything, params => {
      const checked = schema.safeParse(params)
      if (checked.success) return onMessage({method, params: checked.data} as WorkerMessage)
      const [issue] = checked.error.issues
      onProblem(`it sent a ${method} that is none: ${issue?.path.join('.')}: ${issue?.message}`)
    })
  }
}
