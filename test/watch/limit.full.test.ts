import {spawnSync} from 'node:child_process'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {machinePath, packageRoot, sandbox} from '../support/sandbox.ts'
import {siteMachine} from '../support/site-machine.ts'

const program = `
import {ProjectFiles} from ${JSON.stringify(join(packageRoot, 'src/watch/project-files.ts'))}
const files = new ProjectFiles(process.argv[2], '/nonexistent')
files.listen({
  isVital: true,
  onChanges() {},
  onTrouble({code, message, hint}) {
    process.stdout.write([code, message, hint].join('\\n'))
    process.exit()
  },
})
`

test.each([
  ['max_inotify_watches', 5, 'watched folders is reached (ENOSPC)', 'fs.inotify.max_user_watches=524288'],
  ['max_inotify_instances', 0, 'watchers are open (EMFILE)', 'fs.inotify.max_user_instances=512'],
])('where the system allows no more (%s), it is told how to get more', async (limit, value, what, hint) => {
  await using box = sandbox()
  for (let index = 0; index < 20; index += 1) box.write(`${index}/a.x`, 'text')
  const script = box.write('watch.ts', program)
  // The limits of a user namespace are its own.
  const inside = `echo ${value} > /proc/sys/user/${limit} && exec "$0" "$@"`
  const {stdout, stderr} = spawnSync(
    '/usr/bin/unshare',
    ['-Ur', 'sh', '-c', inside, process.execPath, script, box.project],
    {encoding: 'utf8', timeout: 20_000},
  )
  expect(stderr).toBe('')
  const [code, message, next] = stdout.split('\n')
  expect(code).toBe('WATCH_LIMIT_REACHED')
  expect(message).toContain(`not all folders of ${box.project} can be watched`)
  expect(message).toContain(what)
  expect(next).toContain(hint)
  expect(next).toContain('CHOKIDAR_USEPOLLING=1 tool watch')
})

test('tool watch ends with it, and leaves nothing', async () => {
  await using m = siteMachine()
  const site = m.site('pages')
  await m.run(site, 'install')
  const inside = 'echo 1 > /proc/sys/user/max_inotify_watches && exec "$0" "$@"'
  const args = [process.execPath, join(packageRoot, 'bin/tool.cjs'), 'watch']
  const {status, stderr} = spawnSync('/usr/bin/unshare', ['-Ur', 'sh', '-c', inside, ...args], {
    cwd: site,
    env: {...m.env, PATH: machinePath},
    encoding: 'utf8',
    timeout: 20_000,
  })
  expect(status).toBe(8)
  expect(stderr.match(/can be watched/g)).toHaveLength(1)
  expect(stderr).toMatch(/^error WATCH_LIMIT_REACHED: /m)
  expect((await m.run(site, 'ps', '--json')).stdout).toBe('[]\n')
})

const ownWatch = `
import {sandbox} from ${JSON.stringify(join(packageRoot, 'test/support/sandbox.ts'))}
import {watcher} from ${JSON.stringify(join(packageRoot, 'test/support/targets.ts'))}
import {watching} from ${JSON.stringify(join(packageRoot, 'test/support/watching.ts'))}
const box = sandbox()
for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) box.write(name + '/a.x', '')
box.write('a.x', '')
const w = watching(box, [watcher('x', ['a.x'])])
const {text} = await w.lines.when(({stream}) => stream === 'log')
await w.run(1)
box.write('a.x', 'wrong\\n')
const {status, latencyMs} = await w.run(2)
w.giveUp()
const end = await (await w.started).ended
process.stdout.write(JSON.stringify({text, status, latencyMs, end}))
await box[Symbol.asyncDispose]()
`

test('a compiler that watches by itself goes on, and its answers have no time', async () => {
  await using box = sandbox()
  const script = box.write('watch.ts', ownWatch)
  const inside = 'echo 5 > /proc/sys/user/max_inotify_watches && exec "$0" "$@"'
  const {stdout, stderr} = spawnSync(
    '/usr/bin/unshare',
    ['-Ur', 'sh', '-c', inside, process.execPath, script],
    {
      encoding: 'utf8',
      timeout: 30_000,
    },
  )
  expect(stderr).toBe('')
  expect(JSON.parse(stdout)).toEqual({
    text: expect.stringContaining('can be watched'),
    status: 'error',
    latencyMs: null,
    end: {kind: 'stopped'},
  })
})

const secondTry = `
import {writeFileSync} from 'node:fs'
import {ProjectFiles} from ${JSON.stringify(join(packageRoot, 'src/watch/project-files.ts'))}
const [root] = process.argv.slice(2)
const files = new ProjectFiles(root, '/nonexistent')
let write
files.listen({isVital: false, onTrouble() {}})
files.listen({
  isVital: true,
  onTrouble() {
    writeFileSync('/proc/sys/user/max_inotify_watches', '1000')
    files.listen({
      isVital: true,
      onTrouble: error => process.stdout.write(error.message),
      onChanges(changes) {
        clearInterval(write)
        process.stdout.write(changes[0].path.slice(root.length))
        process.exit()
      },
    })
    write = setInterval(() => writeFileSync(root + '/late.x', String(Math.random())), 50)
  },
})
`

test('who begins once there is room again hears of changes', async () => {
  await using box = sandbox()
  for (let index = 0; index < 20; index += 1) box.write(`${index}/a.x`, 'text')
  const script = box.write('../watch.ts', secondTry)
  const inside = 'echo 5 > /proc/sys/user/max_inotify_watches && exec "$0" "$@"'
  const {stdout, stderr} = spawnSync(
    '/usr/bin/unshare',
    ['-Ur', 'sh', '-c', inside, process.execPath, script, box.project],
    {encoding: 'utf8', timeout: 20_000},
  )
  expect({stdout, stderr}).toEqual({stdout: '/late.x', stderr: ''})
})
