import {join} from 'node:path'
import {expect, test} from 'vitest'
import {workerId} from '../../src/driver/worker-id.ts'
import type {WorkerMode} from '../../src/model/protocol.ts'
import {Session} from '../../src/session/session.ts'
import type {PlannedWorker, Planner, RunRequest} from '../../src/session/types.ts'
import {shellWorker, supervised} from '../support/supervised.ts'
import {target} from '../support/targets.ts'

interface Shape {
  mode?: WorkerMode
  version?: string
  /** Ready by the line `ready` instead of by its start. */
  byLine?: boolean
  env?: Record<string, string>
}

/** A shell script in the place of a compiler. */
function planned(name: string, script: string, {mode = 'serve', version = '1', byLine, env}: Shape = {}) {
  const spec = shellWorker(script, {
    id: workerId({mode, toolchain: name, version}),
    label: name,
    env: {PATH: process.env.PATH ?? '', ...env},
    ...(byLine && {readiness: {by: 'line', pattern: /^ready$/, timeout: 20_000}}),
  })
  return {spec, target: {...target({name}, {file: '/bin/sh', args: [], binDirectories: []}), version}}
}

/** A session whose "pins" a test may change. */
function session(...pins: PlannedWorker[]) {
  const s = supervised()
  const project = {pins}
  const plan: Planner = async ({mode, toolchain}) =>
    project.pins.filter(
      ({spec}) => spec.id.startsWith(mode) && (toolchain === undefined || spec.label === toolchain),
    )
  const session = new Session(s.supervisor, {plan, cwd: s.box.project})
  return {s, project, session, [Symbol.asyncDispose]: () => s[Symbol.asyncDispose]()}
}

function asking(toolchain?: string, mode: WorkerMode = 'serve'): RunRequest {
  return {mode, toolchain, args: [], color: false, cwd: '/', env: {}}
}

const lasting = 'exec sleep 600'
/** Ends a while after it was told to, when its file is there. */
const slowToEnd = (file: string) =>
  `trap 'while ! test -e ${file}; do sleep 0.01; done; exit 0' TERM; echo begun; while :; do sleep 0.01; done`

function states({s}: ReturnType<typeof session>) {
  return Object.fromEntries(s.supervisor.list().map(({id, info}) => [id, info.state.kind]))
}

/** Follows a change of the pins by which something can't run, and resolves when it waits for the next one. */
async function renewedInVain({session: running, s}: ReturnType<typeof session>): Promise<void> {
  await running.renew()
  await s.line(/another change starts it again/)
}

/** Whether it has resolved by the time that all that is under way was done. */
async function isDone(promise: Promise<unknown>): Promise<boolean> {
  return Promise.race([promise.then(() => true), new Promise(setImmediate).then(() => false)])
}

test('what was asked for before is still followed after a second request failed', async () => {
  await using one = session(planned('a', lasting), planned('b', lasting))
  await one.session.run(asking(), one.session)
  await one.s.supervisor.get('serve:b@1')?.stop()
  one.project.pins = [planned('a', lasting), planned('b', 'exit 3', {byLine: true})]
  await expect(one.session.run(asking(), one.session)).rejects.toMatchObject({code: 'WORKER_EXITED'})
  expect(states(one)).toMatchObject({'serve:a@1': 'ready'})
  one.project.pins = [planned('a', lasting, {version: '2'})]
  await one.session.renew()
  await one.s.reaches('ready', 'serve:a@2')
  expect((await one.session.restart()).map(({id}) => id)).toEqual(['serve:a@2'])
})

test('what a failing request started stays for who has joined it', async () => {
  await using one = session()
  const file = join(one.s.box.root, 'go')
  const waiting = `while ! test -e ${file}; do sleep 0.01; done; exit 3`
  one.project.pins = [planned('a', lasting), planned('b', waiting, {byLine: true})]
  const [failing, joining] = [{}, {}]
  const failed = expect(one.session.run(asking(), failing)).rejects.toMatchObject({code: 'WORKER_EXITED'})
  await one.s.reaches('ready', 'serve:a@1')
  await one.session.run(asking('a'), joining)
  one.s.box.write('../go', '')
  await failed
  expect(states(one)).toEqual({'serve:a@1': 'ready'})
  await one.session.leave(joining)
  expect(one.s.supervisor.get('serve:a@1')?.info.state.kind).toBe('stopped')
})

test('who asks for what is just being stopped for another gets it anew', async () => {
  await using one = session()
  const file = join(one.s.box.root, 'go')
  one.project.pins = [planned('a', slowToEnd(file))]
  const [first, second] = [{}, {}]
  await one.session.run(asking(), first)
  await one.s.line(/begun/)
  const left = one.session.leave(first)
  await one.s.reaches('stopping', 'serve:a@1')
  const asked = one.session.run(asking(), second)
  one.s.box.write('../go', '')
  expect((await asked).map(({id}) => id)).toEqual(['serve:a@1'])
  await left
  expect(states(one)).toEqual({'serve:a@1': 'ready'})
})

