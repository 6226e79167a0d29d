import {execFileSync} from 'node:child_process'
import {createHash, randomBytes} from 'node:crypto'
import {existsSync, readdirSync, readFileSync, readlinkSync} from 'node:fs'
import {join} from 'node:path'
import {setTimeout} from 'node:timers/promises'
import {expect, test} from 'vitest'
import {listInstalled} from '../../src/store/installed.ts'
import {readReceipt} from '../../src/store/receipt.ts'
import {startRegistry} from '../support/registry.ts'
import {type Sandbox, sandbox} from '../support/sandbox.ts'
import {startTool, tool} from '../support/tool.ts'
import {npmToolchain} from '../support/toolchain.ts'

const kills = 200
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

test('an installer that is killed at 200 random moments leaves nothing partial, and the next one succeeds', async () => {
  await using registry = await startRegistry()
  await using box = sandbox()
  const {layout} = box.context
  box.write('../.tool/toolchains/ore.json', JSON.stringify(npmToolchain('ore')))
  const digests = new Map<string, string>()
  const publish = (minor: number) => {
    const version = `1.${minor}.0`
    // Some files, so that unpacking, syncing and the rename take a while each.
    const noise = randomBytes(50_000).toString('base64')
    const files = Object.fromEntries(Array.from({length: 6}, (_, at) => [`lib/${at}.txt`, `${at}${noise}`]))
    registry.publish('ore', version, {
      'bin/ore': `#!/bin/sh\necho ${version}\n`,
      'noise.txt': noise,
      ...files,
    })
    digests.set(version, sha256(Buffer.from(noise)))
    return version
  }
  const options = {cwd: box.project, env: {HOME: box.root, ...registry.env}}

  const took: number[] = []
  for (let run = 0; run < 5; run++) {
    publish(run)
    const began = performance.now()
    expect(await tool(['install', 'ore@1'], options)).toMatchObject({code: 0})
    took.push(performance.now() - began)
  }
  const whole = Math.max(...took.slice(1))

  const seen = new Set<string>()
  for (let kill = 0; kill < kills; kill++) {
    const version = publish(5 + kill)
    const running = startTool(['install', 'ore@1'], options)
    const delay = Math.random() * whole
    await setTimeout(delay)
    running.kill('SIGKILL')
    const {signal} = await running.ended
    const moment = momentOf(box, version, signal)
    seen.add(moment)
    const when = `killed after ${delay.toFixed(1)} of ${whole.toFixed(0)} ms, ${moment}`
    expectWhole(box, digests, when)
    const next = await tool(['install', 'ore@1'], options)
    expect(next, when).toMatchObject({code: 0})
    expectWhole(box, digests, when)
    expect(versions(box), when).toContain(version)
    expect(readlinkSync(join(layout.links, 'ore', '1')), when).toMatch(new RegExp(`/${version}$`))
    expect(readdirSync(layout.staging), when).toEqual([])
    // Else the disk is full of what no test looks at again.
    const [oldest] = versions(box)
    if (versions(box).length > 3) execFileSync('rm', ['-rf', layout.version('ore', oldest ?? '')])
  }
  expect([...seen].sort()).toEqual(expect.arrayContaining(['before it wrote', 'ended before', 'staged']))
}, 600_000)

const versions = ({context}: Sandbox) => listInstalled(context, 'ore').map(({version}) => version)

/** How far the install had come. */
function momentOf({context}: Sandbox, version: string, signal: string | null): string {
  const {layout} = context
  if (signal === null) return 'ended before'
  if (existsSync(layout.version('ore', version))) {
    return readlinkSync(join(layout.links, 'ore', '1')).endsWith(`/${version}`) ? 'linked' : 'promoted'
  }
  return readdirSync(layout.staging).length > 0 ? 'staged' : 'before it wrote'
}

/** Every version that is listed is all there, and runs. */
function expectWhole({context}: Sandbox, digests: ReadonlyMap<string, string>, when: string): void {
  for (const installed of listInstalled(context, 'ore')) {
    const {version, directory, bin} = installed
    expect(readReceipt(installed), when).toMatchObject({version, files: 8})
    expect(sha256(readFileSync(join(directory, 'package', 'noise.txt'))), when).toBe(digests.get(version))
    expect(readdirSync(join(directory, 'package', 'lib')), when).toHaveLength(6)
    expect(execFileSync(join(bin, 'ore'), {encoding: 'utf8'}), when).toBe(`${version}\n`)
  }
}
