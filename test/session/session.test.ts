import {join} from 'node:path'
import {expect, test, vi} from 'vitest'
import type {Target} from '../../src/driver/target.ts'
import type {ServeSettings} from '../../src/model/project-config.ts'
import {planServers} from '../../src/serve/plan.ts'
import {serve} from '../../src/serve/serve.ts'
import {restartServers} from '../../src/session/restart.ts'
import {runningProjects} from '../../src/session/running.ts'
import {stopProject} from '../../src/session/stop.ts'
import type {Planner} from '../../src/session/types.ts'
import {Occurrences} from '../support/occurrences.ts'
import {type Sandbox, sandbox} from '../support/sandbox.ts'
import {serving, textAt} from '../support/serving.ts'
import {printing} from '../support/targets.ts'

type Targets = Target<ServeSettings>[]

/** A project of several servers, whose "pins" a test may change. */
function pinned(box: Sandbox, ...targets: Targets) {
  const project = {targets}
  const plan: Planner = async ({toolchain, ...request}) => {
    const some = project.targets.filter(
      ({definition: {name}}) => toolchain === undefined || name === toolchain,
    )
    return planServers({...request, root: box.project, targets: some}, box.context)
  }
  return {project, plan}
}

const of = (target: Target<ServeSettings>, version: string): Target<ServeSettings> => ({...target, version})

async function states(box: Sandbox) {
  const [project] = await runningProjects(box.context)
  return Object.fromEntries(
    (project?.workers ?? []).map(({toolchain, version, state}) => [`${toolchain} ${version}`, state]),
  )
}

test('who joins has the session run what it lacks, and takes it along when it leaves', async () => {
  await using box = sandbox()
  const {plan} = pinned(box, printing('one'), printing('two'))
  await using first = await serving(box.context, box.project, printing('one'), {plan}).started
  const two = serving(box.at({}), box.project, printing('two'))
  const second = await two.started
  expect(second).toMatchObject({attached: true})
  expect(two.found.all.map(({toolchain}) => toolchain).toSorted()).toEqual(['one', 'two'])
  expect(await states(box)).toEqual({'one 1.2.3': 'ready', 'two 1.2.3': 'ready'})

  const third = await serving(box.at({}), box.project, printing('two')).started
  await second.stop()
  expect(await states(box)).toEqual({'one 1.2.3': 'ready', 'two 1.2.3': 'ready'})
  await third.stop()
  expect(await states(box)).toEqual({'one 1.2.3': 'ready'})
  expect(await textAt(first.servers()[0]?.url ?? '')).toMatch('hello')
})

test('what is asked for with “stay” stays when its asker has left', async () => {
  await using box = sandbox()
  const {plan} = pinned(box, printing('one'), printing('two'))
  await using _first = await serving(box.context, box.project, printing('one'), {plan}).started
  const second = await serving(box.at({}), box.project, printing('two'), {detached: true}).started
  await second.stop()
  expect(await states(box)).toEqual({'one 1.2.3': 'ready', 'two 1.2.3': 'ready'})
})

test('one that is killed is as good as one that leaves', async () => {
  await using box = sandbox()
  const {plan} = pinned(box, printing('one'), printing('two'))
  await using _first = await serving(box.context, box.project, printing('one'), {plan}).started
  const giveUp = new AbortController()
  await serving(box.at({signal: giveUp.signal}), box.project, printing('two')).started
  giveUp.abort()
  await vi.waitUntil(async () => !('two 1.2.3' in (await states(box))), {timeout: 10_000})
})

test('of what joins and fails nothing stays, the rest is unharmed, and the asker hears why', async () => {
  await using box = sandbox()
  const broken = printing('broken', {args: ['--fail']})
  const {plan} = pinned(box, printing('one'), printing('two'), broken)
  await using _first = await serving(box.context, box.project, printing('one'), {plan}).started
  const targets = [printing('two'), broken]
  await expect(serve(box.at({}), {root: box.project, targets, release: '0.0.0'})).rejects.toMatchObject({
    code: 'WORKER_EXITED',
    exitCode: 8,
    message: expect.stringContaining('broken'),
  })
  expect(await states(box)).toEqual({'one 1.2.3': 'ready'})
})