test('an end while a request is planned is told after that, whatever came of it', async () => {
  for (const outcome of ['nothing', 'an error']) {
    const s = supervised()
    await using _s = s
    const [asked, go] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const plan: Planner = async ({mode}) => {
      if (mode === 'serve') return [planned('a', 'read -r x < "$FIFO"', {env: {FIFO: fifo}})]
      asked.resolve()
      await go.promise
      if (outcome === 'an error') throw new Error('no')
      return []
    }
    const fifo = join(s.box.root, 'end')
    const one = new Session(s.supervisor, {plan, cwd: s.box.project})
    await one.run(asking(), one)
    const building = one.run(asking(undefined, 'build'), {}).catch(() => [])
    await asked.promise
    // Without the pipe that it wants to read from it ends.
    await s.supervisor.get('serve:a@1')?.done
    expect(await isDone(one.over)).toBe(false)
    go.resolve()
    await building
    await one.over
    expect(one.isOver).toBe(true)
    await expect(one.run(asking(), {})).rejects.toMatchObject({code: 'SUPERVISOR_STOPPED'})
  }
})

test('what waits for a change does no more once it was started otherwise, or is not pinned any more', async () => {
  await using one = session()
  const file = join(one.s.box.root, 'go')
  const broken = `test -e ${file} && { echo ready; ${lasting}; }; exit 3`
  const waits = async (version: string) => {
    one.project.pins = [planned('a', broken, {version, byLine: true}), planned('b', lasting)]
    await one.session.renew()
    await one.s.line(/another change starts it again/)
    await one.s.reaches('stopped', `serve:a@${version}`)
  }
  one.project.pins = [planned('a', lasting), planned('b', lasting)]
  await one.session.run(asking(), one.session)
  await waits('2')
  one.s.box.write('../go', '')
  await one.session.restart('a')
  await one.s.supervisor.get('serve:a@2')?.stop()
  await one.s.supervisor.get('serve:b@1')?.stop()
  await one.session.over
})

test('what waits and is not pinned any more keeps nothing alive', async () => {
  await using one = session()
  one.project.pins = [planned('a', lasting), planned('b', lasting)]
  await one.session.run(asking(), one.session)
  one.project.pins = [planned('a', 'exit 3', {version: '2', byLine: true}), planned('b', lasting)]
  await renewedInVain(one)
  one.project.pins = [planned('b', lasting)]
  await one.session.renew()
  expect(states(one)).toEqual({'serve:b@1': 'ready'})
  await one.s.supervisor.get('serve:b@1')?.stop()
  await one.session.over
})

test('who leaves while place is made for its request has none of it afterwards', async () => {
  await using one = session()
  const file = join(one.s.box.root, 'go')
  one.project.pins = [planned('a', lasting), planned('b', slowToEnd(file))]
  const [other, leaving] = [{}, {}]
  await one.session.run(asking('a'), other)
  await one.session.run(asking('b'), one.session)
  await one.s.line(/begun/)
  one.project.pins = [planned('a', lasting), planned('b', lasting, {version: '2'})]
  const gone = new AbortController()
  const asked = expect(one.session.run(asking(), leaving, {signal: gone.signal})).rejects.toThrow('gone')
  await one.s.reaches('stopping', 'serve:b@1')
  gone.abort(new Error('gone'))
  await one.session.leave(leaving)
  one.s.box.write('../go', '')
  await asked
  await one.session.leave(other)
  expect(states(one)).toEqual({'serve:b@2': 'ready'})
})

test('what somebody starts again while its place is made free is stopped once more', async () => {
  await using one = session()
  const file = join(one.s.box.root, 'go')
  one.project.pins = [planned('a', lasting), planned('b', slowToEnd(file))]
  await one.session.run(asking(), one.session)
  await one.s.line(/begun/)
  one.project.pins = [planned('a', lasting, {env: {X: '1'}}), planned('b', lasting, {env: {X: '1'}})]
  const renewed = one.session.renew()
  const old = one.s.supervisor.get('serve:a@1')
  await one.s.reaches('stopped', 'serve:a@1')
  await old?.restart()
  one.s.box.write('../go', '')
  await renewed
  expect(one.s.supervisor.get('serve:a@1')).not.toBe(old)
  expect(one.s.supervisor.get('serve:a@1')?.spec.env).toMatchObject({X: '1'})
})

test('who has nothing left since it is not pinned any more hears of it', async () => {
  await using one = session(planned('a', lasting), planned('b', lasting))
  await one.session.run(asking('a'), one.session)
  const client = {}
  await one.session.run(asking(), client)
  const over = Promise.withResolvers<void>()
  await one.session.run(asking('b'), client)
  one.session.onOver(client, over.resolve)
  await one.session.leave(one.session)
  one.project.pins = []
  await one.session.renew()
  await over.promise
})

