import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect} from 'vitest'
import {type Controller, connectControl, openControl, type WorkerSpec} from '../../src/supervisor/index.ts'
import {type RawPeer, rawPeer} from './raw-peer.ts'
import {fixture, type Supervised, shellWorker, supervised, talker} from './supervised.ts'

export interface Besieged extends Supervised {
  /** The control socket. */
  socket: string
  token: string
  /** A controller that was there before, and must stay. */
  friend: Controller
  /** Somebody with the token who says what the test wants. */
  foe(): Promise<RawPeer>
  /** A worker that sends these bytes once it is let in. See `child-hostile.js`. */
  worker(id: string, bytes: string | Buffer, more?: {times?: number; portion?: number}): WorkerSpec
  /** The old controller and the old worker are well, and a new controller gets in. */
  isUnharmed(): Promise<void>
}

/** A supervisor with its control socket open, a worker that is ready, and a controller. */
export async function besieged(): Promise<Besieged> {
  const s = supervised()
  const place = {layout: s.box.context.layout, projectRoot: s.box.project}
  const control = await openControl(s.supervisor, {...place, version: '1.2.3'})
  const friend = await connectControl(place)
  if (!control || !friend) throw new Error('there is no way in')
  const bystander = s.supervisor.start(talker(['plain'], {id: 'bystander', label: 'bystander'}))
  await bystander.ready()
  const {token} = JSON.parse(
    readFileSync(join(place.layout.run(place.projectRoot), 'supervisor.json'), 'utf8'),
  )
  return {
    ...s,
    socket: control.socket,
    token,
    friend,
    async foe() {
      const peer = await rawPeer(control.socket)
      peer.send({id: 'hello', method: 'initialize', params: {protocolVersion: 1, token}})
      expect(await peer.answer('hello')).toMatchObject({result: {protocolVersion: 1}})
      return peer
    },
    worker(id, bytes, {times = 1, portion = 1024 * 1024} = {}) {
      const file = s.box.write(`${id}.bin`, bytes)
      return shellWorker('', {
        id,
        label: id,
        file: process.execPath,
        args: [fixture('child-hostile.js'), file, String(times), String(portion)],
        ipc: {root: '/project', mode: 'serve', arguments: [], server: {host: '127.0.0.1', port: 0}},
        readiness: {by: 'protocol', timeout: 60_000},
        grace: 200,
      })
    },
    async isUnharmed() {
      const {workers} = await friend.workers()
      expect(workers.find(({workerId}) => workerId === 'bystander')?.state.kind).toBe('ready')
      expect(await bystander.compile({taskId: 'check', arguments: []})).toEqual({status: 1})
      using other = await connectControl(place)
      expect(other?.instance).toBe(s.supervisor.instance)
    },
    async [Symbol.asyncDispose]() {
      await control.close()
      await s[Symbol.asyncDispose]()
    },
  }
}