test('a request for another version takes the place of the one before, for everybody', async () => {
  await using box = sandbox()
  const {project, plan} = pinned(box, printing('one'))
  const first = serving(box.context, box.project, printing('one'), {plan})
  await using running = await first.started
  project.targets = [of(printing('one'), '2.0.0')]
  await using second = await serving(box.at({}), box.project, of(printing('one'), '2.0.0')).started
  expect(second.servers()).toMatchObject([{toolchain: 'one', version: '2.0.0'}])
  await first.found.when(({version}) => version === '2.0.0')
  expect(await states(box)).toEqual({'one 2.0.0': 'ready'})
  expect(running.servers()).toEqual(second.servers())
})

test('a restart plans anew: other versions and settings, as it was where nothing can be planned', async () => {
  await using box = sandbox()
  const {project, plan} = pinned(box, printing('one'), printing('two'))
  const request = {root: box.project, targets: project.targets, release: '0.0.0', plan}
  await using _running = await serve(box.context, request)
  project.targets = [of(printing('one'), '2.0.0'), printing('two')]
  const restarted = await restartServers(box.at({}), box.project)
  expect(restarted?.again.servers.map(({toolchain}) => toolchain).toSorted()).toEqual(['one', 'two'])
  expect(restarted?.again.servers.map(({version}) => version).toSorted()).toEqual(['1.2.3', '2.0.0'])

  project.targets = []
  const again = await restartServers(box.at({}), box.project, 'two')
  expect(again?.again.servers.map(({toolchain}) => toolchain)).toEqual(['two'])
  expect(await states(box)).toEqual({'one 2.0.0': 'ready', 'two 1.2.3': 'ready'})
})

test('a changed pin: the new version, what is newly pinned, and nothing of what is not pinned any more', async () => {
  await using box = sandbox()
  box.write('pins', 'one')
  const {project, plan} = pinned(box, printing('one'), printing('old'))
  const request = {targets: project.targets, toolchain: undefined, plan, pinFiles: ['pins']}
  const first = serving(box.context, box.project, printing('one'), request)
  await using running = await first.started
  project.targets = [of(printing('one'), '2.0.0'), printing('new')]
  box.write('pins', 'two')
  await first.found.when(({toolchain}) => toolchain === 'new')
  await first.found.when(({version}) => version === '2.0.0')
  expect(
    running
      .servers()
      .map(({toolchain}) => toolchain)
      .toSorted(),
  ).toEqual(['new', 'one'])
  expect(await states(box)).toEqual({'one 2.0.0': 'ready', 'new 1.2.3': 'ready'})
  const said = first.lines.all.flatMap(({stream, label, text}) =>
    stream === 'log' ? `${label} ${text}` : [],
  )
  expect(said).toEqual([
    'old is not pinned any more, and ends',
    'one starts again with version 2.0.0, since its pin has changed from 1.2.3',
  ])
})

test('a changed pin that can’t run waits for the next change, and the session with it', async () => {
  await using box = sandbox()
  box.write('pins', 'one')
  const {project, plan} = pinned(box, printing('one'))
  const first = serving(box.context, box.project, printing('one'), {plan, pinFiles: ['pins']})
  await using _running = await first.started
  project.targets = [of(printing('one', {args: ['--fail']}), '2.0.0')]
  box.write('pins', 'two')
  await first.lines.when(({text}) => text.endsWith('another change starts it again'))
  project.targets = [of(printing('one'), '3.0.0')]
  box.write('pins', 'three')
  await first.found.when(({version}) => version === '3.0.0')
})

test('what was stopped is not started by a change', async () => {
  await using box = sandbox()
  box.write('pins', 'one')
  const {project, plan} = pinned(box, printing('one'), printing('two'))
  const first = serving(box.context, box.project, printing('one'), {
    targets: project.targets,
    plan,
    pinFiles: ['pins'],
  })
  await using _running = await first.started
  await stopProject(box.at({}), box.project, {toolchain: 'two'})
  project.targets = [of(printing('one'), '2.0.0'), of(printing('two'), '2.0.0')]
  box.write('pins', 'two')
  await first.found.when(({version}) => version === '2.0.0')
  expect(await states(box)).toEqual({'one 2.0.0': 'ready', 'two 1.2.3': 'stopped'})
})

