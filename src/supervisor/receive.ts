import type {Connection} from '../ipc/types.ts'
import {unchecked} from '../ipc/unchecked.ts'
import {type WorkerMessage, workerMessages} from '../model/protocol.ts'

/** Hands on what a worker says over its socket. A message that doesn't fit its schema is a problem, but no end. */
export function receive(
  connection: Connection,
  {onMessage, onProblem}: {onMessage(message: WorkerMessage): void; onProblem(text: string): void},
): void {
  for (const [method, schema] of Object.entries(workerMessages)) {
    // Checked here, where a misfit can be told in the worker's name.
    connection.onNotification(method, unchecked(), params => {
      const checked = schema.safeParse(params)
      if (checked.success) return onMessage({method, params: checked.data} as WorkerMessage)
      const [issue] = checked.error.issues
      onProblem(`it sent a ${method} that is none: ${issue?.path.join('.')}: ${issue?.message}`)
    })
  }
}
