import {mkdirSync, writeFileSync} from 'node:fs'
import {createServer} from 'node:net'
import {join} from 'node:path'
import {setTimeout as delay} from 'node:timers/promises'
import fc from 'fast-check'
import {expect, test} from 'vitest'
import {processIdentity} from '../../src/process/identity.ts'
import {connectControl, openControl, Picture, type Position} from '../../src/supervisor/index.ts'
import {type Besieged, besieged} from '../support/besieged.ts'
import {frame} from '../support/ipc.ts'
import {policy, supervised} from '../support/supervised.ts'

test('a supervisor that lives and does not answer is named, and nothing of it is touched', async () => {
  await using s = supervised()
  const {layout} = s.box.context
  const place = {layout, projectRoot: s.box.project}
  const run = layout.run(s.box.project)
  mkdirSync(run, {recursive: true})
  const socket = join(run, 'control.sock')
  const silent = createServer(client => client.on('error', () => {})).listen(socket)
  const record = {
    process: processIdentity(process.pid),
    instance: 'i',
    token: 't',
    socket,
    version: '1',
    root: s.box.project,
    started: 0,
  }
  writeFileSync(join(run, 'supervisor.json'), JSON.stringify(record), {mode: 0o600})
  const expected = {
    code: 'SUPERVISOR_NOT_ANSWERING',
    message: expect.stringContaining(String(process.pid)),
    hint: 'end it, and all that it runs: tool stop --force',
    exitCode: 8,
  }
  await expect(connectControl(place)).rejects.toMatchObject(expected)
  await expect(openControl(s.supervisor, {...place, version: '1'})).rejects.toMatchObject(expected)
  expect(silent.listening).toBe(true)
  silent.close()
})

/** What a busy compiler says: tasks, and diagnostics that come and go. */
function chatter(rounds: number): Buffer {
  const range = {start: {line: 0, character: 0}, end: {line: 0, character: 1}}
  const say = (method: string, params: object) => frame({jsonrpc: '2.0', method, params})
  return Buffer.concat(
    Array.from({length: rounds}, (_, round) => [
      say('task/start', {taskId: `t${round}`, title: 'round'}),
      ...Array.from({length: 8}, (_, n) => {
        const diagnostics = Array.from({length: (round + n) % 4}, () => ({range, message: `${round}`}))
        return say('diagnostics/publish', {uri: `file:///${n}`, diagnostics, reset: round % 3 > 0})
      }),
      ...(round % 5 ? [say('task/finish', {taskId: `t${round}`, status: 1})] : []),
    ]).flat(),
  )
}

/** A client that comes and goes: what it took for true, and how often it had to start over. */
async function wanderer({box, supervisor}: Besieged, stays: readonly number[], until: () => boolean) {
  const place = {layout: box.context.layout, projectRoot: box.project}
  let picture = new Picture()
  let since: Position | undefined
  let snapshots = 0
  for (let visit = 0; ; visit++) {
    // Asked before it comes, so that the last visit sees all.
    const last = until()
    using client = await connectControl(place)
    if (!client) throw new Error('the supervisor is gone')
    const before = since
    const end = Promise.withResolvers<void>()
    let [taken, seen] = [0, 0]
    const goal = last ? supervisor.events.subscribe().seq : Number.POSITIVE_INFINITY
    const subscription = await client.subscribe((event, seq) => {
      if (taken === 0) seen = subscription.seq
      if (seq !== seen + 1) end.reject(new Error(`event ${seq} came after ${seen}`))
      seen = seq
      taken += 1
      picture.apply(event)
      since = {instance: subscription.instance, seq}
      if (last ? seq >= goal : taken >= (stays[visit % stays.length] ?? 1)) end.resolve()
    }, since)
    if (subscription.snapshot) {
      snapshots += 1
      picture = Picture.of(subscription.snapshot)
    } else {
      expect(subscription.seq).toBe(before?.seq)
    }
    since = {instance: subscription.instance, seq: subscription.seq}
    if (subscription.seq >= goal) end.resolve()
    // Nothing may come for a while; then it leaves also before it had enough.
    await Promise.race([end.promise, ...(last ? [] : [delay(200)])])
    if (last) return {picture: picture.snapshot(), snapshots}
  }
}

test('whoever comes and goes while workers flood and crash ends with the supervisor’s own picture', async () => {
  const visits = fc.array(fc.array(fc.integer({min: 1, max: 3000}), {minLength: 1, maxLength: 5}), {
    minLength: 10,
    maxLength: 10,
  })
  await fc.assert(
    fc.asyncProperty(visits, async stays => {
      await using s = await besieged()
      const restart = policy({restart: 'permanent', delay: 10, maxRestarts: Number.POSITIVE_INFINITY})
      const workers = ['a', 'b', 'c'].map(id => ({...s.worker(id, chatter(500), {times: 4}), restart}))
      const started = workers.map(spec => s.supervisor.start(spec))
      let over = false
      let heard = 0
      s.supervisor.onEvent((_event, seq) => {
        heard = seq
      })
      const clients = Promise.all(stays.map(own => wanderer(s, own, () => over)))
      clients.catch(() => {})
      for (let crash = 1; crash <= 6; crash++) {
        while (heard < crash * 5000) await delay(5)
        const {pid} = started[crash % started.length]?.info ?? {pid: null}
        if (pid !== null) process.kill(pid, 'SIGKILL')
      }
      await Promise.all(started.map(worker => worker.stop()))
      over = true
      const truth = s.supervisor.events.snapshot()
      for (const {picture} of await clients) expect(picture).toEqual(truth)
    }),
    {numRuns: 3, endOnFailure: true},
  )
})

test('a client that stops reading costs bounded memory, is dropped, and catches up by a snapshot', async () => {
  await using s = await besieged()
  using deaf = await s.foe()
  deaf.send({id: 'first', method: 'events/subscribe', params: {}})
  const {result} = await deaf.answer('first')
  deaf.socket.pause()
  const before = process.memoryUsage.rss()
  let most = before
  const watch = setInterval(() => {
    most = Math.max(most, process.memoryUsage.rss())
  }, 5)
  s.events.push = () => 0
  const progress = frame({
    jsonrpc: '2.0',
    method: 'task/progress',
    params: {taskId: 't', message: 'x'.repeat(1000)},
  })
  const start = frame({jsonrpc: '2.0', method: 'task/start', params: {taskId: 't', title: ''}})
  const said = Buffer.concat([start, ...Array.from({length: 1000}, () => progress)])
  const worker = s.supervisor.start(s.worker('loud', said, {times: 100}))
  await s.line(/^all sent/)
  await s.isUnharmed()
  clearInterval(watch)
  // 16 MiB on its way, and the ring of the last 10,000.
  expect(most - before).toBeLessThan(150e6)
  deaf.socket.resume()
  await deaf.closed
  const place = {layout: s.box.context.layout, projectRoot: s.box.project}
  using back = await connectControl(place)
  const {seq, instance} = result as Position
  const late = await back?.subscribe(() => {}, {seq, instance})
  expect(late?.snapshot).toEqual(s.supervisor.events.snapshot())
  expect(await back?.subscribe(() => {}, {seq: (late?.seq ?? 0) - 9000, instance})).not.toHaveProperty(
    'snapshot',
  )
  await worker.stop()
})
