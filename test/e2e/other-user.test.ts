import {spawnSync} from 'node:child_process'
import {
  chmodSync,
  chownSync,
  lchownSync,
  mkdirSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import {dirname, join} from 'node:path'
import {expect, onTestFinished, test, vi} from 'vitest'
import {z} from 'zod'
import {listenSocket} from '../../src/ipc/listen.ts'
import {besieged} from '../support/besieged.ts'
import {sandbox} from '../support/sandbox.ts'
import {tool} from '../support/tool.ts'

const nobody = 65534
const asRoot = test.runIf(process.getuid?.() === 0)

/** The other user's attempts, by what came of each. */
function attempt(script: string, ...words: string[]): Record<string, string> {
  const ran = spawnSync(
    'setpriv',
    ['--reuid=65534', '--regid=65534', '--clear-groups', process.execPath, '-e', script, ...words],
    {
      encoding: 'utf8',
    },
  )
  return JSON.parse(ran.stdout || JSON.stringify({failed: ran.stderr}))
}

asRoot('another user can neither connect, nor read the record, nor put anything in its place', async () => {
  await using s = await besieged()
  const {layout} = s.box.context
  // As open as homes are on some machines.
  for (const folder of [s.box.root, s.box.project, layout.home, layout.runs]) chmodSync(folder, 0o755)
  const outcome = attempt(
    `const fs = require('fs'), net = require('net'), [run, socket] = process.argv.slice(1), said = {}
    const record = run + '/supervisor.json'
    const tries = {
      read: () => fs.readFileSync(record),
      list: () => fs.readdirSync(run),
      write: () => fs.writeFileSync(record, '{}'),
      replace: () => fs.renameSync(run, run + '.mine'),
      remove: () => fs.unlinkSync(socket),
      plant: () => fs.mkdirSync(run + '-planted'),
    }
    for (const [name, go] of Object.entries(tries)) try { said[name] = String(go()) } catch (e) { said[name] = e.code }
    net.connect(socket).on('connect', () => end('connected')).on('error', e => end(e.code))
    const end = how => { console.log(JSON.stringify({...said, connect: how})); process.exit() }`,
    layout.run(s.box.project),
    s.socket,
  )
  const refused = ['read', 'list', 'write', 'replace', 'remove', 'plant', 'connect']
  expect(outcome).toEqual(Object.fromEntries(refused.map(what => [what, 'EACCES'])))
  await s.isUnharmed()
})

asRoot('what another user asks of somebody’s supervisor gets one clear line', async () => {
  await using s = await besieged()
  const {layout} = s.box.context
  for (const folder of [s.box.root, s.box.project, layout.home, layout.runs]) chmodSync(folder, 0o755)
  const pins = s.box.write('.toolversion', 'sitec 1.0.0\n')
  chownSync(pins, nobody, nobody)
  const env = {HOME: '/nonexistent', TOOL_HOME: layout.home}
  const ask = (...words: string[]) => tool(words, {cwd: s.box.project, env, uid: nobody})
  const others = 'nothing runs for any project of yours (one project of another user is not looked at)\n'
  for (const words of [['ps'], ['stop', '--all']]) {
    expect(await ask(...words)).toMatchObject({code: 0, stdout: '', stderr: others})
  }
  for (const words of [['stop'], ['port'], ['restart']]) {
    const {code, stdout, stderr} = await ask(...words)
    expect([words, code, stdout]).toEqual([words, 8, ''])
    expect(stderr).toMatch(
      /^error SUPERVISOR_OF_OTHER_USER: \S+ belongs to another user \(uid 0\), and so does what runs for \S+\n {2}try: run it as that user, or set TOOL_HOME to a folder of yours\n$/,
    )
  }
  await s.isUnharmed()
})

asRoot.each<[string, (folder: string, theirs: string) => void]>([
  ['a folder', folder => mkdirSync(folder, 0o777)],
  ['a link to a folder', (folder, theirs) => symlinkSync(theirs, folder)],
  ['a link to nothing', (folder, theirs) => symlinkSync(join(theirs, 'nothing'), folder)],
  ['a file', folder => writeFileSync(folder, '')],
])('%s that another user put where a short socket would lie is refused, and not used', async (_, plant) => {
  await using box = sandbox()
  chmodSync(box.root, 0o755)
  const temporary = join(box.root, 'tmp')
  const theirs = join(box.root, 'theirs')
  for (const folder of [temporary, theirs]) mkdirSync(folder)
  chmodSync(temporary, 0o1777)
  chownSync(theirs, nobody, nobody)
  vi.stubEnv('TMPDIR', temporary)
  onTestFinished(() => void vi.unstubAllEnvs())
  const listen = () =>
    listenSocket({
      directory: join(box.root, 'long-'.repeat(20)),
      name: 'control.sock',
      handshake: {
        schema: z.object({protocolVersion: z.int(), token: z.string()}),
        tokenFor: () => 'the token',
        welcome: () => ({}),
      },
    })
  const first = await listen()
  const folder = dirname(first.path)
  await first.close()
  rmSync(folder, {recursive: true})
  plant(folder, theirs)
  lchownSync(folder, nobody, nobody)
  await expect(listen()).rejects.toMatchObject({
    name: 'UserError',
    code: 'SOCKET_DIRECTORY_UNSAFE',
    message: `${folder} is not a folder of yours, so no socket can be kept in it`,
    hint: `remove ${folder}, or set TMPDIR to a folder of yours`,
  })
  expect(readdirSync(theirs)).toEqual([])
})
