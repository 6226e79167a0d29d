import {existsSync} from 'node:fs'
import {join} from 'node:path'
import {expect, test, vi} from 'vitest'
import {build} from '../../src/build/build.ts'
import {planKept} from '../../src/build/keep.ts'
import type {Target} from '../../src/driver/target.ts'
import {planServers} from '../../src/serve/plan.ts'
import {serve} from '../../src/serve/serve.ts'
import {runningProjects} from '../../src/session/running.ts'
import {stopProject} from '../../src/session/stop.ts'
import type {Planner} from '../../src/session/types.ts'
import {connectControl} from '../../src/supervisor/controller.ts'
import {type Sandbox, sandbox} from '../support/sandbox.ts'
import {printing, scripted, speaking} from '../support/targets.ts'

/** A project with a server, so that it has a session, and what is built. */
async function served(box: Sandbox, ...targets: Target[]) {
  const project = {targets}
  const plan: Planner = async ({mode, toolchain, ...request}) => {
    const asker = {...box.context, env: request.env}
    if (mode === 'serve')
      return planServers({...request, root: box.project, targets: [printing('dev')]}, asker)
    const some = project.targets.filter(({definition: {name}}) => name === toolchain)
    return planKept({root: box.project, targets: some, args: request.args}, asker)
  }
  const session = await serve(box.context, {
    root: box.project,
    targets: [printing('dev')],
    release: '0.0.0',
    plan,
  })
  const run = (env: Record<string, string> = {}, args: string[] = [], signal?: AbortSignal) =>
    build(box.at({env, ...(signal && {signal})}), {
      root: box.project,
      targets: project.targets,
      args,
      warm: true,
    })
  return {project, run, [Symbol.asyncDispose]: () => session.stop()}
}

async function kept(box: Sandbox) {
  const [project] = await runningProjects(box.context)
  return (project?.workers ?? []).filter(({mode}) => mode === 'build')
}

const pidOf = async (box: Sandbox) => (await kept(box))[0]?.pid

const outcomes = ({toolchains, diagnostics}: Awaited<ReturnType<typeof build>>) => ({
  toolchains: toolchains.map(({name, status}) => `${name} ${status}`),
  diagnostics: diagnostics.map(({message}) => message),
})

test('a build by what is kept says what a cold one says, in the same process every time', async () => {
  await using box = sandbox()
  const targets = [speaking('a', ['warning=odd']), scripted('b', ['touch=b'], {after: ['a']})]
  await using m = await served(box, ...targets)
  const cold = await build(box.context, {root: box.project, targets, args: ['error=wrong']})
  expect(await kept(box)).toEqual([])
  const warm = await m.run({}, ['error=wrong'])
  expect(outcomes(warm)).toEqual(outcomes(cold))
  expect(outcomes(warm)).toMatchObject({toolchains: ['a errors', 'b skipped']})
  const pid = await pidOf(box)
  expect(outcomes(await m.run())).toEqual({toolchains: ['a ok', 'b ok'], diagnostics: ['odd']})
  expect(existsSync(join(box.project, 'b'))).toBe(true)
  expect(await kept(box)).toMatchObject([{toolchain: 'a', state: 'ready', pid}])
  expect(box.logged.filter(line => line.includes('is built'))).toEqual([
    'debug: a 1.2.3 is built warm',
    'debug: a 1.2.3 is built warm',
  ])
})

test('another environment or version has it started anew, a variable of the terminal does not', async () => {
  await using box = sandbox()
  await using m = await served(box, speaking('a', []))
  await m.run({MODE: 'one', SHLVL: '1'})
  const first = await pidOf(box)
  await m.run({MODE: 'one', SHLVL: '2', TERM_SESSION_ID: 'x'})
  expect(await pidOf(box)).toBe(first)
  await m.run({MODE: 'two'})
  const second = await pidOf(box)
  expect(second).not.toBe(first)
  m.project.targets = [{...speaking('a', []), version: '2.0.0'}]
  await m.run({MODE: 'two'})
  expect(await kept(box)).toMatchObject([{version: '2.0.0', state: 'ready'}])
})

test('what dies while it builds is run cold, once; what was killed meanwhile starts again', async () => {
  await using box = sandbox()
  const target = speaking('a', ['warning=odd'])
  await using m = await served(box, target)
  const mine = box.write('mine', '')
  expect(outcomes(await m.run({}, [`dies=${mine}`]))).toEqual({toolchains: ['a ok'], diagnostics: ['odd']})
  expect(box.logged).toContainEqual(expect.stringMatching(/^debug: a 1\.2\.3 is built cold: .*SIGKILL/))
  await m.run()
  const pid = (await pidOf(box)) ?? 0
  process.kill(pid, 'SIGKILL')
  await vi.waitUntil(async () => (await kept(box)).length === 0, {timeout: 10_000})
  expect(outcomes(await m.run())).toEqual({toolchains: ['a ok'], diagnostics: ['odd']})
  expect(await pidOf(box)).not.toBe(pid)
})

test('several at once are all answered, each with its own', async () => {
  await using box = sandbox()
  await using m = await served(box, speaking('a', []))
  const texts = Array.from({length: 8}, (_, n) => `text ${n}`)
  const results = await Promise.all(texts.map(text => m.run({}, [`warning=${text}`])))
  expect(results.map(({diagnostics}) => diagnostics.map(({message}) => message))).toEqual(
    texts.map(text => [text]),
  )
  expect(await kept(box)).toHaveLength(1)
})

test('who gives up is done at once, and the compiler stays for the next', async () => {
  await using box = sandbox()
  await using m = await served(box, speaking('a', []))
  await m.run()
  const pid = await pidOf(box)
  const giveUp = new AbortController()
  const hanging = m.run({}, ['hang'], giveUp.signal)
  using controller = await connectControl({layout: box.context.layout, projectRoot: box.project})
  const begun = Promise.withResolvers<void>()
  const subscription = await controller?.subscribe(({type}) => {
    if (type === 'task/start') begun.resolve()
  })
  if (subscription?.snapshot?.tasks.length) begun.resolve()
  await begun.promise
  giveUp.abort()
  expect((await hanging).toolchains).toMatchObject([{status: 'cancelled'}])
  expect(outcomes(await m.run())).toMatchObject({toolchains: ['a ok']})
  expect(await pidOf(box)).toBe(pid)
})

test('a session whose servers are stopped takes what it keeps along', async () => {
  await using box = sandbox()
  await using m = await served(box, speaking('a', []))
  await m.run()
  const pid = await pidOf(box)
  await stopProject(box.at({}), box.project, {toolchain: 'dev'})
  await vi.waitUntil(async () => (await runningProjects(box.context)).length === 0, {timeout: 10_000})
  expect(() => process.kill(pid ?? 0, 0)).toThrow('ESRCH')
  expect(outcomes(await m.run())).toMatchObject({toolchains: ['a ok']})
})
