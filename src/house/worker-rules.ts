import {connect} from 'node:net'
import {setTimeout as delay} from 'node:timers/promises'
import type {z} from 'zod'
import {compileResult, initializeParams, type WorkerMessage, workerMessages} from '../model/protocol.ts'
import {type Received, type WorkerSession, workerId} from './worker-session.ts'

/** What is known of a worker once it has introduced itself. */
export interface Introduced {
  capabilities: {compile?: boolean | undefined; serve?: boolean | undefined}
  /** What its compile is asked with. */
  arguments: readonly string[]
  /** Ms that a whole compile may take, and a server until it listens. */
  patience: number
}

/** A rule is broken: how. */
export class Failed extends Error {}

/** Ms in which a worker that was told to go has ended. */
const endPatience = 5000
/** Ms in which one that lost its supervisor has: what the protocol says, and some for a slow machine. */
const lostPatience = 2500
/** Checks the first message. @throws Failed */
export async function introduction(session: WorkerSession): Promise<Introduced['capabilities']> {
  await session.until(() => session.received.length > 0 || over(session), 10_000)
  const [first] = session.received
  if (session.garbage !== undefined) throw new Failed(`what it sent can't be read: ${session.garbage}`)
  if (first === undefined) {
    if (session.exit !== undefined)
      throw new Failed(`it ended ${howItEnded(session)} before it said anything`)
    throw new Failed(session.connected ? 'it said nothing within 10 s' : 'it did not connect within 10 s')
  }
  if (first.method !== 'initialize' || first.id === undefined)
    throw new Failed(`the first message was no request initialize, but ${excerpt(first)}`)
  const params = fitting(initializeParams, first)
  if (params.token !== session.token) throw new Failed('the token is not that of TOOL_WORKER_TOKEN')
  if (params.workerId !== workerId) throw new Failed('the workerId is not that of TOOL_WORKER_ID')
  if (params.protocolVersion < 1) throw new Failed(`there is no protocolVersion ${params.protocolVersion}`)
  return params.capabilities
}

/** One whole compile, held against all that is asked of one. @returns the status @throws Failed */
export async function compileOnce(
  session: WorkerSession,
  about: Introduced,
  taskId: string,
): Promise<number> {
  const from = session.received.length
  const params = {taskId, arguments: about.arguments, futureField: {any: 'thing'}}
  const answer = await session.ask('compile', params, about.patience)
  if (session.garbage !== undefined) throw new Failed(`what it sent can't be read: ${session.garbage}`)
  if (answer === undefined) {
    if (session.hungUp) throw new Failed('it hung up instead of answering')
    throw new Failed(`there was no answer within ${about.patience / 1000} s`)
  }
  if (answer.error !== undefined)
    throw new Failed(`it says that it is broken: ${excerpt(answer)}; give it arguments with --argument`)
  const result = compileResult.safeParse(answer.result)
  if (!result.success) throw new Failed(`the answer is none: ${excerpt(answer)}`)
  checkSaid(session)
  const said = session.received.slice(from)
  const at = (method: string) =>
    said.findIndex(message => message.method === method && taskOf(message) === taskId)
  const [started, finished, answered] = [at('task/start'), at('task/finish'), said.indexOf(answer)]
  if (started === -1) throw new Failed(`there was no task/start with the taskId ${taskId}`)
  if (finished === -1 || finished > answered) throw new Failed('there was no task/finish before the answer')
  if (finished < started) throw new Failed('task/finish came before task/start')
  const stray = said.findIndex(
    (message, index) =>
      message.method === 'diagnostics/publish' && (index < started || (index > finished && index < answered)),
  )
  if (stray !== -1) throw new Failed('diagnostics came outside of the task')
  const {status} = workerMessages['task/finish'].parse(said[finished]?.params)
  if (status !== result.data.status)
    throw new Failed(`task/finish says status ${status}, and the answer ${result.data.status}`)
  checkTasks(session, {mustFinish: true})
  return result.data.status
}

/** Every message that the worker sent on its own has to fit. */
export function checkSaid(session: WorkerSession): void {
  for (const message of session.received) {
    const {method} = message
    if (typeof method === 'string' && isWorkerMethod(method)) fitting(workerMessages[method], message)
  }
}