test('who has joined goes on through restarts and changes, and ends when what it asked for was stopped', async () => {
  await using box = sandbox()
  box.write('pins', 'one')
  const {project, plan} = pinned(box, printing('one'), printing('two'))
  await using _first = await serving(box.context, box.project, printing('one'), {plan, pinFiles: ['pins']})
    .started
  const joined = serving(box.at({}), box.project, printing('two'))
  await using second = await joined.started
  await restartServers(box.at({}), box.project)
  project.targets = [printing('one'), of(printing('two'), '2.0.0')]
  box.write('pins', 'two')
  await joined.found.when(({version}) => version === '2.0.0')
  await stopProject(box.at({}), box.project, {toolchain: 'two'})
  expect(await second.ended).toEqual({kind: 'followed'})
  expect(await states(box)).toEqual({'one 1.2.3': 'ready'})
})

test('a session that is stopped while a changed pin is planned ends, and leaves nothing', async () => {
  await using box = sandbox()
  box.write('pins', 'one')
  const {project, plan} = pinned(box, printing('one'))
  const [asked, go] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const slow: Planner = async (request, signal) => {
    asked.resolve()
    await go.promise
    return plan(request, signal)
  }
  const first = await serving(box.context, box.project, printing('one'), {plan: slow, pinFiles: ['pins']})
    .started
  project.targets = [of(printing('one'), '2.0.0')]
  box.write('pins', 'two')
  await asked.promise
  const stopped = stopProject(box.at({}), box.project)
  await first.ended
  go.resolve()
  expect(await stopped).toMatchObject([{toolchain: 'one', version: '1.2.3'}])
  expect(await states(box)).toEqual({})
})

test('who leaves while its request is planned has nothing started', async () => {
  await using box = sandbox()
  const {plan} = pinned(box, printing('one'), printing('two'))
  const [asked, go] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const slow: Planner = async (request, signal) => {
    asked.resolve()
    await go.promise
    return plan(request, signal)
  }
  await using _first = await serving(box.context, box.project, printing('one'), {plan: slow}).started
  const giveUp = new AbortController()
  const joining = serving(box.at({signal: giveUp.signal}), box.project, printing('two')).started
  await asked.promise
  giveUp.abort(new Error('given up'))
  await expect(joining).rejects.toThrow('given up')
  go.resolve()
  // Whoever asks next is planned after it.
  await using _third = await serving(box.at({}), box.project, printing('one')).started
  expect(await states(box)).toEqual({'one 1.2.3': 'ready'})
})

test('who asks while a session is just ending holds the next one', async () => {
  await using box = sandbox()
  const file = join(box.root, 'go')
  const lingering = printing('one', {args: [`--linger=${file}`]})
  const asked = Promise.withResolvers<void>()
  const {plan} = pinned(box, lingering)
  const noting: Planner = async (request, signal) => {
    asked.resolve()
    return plan(request, signal)
  }
  const giveUp = new AbortController()
  const first = serving(box.at({signal: giveUp.signal}), box.project, lingering, {plan: noting})
  const ending = (await first.started).ended
  giveUp.abort()
  await first.events.when(event => event.type === 'worker/state' && event.state.kind === 'stopping')
  const second = serving(box.at({}), box.project, printing('one')).started
  await asked.promise
  box.write('../go', '')
  await using running = await second
  expect(running).toMatchObject({attached: false})
  expect(await ending).toEqual({kind: 'stopped'})
})

test('who has joined is ready also where what it asked for was replaced before the rest was', async () => {
  await using box = sandbox()
  box.write('pins', 'one')
  const file = join(box.root, 'go')
  const late = printing('late', {args: [`--await=${file}`]})
  const {project, plan} = pinned(box, printing('one'), late)
  const requests = new Occurrences<string | undefined>()
  const noting: Planner = async (request, signal) => {
    requests.add(request.toolchain)
    return plan(request, signal)
  }
  const first = serving(box.context, box.project, printing('one'), {plan: noting, pinFiles: ['pins']})
  await using _running = await first.started
  const other = serving(box.at({}), box.project, late)
  await requests.when(name => name === 'late')
  const second = serving(box.at({}), box.project, printing('one'))
  await requests.when(name => name === 'one')
  project.targets = [of(printing('one'), '2.0.0'), late]
  box.write('pins', 'two')
  await second.events.when(
    ({type, workerId}) => type === 'worker/removed' && workerId.startsWith('serve:one'),
  )
  box.write('../go', '')
  await using joined = await second.started
  expect(joined.servers().map(({version}) => version)).toContain('2.0.0')
  await (await other.started).stop()
})
