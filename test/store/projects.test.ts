import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {knownProjects, rememberProject} from '../../src/store/projects.ts'
import {startProgram} from '../support/programs.ts'
import {type Sandbox, sandbox} from '../support/sandbox.ts'

/** A home that is in use, and folders below the person's own. */
function prepare(box: Sandbox, ...names: string[]): string[] {
  mkdirSync(box.context.layout.home)
  return names.map(name => {
    const root = join(box.root, name)
    mkdirSync(root, {recursive: true})
    return root
  })
}

const roots = (box: Sandbox) => knownProjects(box.context).map(({root}) => root)

test('projects are remembered with the time of their use, and forgotten with their folder', async () => {
  await using box = sandbox()
  const [one = '', two = ''] = prepare(box, 'one', 'two')
  expect(knownProjects(box.context)).toEqual([])
  const before = Date.now()
  await rememberProject(box.context, two)
  await rememberProject(box.context, one)
  expect(roots(box)).toEqual([one, two])
  for (const {used} of knownProjects(box.context)) {
    expect(used.getTime()).toBeGreaterThanOrEqual(before)
    expect(used.getTime()).toBeLessThanOrEqual(Date.now())
  }
  rmSync(one, {recursive: true})
  expect(roots(box)).toEqual([two])
  const [three = ''] = ['three'].map(name => join(box.root, name))
  mkdirSync(three)
  await rememberProject(box.context, three)
  expect(Object.keys(JSON.parse(readFileSync(box.context.layout.projects, 'utf8')).projects)).toEqual([
    two,
    three,
  ])
})

test('a use is written down once a day', async () => {
  await using box = sandbox()
  const [root = ''] = prepare(box, 'one')
  const {projects} = box.context.layout
  const write = (used: string) => writeFileSync(projects, JSON.stringify({projects: {[root]: used}}))
  const inode = () => statSync(projects).ino
  const hours = (count: number) => new Date(Date.now() - count * 3_600_000).toISOString()
  for (const [used, isWritten] of [
    [hours(23), false],
    [hours(25), true],
    [hours(-1), true],
    ['', true],
  ] as const) {
    write(used)
    const before = inode()
    await rememberProject(box.context, root)
    expect({used, isWritten: inode() !== before}).toEqual({used, isWritten})
  }
})

test('a project is known by its real path', async () => {
  await using box = sandbox()
  const [root = ''] = prepare(box, 'one')
  const link = join(box.root, 'link')
  symlinkSync(root, link)
  await rememberProject(box.context, link)
  await rememberProject(box.context, root)
  expect(roots(box)).toEqual([root])
  const {mtimeNs} = statSync(box.context.layout.projects, {bigint: true})
  await rememberProject(box.context, link)
  expect(statSync(box.context.layout.projects, {bigint: true}).mtimeNs).toBe(mtimeNs)
})

test.each(['', '{', 'null', '[]', '{"projects": null}', '{"projects": {"/": 1}}', '\0\0'])(
  'a spoilt file is replaced: %j',
  async text => {
    await using box = sandbox()
    const [root = ''] = prepare(box, 'one')
    writeFileSync(box.context.layout.projects, text)
    expect(roots(box)).toEqual([])
    await rememberProject(box.context, root)
    expect(roots(box)).toEqual([root])
  },
)

test('no home is made for it, and no folder that is not there is remembered', async () => {
  await using box = sandbox()
  await rememberProject(box.context, box.project)
  expect(existsSync(box.context.layout.home)).toBe(false)
  prepare(box)
  await rememberProject(box.context, join(box.root, 'none'))
  expect(readdirSync(box.context.layout.home)).toEqual([])
})

test('a folder in the way of the file is no failure', async () => {
  await using box = sandbox()
  const [root = ''] = prepare(box, 'one')
  mkdirSync(box.context.layout.projects)
  await rememberProject(box.context, root)
  expect(roots(box)).toEqual([])
  expect(readdirSync(box.context.layout.home)).toEqual(['locks', 'projects.json'])
  expect(readdirSync(box.context.layout.locks)).toEqual([])
})

test('a holder of the file that never lets go is not waited for: the person gave up', async () => {
  await using box = sandbox()
  const [root = ''] = prepare(box, 'one')
  const {layout} = box.context
  await using holder = startProgram('lock-contender.ts', [
    layout.lock('projects'),
    join(box.root, 'log'),
    'hold',
  ])
  await new Promise(held => holder.process.stdout?.once('data', held))
  await rememberProject(box.at({signal: AbortSignal.abort(new Error('enough'))}), root)
  expect(roots(box)).toEqual([])
})

test('of 32 processes at once none is lost', async () => {
  await using box = sandbox()
  const names = Array.from({length: 32}, (_, at) => `p${String(at).padStart(2, '0')}`)
  const all = prepare(box, ...names)
  const programs = all.map(root => startProgram('remember-project.ts', [box.context.layout.home, root]))
  const ends = await Promise.all(programs.map(({ended}) => ended))
  expect(ends.filter(({code}) => code !== 0)).toEqual([])
  expect(programs.map(({stderr}) => stderr).join('')).toBe('')
  expect(roots(box)).toEqual(all)
  expect(readdirSync(box.context.layout.locks)).toEqual([])
})

test.runIf(process.getuid?.() === 0)('a home that is another’s is read and left alone', async () => {
  await using box = sandbox()
  const [one = '', two = ''] = prepare(box, 'one', 'two')
  await rememberProject(box.context, one)
  const {home} = box.context.layout
  chmodSync(box.root, 0o755)
  const before = readFileSync(box.context.layout.projects, 'utf8')
  await using program = startProgram('remember-project.ts', [home, two], {uid: 65_534})
  expect(await program.ended).toEqual({code: 0, signal: null})
  expect(program.stderr).toContain('not remembered')
  expect(readFileSync(box.context.layout.projects, 'utf8')).toBe(before)
})
