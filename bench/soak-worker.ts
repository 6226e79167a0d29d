// A worker for the soak: it publishes and begins tasks without end, as fast as it is heard, and dies now and then.
import {connectSocket} from '../src/ipc/connect.ts'
import {initialize} from '../src/ipc/handshake.ts'

const {TOOL_IPC = '', TOOL_WORKER_ID = '', TOOL_WORKER_TOKEN = ''} = process.env
const connection = await connectSocket(TOOL_IPC)
const greeting = {protocolVersion: 1, workerId: TOOL_WORKER_ID, token: TOOL_WORKER_TOKEN}
await initialize(connection, {...greeting, name: 'soak', version: '1.0.0'} as typeof greeting)
void connection.closed.then(() => process.exit(1))
const range = {start: {line: 0, character: 0}, end: {line: 0, character: 1}}
const file = (n: number) => `file:///soak/${n % 500}.ts`
for (let n = 0; ; n++) {
  const taskId = `task-${n}`
  void connection.notify('task/start', {taskId, title: 'soak'})
  await connection.notify('diagnostics/publish', {
    uri: file(n),
    diagnostics: Array.from({length: n % 7}, (_, i) => ({
      range,
      severity: 1,
      message: `problem ${i} of ${n}`,
    })),
    reset: n % 3 !== 0,
    taskId,
  })
  void connection.notify('task/finish', {taskId, status: 1})
  if (n % 50 === 0) await new Promise(resolve => setTimeout(resolve, 50))
  if (n === 20_000) process.exit(3)
}
