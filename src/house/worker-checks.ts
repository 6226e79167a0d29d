import {compileResult, serverListeningParams} from '../model/protocol.ts'
import {
  answers,
  checkSaid,
  checkTasks,
  compileOnce,
  excerpt,
  Failed,
  fitting,
  type Introduced,
  mustEnd,
  mustGo,
  mustHangUp,
  mustShutDown,
  nameOf,
} from './worker-rules.ts'
import {frame, type SessionRequest, type WorkerSession} from './worker-session.ts'

/** One thing that the protocol asks of a worker. */
export interface WorkerCheck {
  id: string
  title: string
  /** What the protocol says. */
  rule: string
  /** Only for workers that can do this. */
  needs?: 'compile' | 'serve'
  mode?: SessionRequest['mode']
  /** True if it wants the connection before `initialize` is answered. */
  early?: boolean
  /** Throws a `Failed` if the worker breaks the rule. */
  run(session: WorkerSession, about: Introduced): Promise<void>
}

/** Ms in which what needs no work is answered. */
const answerPatience = 10_000

/** Every check, in the order in which they are told. */
export const workerChecks: readonly WorkerCheck[] = [
  {
    id: 'patience',
    title: 'says nothing before initialize is answered',
    rule: 'Nothing is sent before the answer to initialize has come.',
    early: true,
    async run(session) {
      await session.until(() => session.received.length > 1, 500)
      const [, early] = session.received
      if (early !== undefined) throw new Failed(`it sent ${nameOf(early)} at once`)
    },
  },
  {
    id: 'version',
    title: 'leaves when the answer names a version that it does not speak',
    rule: 'Whoever doesn’t speak the version in an answer closes the connection.',
    early: true,
    async run(session, about) {
      session.welcome({protocolVersion: 999_999})
      await mustEnd(session, about, 'the answer named version 999999')
    },
  },
  {
    id: 'refusal',
    title: 'ends when it is refused',
    rule: 'Anything else ends the connection. A worker that loses its connection ends, within two seconds.',
    early: true,
    async run(session, about) {
      session.hangUp()
      await mustGo(session, about, 'the connection was closed instead of an answer')
    },
  },
  {
    id: 'unknown',
    title: 'takes what a newer supervisor may say',
    rule: 'Unknown fields are ignored, unknown notifications too. An unknown request gets MethodNotFound.',
    async run(session, about) {
      session.send({method: 'future/notification', params: {any: 'thing'}, futureField: 1})
      const answer = await session.ask(
        'future/request',
        {any: 'thing'},
        Math.min(answerPatience, about.patience),
      )
      if (answer === undefined) throw new Failed('an unknown request was not answered')
      if (answer.error?.code !== -32601)
        throw new Failed(
          `an unknown request was answered with ${excerpt(answer)}, and not with the error -32601`,
        )
    },
  },
  {
    id: 'stray-answers',
    title: 'ignores answers to nothing',
    rule: 'An answer to nothing, or a second one, is ignored.',
    async run(session, about) {
      session.welcome()
      for (const id of [4711, 'x', -1]) session.send({id, result: {status: 1}})
      for (const id of [4711, null]) session.send({id, error: {code: -32603, message: 'a stray answer'}})
      const answer = await session.ask('future/request', {}, Math.min(answerPatience, about.patience))
      if (answer?.error === undefined)
        throw new Failed(session.hungUp ? 'it hung up' : 'nothing was answered after them')
    },
  },
  {
    id: 'compile',
    title: 'compiles, and says what it does',
    rule: 'The worker sends task/start with this taskId, then what it finds, then task/finish, then the answer.',
    needs: 'compile',
    async run(session, about) {
      await compileOnce(session, about, 'check-1')
    },
  },
  {
    id: 'again',
    title: 'compiles again on the same connection',
    rule: 'Compile everything once, and look at the inputs again to do so.',
    needs: 'compile',
    async run(session, about) {
      const first = await compileOnce(session, about, 'check-1')
      const second = await compileOnce(session, about, 'check-2')
      if (first !== second)
        throw new Failed(`nothing changed, and the status was ${first} at first and ${second} then`)
    },
  },
  {
    id: 'invalid-params',
    title: 'refuses a compile without its parameters, and lives on',
    rule: 'An unknown request gets MethodNotFound, and one whose parameters don’t fit gets InvalidParams.',
    needs: 'compile',
    async run(session, about) {
      const answer = await session.ask('compile', {taskId: 7}, Math.min(answerPatience, about.patience))
      if (answer === undefined) throw new Failed('it was not answered')
      if (answer.error?.code !== -32602)
        throw new Failed(`it was answered with ${excerpt(answer)}, and not with the error -32602`)
      await compileOnce(session, about, 'check-1')
    },
  },
  {
    id: 'framing',
    title: 'reads frames in any portions, with other headers, in UTF-8',
    rule: 'Content-Length counts bytes of UTF-8. Other headers are ignored.',
    needs: 'compile',
    async run(session, about) {
      const content = Buffer.from(
        JSON.stringify({
          jsonrpc: '2.0',
          method: 'files/changed',
          params: {changes: [{uri: 'file:///ä🙂', type: 2}]},
        }),
      )
      const head = `Content-Type: application/vscode-jsonrpc; charset=utf-8\r\nContent-Length: ${content.length}\r\n\r\n`
      for (const byte of Buffer.concat([Buffer.from(head), content])) {
        session.sendRaw(Uint8Array.of(byte))
        await new Promise(setImmediate)
      }
      await compileOnce(session, about, 'check-1')
    },
  },
  {
    id: 'flood',
    title: 'reads on while much is said to it',
    rule: 'Never stop reading in order to write. Messages are taken in the order in which they were sent.',
    needs: 'compile',
    async run(session, about) {
      const one = frame({
        method: 'files/changed',
        params: {changes: [{uri: 'file:///nowhere/file.txt', type: 2}]},
      })
      session.sendRaw(Buffer.concat(Array.from({length: 20_000}, () => one)))
      await compileOnce(session, about, 'check-1')
    },
  },
  {
    id: 'cancel',
    title: 'answers a compile that is cancelled soon',
    rule: 'Nobody wants the answer to that request any more. The worker answers it soon, with status 3.',
    needs: 'compile',
    async run(session, about) {
      const id = session.nextId
      const asked = session.ask(
        'compile',
        {taskId: 'check-1', arguments: about.arguments},
        Math.min(answerPatience, about.patience),
      )
      session.send({method: '$/cancelRequest', params: {id}})
      const answer = await asked
      if (answer === undefined) throw new Failed('there was no answer in time')
      // One that was done already may say so.
      const fits = compileResult.safeParse(answer.result).success || answer.error?.code === -32800
      if (!fits) throw new Failed(`it was answered with ${excerpt(answer)}`)
      checkSaid(session)
      checkTasks(session, {mustFinish: true})
    },
  },
  {
    id: 'oversized',
    title: 'hangs up when a frame is too large',
    rule: 'Content-Length is at most 16,777,216. A frame that breaks these rules ends the connection.',
    async run(session, about) {
      session.sendRaw('Content-Length: 999999999\r\n\r\n')
      await mustHangUp(session, about, 'a frame of 999,999,999 bytes was announced')
    },
  },
  {
    id: 'garbage',
    title: 'hangs up when a frame is no JSON',
    rule: 'The content is one JSON object. A frame that breaks these rules ends the connection.',
    async run(session, about) {
      session.sendRaw('Content-Length: 9\r\n\r\n{"method"')
      await mustHangUp(session, about, 'a frame held no JSON')
    },
  },
  {
    id: 'shutdown',
    title: 'shuts down, and exits when it is told to',
    rule: 'The answer comes when that is done. The process lives on until exit. End the process, with code 0.',
    async run(session, about) {
      await mustShutDown(session, about)
    },
  },
  {
    id: 'shutdown-busy',
    title: 'shuts down also while it compiles',
    rule: 'End all work and close the server; the answer comes when that is done.',
    needs: 'compile',
    async run(session, about) {
      session.send({id: 'busy', method: 'compile', params: {taskId: 'check-1', arguments: about.arguments}})
      await mustShutDown(session, about)
    },
  },
  {
    id: 'lost',
    title: 'ends when its supervisor is gone',
    rule: 'A worker that loses its connection ends, within two seconds.',
    async run(session, about) {
      session.hangUp()
      await mustGo(session, about, 'the connection was closed')
    },
  },
  {
    id: 'lost-busy',
    title: 'ends when its supervisor is gone while it compiles',
    rule: 'A worker that loses its connection ends, within two seconds.',
    needs: 'compile',
    async run(session, about) {
      session.send({id: 'busy', method: 'compile', params: {taskId: 'check-1', arguments: about.arguments}})
      await session.until(() => session.received.some(({method}) => method === 'task/start'), 1000)
      session.hangUp()
      await mustGo(session, about, 'the connection was closed')
    },
  },
  {
    id: 'serve',
    title: 'serves where it says, until it is shut down',
    rule: 'Where the worker’s server listens: as it is bound, never as it was wished. Port 0 means any free port. It says server/closed before it answers shutdown.',
    needs: 'serve',
    mode: 'serve',
    async run(session, about) {
      const {patience} = about
      const said = () => session.received.find(({method}) => method === 'server/listening')
      await session.until(() => said() !== undefined || session.hungUp, patience)
      const message = said()
      if (message === undefined) throw new Failed(`there was no server/listening within ${patience / 1000} s`)
      const {url, port} = fitting(serverListeningParams, message)
      if (!URL.canParse(url)) throw new Failed(`the url ${JSON.stringify(url)} is none`)
      const address = new URL(url)
      if (Number(address.port || (address.protocol === 'https:' ? 443 : 80)) !== port)
        throw new Failed(`the url ${url} has not the port ${port}`)
      if (!(await answers(address))) throw new Failed(`nobody answers at ${url}`)
      await mustShutDown(session, about, async () => {
        if (await answers(address)) throw new Failed(`${url} answers after the shutdown`)
        const closed = session.received.some(({method}) => method === 'server/closed')
        if (!closed) throw new Failed('there was no server/closed before the answer to shutdown')
      })
    },
  },
]