test('a toolchain takes the place of another and gives it back', async () => {
  await using one = session(planned('a', lasting))
  await one.session.run(asking(), one.session)
  one.project.pins = [planned('b', lasting)]
  await one.session.renew()
  await one.s.reaches('ready', 'serve:b@1')
  expect(states(one)).toEqual({'serve:b@1': 'ready'})
  one.project.pins = [planned('a', lasting)]
  await one.session.renew()
  expect((await one.session.restart('a')).map(({id}) => id)).toEqual(['serve:a@1'])
  expect(states(one)).toEqual({'serve:a@1': 'ready'})
})

test('what is not pinned for a while beside one that waits comes back', async () => {
  await using one = session(planned('a', lasting), planned('b', lasting))
  await one.session.run(asking(), one.session)
  const broken = planned('b', 'exit 3', {version: '2', byLine: true})
  one.project.pins = [planned('a', lasting), broken]
  await renewedInVain(one)
  one.project.pins = [broken]
  await one.session.renew()
  one.project.pins = [planned('a', lasting), broken]
  await one.session.renew()
  await one.s.reaches('ready', 'serve:a@1')
})

test('who leaves while a restart makes place has nothing of it afterwards', async () => {
  await using one = session()
  const file = join(one.s.box.root, 'go')
  one.project.pins = [planned('a', slowToEnd(file))]
  const client = {}
  await one.session.run(asking(), client)
  await one.s.line(/begun/)
  one.project.pins = [planned('a', lasting, {version: '2'})]
  const restarted = one.session.restart().catch(() => [])
  await one.s.reaches('stopping', 'serve:a@1')
  const left = one.session.leave(client)
  one.s.box.write('../go', '')
  await Promise.all([left, restarted])
  await one.session.over
  expect(states(one)).toMatchObject({'serve:a@2': 'stopped'})
})

test('a session ends with what waits for a change, when nobody wants that any more', async () => {
  await using one = session(planned('a', lasting))
  const client = {}
  await one.session.run(asking(), client)
  one.project.pins = [planned('a', 'exit 3', {version: '2', byLine: true})]
  await renewedInVain(one)
  expect(await isDone(one.session.over)).toBe(false)
  await one.session.leave(client)
  await one.session.over
})

test('a session ends with what a change has started, when that ends as if all were well', async () => {
  await using one = session(planned('a', lasting))
  await one.session.run(asking(), one.session)
  one.project.pins = [planned('a', 'exit 0', {version: '2', byLine: true})]
  await renewedInVain(one)
  one.project.pins = [planned('a', 'exit 0', {version: '3'})]
  await one.session.renew()
  await one.session.over
})

test('what is stopped while a change starts it stays stopped', async () => {
  await using one = session(planned('a', lasting), planned('b', lasting))
  await one.session.run(asking(), one.session)
  one.project.pins = [planned('a', lasting, {version: '2', byLine: true}), planned('b', lasting)]
  await one.session.renew()
  await one.s.supervisor.get('serve:a@2')?.stop()
  await new Promise(setImmediate)
  one.project.pins = [planned('a', lasting, {version: '3'}), planned('b', lasting)]
  await one.session.renew()
  expect(states(one)).toMatchObject({'serve:a@2': 'stopped', 'serve:b@1': 'ready'})
  expect(one.s.lines.filter(({text}) => text.includes('starts it again'))).toEqual([])
})

test('who waits for a change goes on to, whoever tries in vain meanwhile', async () => {
  await using one = session(planned('a', lasting))
  await one.session.run(asking(), one.session)
  one.project.pins = [planned('a', 'exit 3', {version: '2', byLine: true})]
  await renewedInVain(one)
  await expect(one.session.run(asking(), {})).rejects.toMatchObject({code: 'WORKER_EXITED'})
  await expect(one.session.restart()).rejects.toMatchObject({code: 'WORKER_EXITED'})
  expect(await isDone(one.session.over)).toBe(false)
  one.project.pins = [planned('a', lasting, {version: '3'})]
  await one.session.renew()
  await one.s.reaches('ready', 'serve:a@3')
})

test('a restart leaves alone what another stops wanting while it is planned', async () => {
  const s = supervised()
  await using _s = s
  const [asked, go] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  let slow = false
  const plan: Planner = async ({toolchain}) => {
    if (slow) {
      asked.resolve()
      await go.promise
    }
    return [planned('a', lasting), planned('b', lasting)].filter(
      ({spec}) => toolchain === undefined || spec.label === toolchain,
    )
  }
  const one = new Session(s.supervisor, {plan, cwd: s.box.project})
  const client = {}
  await one.run(asking('a'), one)
  await one.run(asking('b'), client)
  slow = true
  const restarted = one.restart()
  await asked.promise
  await one.leave(client)
  go.resolve()
  expect((await restarted).map(({id}) => id)).toEqual(['serve:a@1'])
})
