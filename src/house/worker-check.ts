import type {Context} from '../base/context.ts'
import {Exit, UserError} from '../base/errors.ts'
import {nearestNames} from '../base/nearest.ts'
import {advice} from './worker-advice.ts'
import {type WorkerCheck, workerChecks} from './worker-checks.ts'
import {excerpt, Failed, type Introduced, introduction} from './worker-rules.ts'
import {type SessionRequest, startSession, type WorkerSession} from './worker-session.ts'

export interface WorkerCheckRequest {
  /** The worker's program and its arguments, in which `{mode}` stands for `build` or `serve`. */
  command: readonly string[]
  /** What a compile, and a server, is asked with. */
  arguments?: readonly string[]
  /** Ms that a whole compile may take, and a server until it listens. */
  patience?: number
  /** Ids of the checks to run beside the handshake; none: all. */
  only?: readonly string[]
}

export interface CheckResult {
  id: string
  title: string
  status: 'pass' | 'fail' | 'skipped'
  /** What the protocol says. */
  rule: string
  /** Why it failed, or was skipped. */
  reason?: string
  /** Of a failure: what to do about it. */
  advice?: string
  /** Of a failure: the last messages and lines of output. */
  excerpt?: readonly string[]
}

export interface WorkerReport {
  /** Whether nothing failed. */
  ok: boolean
  checks: readonly CheckResult[]
}

const handshake = {
  id: 'handshake',
  title: 'introduces itself first, with its id and token',
  rule: 'The first message on a connection must be a request initialize with the right token, within 10 seconds.',
}

/**
 * Holds a worker against the protocol: starts it anew for each check, acts as its supervisor, and ends it. Every check
 * ends within a limit.
 * @throws UserError CHECK_UNKNOWN, COMMAND_NOT_FOUND, COMMAND_NOT_EXECUTABLE; the reason of the context's signal
 */
export async function checkWorker(
  context: Context,
  request: WorkerCheckRequest,
  onResult: (result: CheckResult) => void = () => {},
): Promise<WorkerReport> {
  const checks: CheckResult[] = []
  const tell = (result: CheckResult) => {
    checks.push(result)
    onResult(result)
  }
  const wanted = chosen(request)
  const about = await introduce(context, request, tell)
  for (const check of wanted) tell(await runCheck(context, request, check, about))
  return {ok: checks.every(({status}) => status !== 'fail'), checks}
}

function chosen({only = []}: WorkerCheckRequest): readonly WorkerCheck[] {
  const known = workerChecks.map(({id}) => id)
  const unknown = only.find(id => !known.includes(id))
  if (unknown !== undefined) {
    const [near] = nearestNames(unknown, known)
    throw new UserError({
      code: 'CHECK_UNKNOWN',
      message: `there is no check ${JSON.stringify(unknown)}`,
      hint: near === undefined ? `the checks are ${known.join(', ')}` : `did you mean ${near}?`,
      exitCode: Exit.usage,
    })
  }
  return only.length === 0 ? workerChecks : workerChecks.filter(({id}) => only.includes(id))
}

async function introduce(
  context: Context,
  request: WorkerCheckRequest,
  tell: (result: CheckResult) => void,
): Promise<Introduced | undefined> {
  const {patience = 60_000, arguments: given = []} = request
  await using session = await startSession(context, sessionOf(request, 'build'))
  try {
    const capabilities = await introduction(session)
    tell({...handshake, status: 'pass'})
    return {capabilities, arguments: given, patience}
  } catch (error) {
    context.signal.throwIfAborted()
    tell(failure(handshake, session, error))
    return undefined
  }
}

async function runCheck(
  context: Context,
  request: WorkerCheckRequest,
  check: WorkerCheck,
  about: Introduced | undefined,
): Promise<CheckResult> {
  const {id, title, rule, needs, mode = 'build', early = false} = check
  const skipped = (reason: string): CheckResult => ({id, title, rule, status: 'skipped', reason})
  if (about === undefined) return skipped('the handshake failed')
  if (needs !== undefined && about.capabilities[needs] !== true)
    return skipped(`its capabilities say nothing of ${needs}`)
  await using session = await startSession(context, sessionOf(request, mode))
  try {
    await introduction(session)
    if (!early) session.welcome()
    await check.run(session, about)
    if (session.garbage !== undefined) throw new Failed(`what it sent can't be read: ${session.garbage}`)
    return {id, title, rule, status: 'pass'}
  } catch (error) {
    context.signal.throwIfAborted()
    return failure(check, session, error)
  }
}

function sessionOf({command, arguments: given = []}: WorkerCheckRequest, mode: SessionRequest['mode']) {
  return {command: command.map(word => word.replaceAll('{mode}', mode)), mode, arguments: given}
}

function failure(
  {id, title, rule}: Pick<CheckResult, 'id' | 'title' | 'rule'>,
  session: WorkerSession,
  error: unknown,
): CheckResult {
  if (!(error instanceof Failed)) throw error
  const lines = [
    ...session.received.slice(-4).map(message => `sent: ${withoutToken(excerpt(message), session)}`),
    ...session.printed.slice(-4).map(line => `printed: ${line}`),
  ]
  const reason = withoutToken(error.message, session)
  return {id, title, rule, status: 'fail', reason, ...adviceFor(id), excerpt: lines}
}

function adviceFor(id: string): {advice?: string} {
  return advice[id] === undefined ? {} : {advice: advice[id]}
}

const withoutToken = (text: string, {token}: WorkerSession) => text.replaceAll(token, '<token>')
