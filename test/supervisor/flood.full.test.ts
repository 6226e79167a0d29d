import {readdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {startProgram} from '../support/programs.ts'
import {sandbox} from '../support/sandbox.ts'

const last = /the last word$/

// Measured in a process of its own, which does to the output what `tool serve` does.
test.each([
  ['100 MB in lines', 100e6, 'lines', [last]],
  ['1 GB in lines', 1e9, 'lines', [last]],
  ['1 GB in a single line', 1e9, 'line', [last]],
  ['300 MB on stdout and stderr in turn', 300e6, 'both', [last, last]],
])(
  '%s, and dead at once: bounded memory, and the last words are there',
  async (_name, bytes, manner, words) => {
    await using box = sandbox()
    await using listener = startProgram('child-listener.ts', [box.root, String(bytes), manner])
    expect(await listener.ended).toEqual({code: 0, signal: null})
    const {memory, words: heard} = JSON.parse(listener.stdout)
    for (const [stream, word] of words.entries()) {
      expect(heard[stream]).toEqual([expect.stringMatching(word), expect.stringMatching(word)])
    }
    expect(memory).toBeLessThan(100e6)
    expect(listener.stderr).toBe('')

    const logs = join(box.root, 'logs')
    expect(readdirSync(logs).sort()).toEqual(['flood.log', 'flood.log.1', 'flood.log.2'])
    const lines = readFileSync(join(logs, 'flood.log'), 'utf8').split('\n')
    const told = lines.slice(-2 - words.length, -2)
    expect(told.map(line => line.split(' ')[1]).sort()).toEqual(['err', 'out'].slice(2 - words.length))
    for (const [index, word] of words.entries()) expect(told[index]).toMatch(word)
    expect(lines.at(-2)).toMatch(/ tool ended \(SIGKILL\)$/)
  },
)