/** Every task that was started is finished, and each message of one is inside it. @throws Failed */
export function checkTasks(session: WorkerSession, {mustFinish}: {mustFinish: boolean}): void {
  const open = new Set<string>()
  for (const message of session.received) {
    const id = taskOf(message)
    if (id === undefined) continue
    if (message.method === 'task/start') {
      if (open.has(id)) throw new Failed(`the task ${id} was started twice`)
      open.add(id)
    } else if (message.method === 'task/finish' && !open.delete(id)) {
      throw new Failed(`the task ${id} was finished without a start`)
    } else if (message.method === 'task/progress' && !open.has(id)) {
      throw new Failed(`there was progress of the task ${id}, which is not open`)
    }
  }
  const [left] = open
  if (mustFinish && left !== undefined) throw new Failed(`the task ${left} was not finished`)
}

/** Shutdown is answered, the process waits for exit, and obeys it. @throws Failed */
export async function mustShutDown(
  session: WorkerSession,
  about: Introduced,
  afterwards = async () => {},
): Promise<void> {
  const limit = Math.min(endPatience, about.patience)
  const answer = await session.ask('shutdown', {}, limit)
  if (answer === undefined) throw new Failed(`shutdown was not answered within ${limit / 1000} s`)
  if (answer.error !== undefined) throw new Failed(`shutdown was answered with ${excerpt(answer)}`)
  if (session.exit !== undefined) throw new Failed('it ended before it was told to exit')
  await afterwards()
  session.send({method: 'exit', params: {}})
  await mustEnd(session, about, 'exit was sent')
  if (!endedWell(session)) throw new Failed(`it ended ${howItEnded(session)}, and not with exit code 0`)
}

/** One whose connection was lost. @throws Failed */
export function mustGo(session: WorkerSession, about: Introduced, why: string): Promise<void> {
  return mustEnd(session, about, why, lostPatience)
}

/** The process, and all that it started. */
export async function mustEnd(
  session: WorkerSession,
  {patience}: Introduced,
  why: string,
  most = endPatience,
): Promise<void> {
  const limit = Math.min(most, patience)
  if (!(await session.until(() => session.exit !== undefined, limit)))
    throw new Failed(`it still runs ${limit / 1000} s after ${why}`)
  for (let waited = 0; session.leftovers(); waited += 50) {
    if (waited >= 1000) throw new Failed('processes that it started outlive it')
    await delay(50)
  }
}

/** It ends the connection, then itself. @throws Failed */
export async function mustHangUp(session: WorkerSession, about: Introduced, why: string): Promise<void> {
  const limit = Math.min(endPatience, about.patience)
  if (!(await session.until(() => session.hungUp, limit)))
    throw new Failed(`it goes on ${limit / 1000} s after ${why}`)
  session.hangUp()
  await mustEnd(session, about, why)
}

/** The parameters of a message, if they fit. */
export function fitting<S extends z.ZodType>(schema: S, message: Received): z.infer<S> {
  const checked = schema.safeParse(message.params)
  if (checked.success) return checked.data
  const [issue] = checked.error.issues
  const where = issue === undefined || issue.path.length === 0 ? '' : `${issue.path.map(String).join('.')}: `
  throw new Failed(`${nameOf(message)} does not fit: ${where}${issue?.message}: ${excerpt(message)}`)
}

function isWorkerMethod(method: string): method is WorkerMessage['method'] {
  return Object.hasOwn(workerMessages, method)
}

function taskOf({params}: Received): string | undefined {
  if (typeof params !== 'object' || params === null || !('taskId' in params)) return undefined
  return typeof params.taskId === 'string' ? params.taskId : undefined
}

/** Whether nothing more can come. */
const over = ({hungUp, exit, garbage}: WorkerSession) => hungUp || exit !== undefined || garbage !== undefined

/** What a message is, in a word. */
export const nameOf = ({method}: Received) => (typeof method === 'string' ? method : 'an answer')

const endedWell = ({exit}: WorkerSession) => exit?.code === 0

function howItEnded({exit}: WorkerSession): string {
  return exit?.signal ? `by ${exit.signal}` : `with exit code ${exit?.code}`
}

/** A message in a line. */
export function excerpt(message: object): string {
  const text = written(message)
  return text.length > 300 ? `${text.slice(0, 300)}…` : text
}

function written(message: object): string {
  try {
    return JSON.stringify(message)
  } catch {
    return 'a message that is nested too deeply to be shown'
  }
}

/** Whether a connection succeeds. */
export async function answers({hostname, port, protocol}: URL): Promise<boolean> {
  const host = hostname.replace(/^\[|\]$/g, '')
  return new Promise(resolve => {
    const socket = connect({host, port: Number(port || (protocol === 'https:' ? 443 : 80)), timeout: 3000})
    const end = (answer: boolean) => {
      socket.destroy()
      resolve(answer)
    }
    socket.once('connect', () => end(true))
    socket.once('error', () => end(false))
    socket.once('timeout', () => end(false))
  })
}
