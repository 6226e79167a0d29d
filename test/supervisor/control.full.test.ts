import {mkdirSync, writeFileSync} from 'node:fs'
import {createServer} from 'node:net'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {processIdentity} from '../../src/process/identity.ts'
import {connectControl, openControl} from '../../src/supervisor/index.ts'
import {supervised} from '../support/supervised.ts'

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
    hint: `end it with: kill ${process.pid}`,
    exitCode: 8,
  }
  await expect(connectControl(place)).rejects.toMatchObject(expected)
  await expect(openControl(s.supervisor, {...place, version: '1'})).rejects.toMatchObject(expected)
  expect(silent.listening).toBe(true)
  silent.close()
})
