import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {createServer} from 'node:net'
import {createInterface} from 'node:readline'
import {expect, test} from 'vitest'
import {listeningSockets, stillListens} from '../../src/process/listening-sockets.ts'

/** Starts a group whose leader's child listens on these addresses, and resolves with the ports. */
async function groupThatListens(hosts: string[]) {
  const program = `
    const {createServer} = require('node:net')
    const servers = ${JSON.stringify(hosts)}.map(host => createServer().listen(0, host))
    Promise.all(servers.map(one => new Promise(done => one.once('listening', done)))).then(() =>
      console.log(JSON.stringify(servers.map(one => one.address().port))))`
  const child = spawn('/bin/sh', ['-c', '"$0" -e "$1" & wait', process.execPath, program], {
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = await once(createInterface({input: child.stdout}), 'line')
  const pid = child.pid ?? 0
  return {
    pid,
    ports: JSON.parse(line) as number[],
    async [Symbol.asyncDispose]() {
      process.kill(-pid, 'SIGKILL')
      await once(child, 'exit')
    },
  }
}

test('tells the sockets of all of a group and of nobody else, by port', async () => {
  const foreign = createServer().listen(0, '127.0.0.1')
  await once(foreign, 'listening')
  await using group = await groupThatListens(['127.0.0.1', '0.0.0.0', '127.0.0.9'])
  const [one = 0, all = 0, nine = 0] = group.ports
  expect(listeningSockets(group.pid)).toEqual(
    [
      {host: '127.0.0.1', port: one},
      {host: '0.0.0.0', port: all},
      {host: '127.0.0.9', port: nine},
    ].sort((a, b) => a.port - b.port),
  )
  foreign.close()
})

test('tells addresses of IPv6, too', async ctx => {
  const probe = createServer().listen(0, '::1')
  const works = await Promise.race([
    once(probe, 'listening').then(() => true),
    once(probe, 'error').then(() => false),
  ])
  probe.close()
  if (!works) return ctx.annotate('this machine has no IPv6 loopback')
  await using group = await groupThatListens(['::1', '::'])
  const [loopback = 0, all = 0] = group.ports
  expect(listeningSockets(group.pid)).toEqual(
    [
      {host: '::1', port: loopback},
      {host: '::', port: all},
    ].sort((a, b) => a.port - b.port),
  )
})

test('asks cheaply whether somebody still listens', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const {port} = server.address() as {port: number}
  expect(stillListens(process.pid, [port])).toBe(true)
  server.close()
  await once(server, 'close')
  expect(stillListens(process.pid, [port])).toBe(process.platform !== 'linux')
})

test('a group that is gone has none', async () => {
  const child = spawn('/bin/true', {detached: true})
  await once(child, 'exit')
  expect(listeningSockets(child.pid ?? 0)).toEqual([])
})
