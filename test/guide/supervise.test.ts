import {chmodSync, existsSync} from 'node:fs'
import {join} from 'node:path'
import {parse} from 'smol-toml'
import {expect, test} from 'vitest'
import {superviseFileSchema} from '../../src/model/supervise-file.ts'
import {sandbox} from '../support/sandbox.ts'
import {startTool, tool} from '../support/tool.ts'
import {page} from './pages.ts'

const guide = page('supervise.md')

function blockWith(language: string, part: string): string {
  const found = guide.blocks.find(block => block.language === language && block.text.includes(part))
  if (found === undefined) throw new Error(`the guide has no ${language} with ${part}`)
  return found.text
}

test('the example of the guide runs as it says', async () => {
  await using box = sandbox()
  const env = {HOME: box.root, PATH: `${join(process.execPath, '..')}:${process.env.PATH}`}
  const options = {cwd: box.project, env}
  box.write('dev.toml', blockWith('toml', 'name = "migrate"'))
  chmodSync(box.write('database.sh', blockWith('sh', 'ready for connections')), 0o755)
  box.write('web.js', blockWith('js', 'createServer'))
  const supervised = startTool(['supervise', 'dev.toml', '--json'], options)
  const seen: string[] = []
  let url = ''
  while (!seen.includes('web ready')) {
    const event = JSON.parse(await supervised.line())
    if (event.type === 'worker/state') seen.push(`${event.label} ${event.state.kind}`)
    if (event.type === 'server/listening') url = event.url
  }
  expect(seen.filter(line => /ready|stopped/.test(line))).toEqual([
    'database ready',
    'migrate ready',
    'migrate stopped',
    'web ready',
  ])
  expect(existsSync(join(box.project, 'migrated'))).toBe(true)
  expect(await (await fetch(url)).text()).toBe('hello')
  expect(await tool(['port', 'dev.toml:web'], options)).toMatchObject({stdout: `${new URL(url).port}\n`})
  expect((await tool(['ps'], options)).stdout).toMatch(/~\/app\/dev\.toml +web +- +ready/)
  expect(await tool(['logs', 'dev.toml:database'], options)).toMatchObject({
    stdout: expect.stringContaining('database │ ready for connections\n'),
  })
  expect(await tool(['stop', 'dev.toml:web'], options)).toMatchObject({code: 0})
  // The last that has an end has ended.
  expect((await supervised.ended).code).toBe(0)
})

test('the page names every key of a task', () => {
  const known = Object.keys(superviseFileSchema.shape.task.element.shape)
  expect(known.filter(key => !guide.text.includes(`\`${key}\``))).toEqual([])
})

test('every file that it shows is one', () => {
  for (const {text} of guide.blocks.filter(({language}) => language === 'toml')) {
    const value = {task: [{command: 'sh'}], ...parse(text)}
    expect(superviseFileSchema.safeParse(value)).toMatchObject({success: true})
  }
})
