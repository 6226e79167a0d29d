import {chmodSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {setImmediate as turn} from 'node:timers/promises'
import {describe, expect, test} from 'vitest'
import {openLogFiles} from '../../src/supervisor/log-files.ts'
import {followLogs, openLogs} from '../../src/supervisor/log-reader.ts'
import {sandbox} from '../support/sandbox.ts'

function logs(limits: {maxSize?: number; count?: number} = {}) {
  const box = sandbox()
  const directory = join(box.root, 'logs')
  const errors: unknown[] = []
  const files = openLogFiles({directory, ...limits, onError: error => errors.push(error)})
  const write = (text: string, label = 'dev') => files.write({label, stream: 'out', text})
  return {
    directory,
    files,
    errors,
    write,
    async [Symbol.asyncDispose]() {
      files.close()
      await box[Symbol.asyncDispose]()
    },
  }
}

const texts = (records: readonly {text: string}[]) => records.map(({text}) => text)

describe('the files', () => {
  test('are private, one a worker, and whole after the turn of the event loop', async () => {
    await using s = logs()
    s.write('one')
    s.write('two', 'my server/2')
    s.files.write({label: 'dev', stream: 'error', text: 'three\nfour'})
    await turn()
    expect(readdirSync(s.directory)).toEqual(['dev.log', 'my_server_2.log'])
    const time = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z`
    expect(readFileSync(join(s.directory, 'dev.log'), 'utf8')).toMatch(
      new RegExp(`^${time} out one\n${time} error three\n${time} error four\n$`),
    )
    if (process.platform !== 'win32') {
      expect(statSync(s.directory).mode & 0o777).toBe(0o700)
      expect(statSync(join(s.directory, 'dev.log')).mode & 0o777).toBe(0o600)
    }
  })

  test('are put aside by size, and the oldest is forgotten', async () => {
    await using s = logs({maxSize: 1000, count: 3})
    for (let line = 0; line < 200; line++) {
      s.write(`line ${line}`)
      await turn()
    }
    expect(readdirSync(s.directory)).toEqual(['dev.log', 'dev.log.1', 'dev.log.2'])
    for (const name of readdirSync(s.directory))
      expect(statSync(join(s.directory, name)).size).toBeLessThan(1100)
    using reader = openLogs(s.directory)
    const kept = texts(reader.next())
    expect(kept.at(-1)).toBe('line 199')
    expect(kept).toEqual(Array.from(kept, (_, index) => `line ${200 - kept.length + index}`))
  })

  test('go on where an earlier supervisor ended', async () => {
    await using s = logs()
    s.write('before')
    s.files.close()
    s.write('after')
    s.files.close()
    using reader = openLogs(s.directory)
    expect(texts(reader.next())).toEqual(['before', 'after'])
  })

  test('that can’t be written are told once, and the supervisor goes on', async () => {
    await using s = logs()
    writeFileSync(s.directory, 'a file in the way')
    for (const text of ['one', 'two']) {
      s.write(text)
      await turn()
    }
    expect(s.errors).toEqual([expect.objectContaining({code: expect.stringMatching(/^(?:EEXIST|ENOTDIR)$/)})])
  })
})

describe('the reader', () => {
  test('hands on each line once and in order, while files are put aside under it', async () => {
    await using s = logs({maxSize: 2000, count: 4})
    using reader = openLogs(s.directory)
    const read: string[] = []
    for (let line = 0; line < 3000; line++) {
      s.write(`line ${line}`)
      if (line % 7 === 0) await turn()
      if (line % 97 === 0) read.push(...texts(reader.next()))
    }
    await turn()
    read.push(...texts(reader.next()))
    expect(read).toEqual(Array.from({length: 3000}, (_, line) => `line ${line}`))
  })

  test('takes very long lines, odd characters and what is no line of ours', async () => {
    await using s = logs()
    const long = '€'.repeat(200_000)
    s.write(long)
    s.write('')
    s.write('\u001B[31mred\u001B[0m \0 \r')
    await turn()
    writeFileSync(join(s.directory, 'dev.log'), 'rubbish\n\n2026-13-45T out x\nno end', {flag: 'a'})
    using reader = openLogs(s.directory)
    expect(texts(reader.next())).toEqual([long, '', '\u001B[31mred\u001B[0m \0 \r'])
  })

  test('sees one worker, or all in the order of their times; of a folder that is not there nothing', async () => {
    await using s = logs()
    using early = openLogs(join(s.directory, 'nowhere'))
    expect(early.next()).toEqual([])
    using all = openLogs(s.directory)
    expect(all.next()).toEqual([])
    mkdirSync(s.directory)
    chmodSync(s.directory, 0o700)
    writeFileSync(join(s.directory, 'supervisor.log'), 'of another form\n')
    writeFileSync(join(s.directory, 'b.log'), '2026-01-01T00:00:02.000Z err two\n')
    writeFileSync(
      join(s.directory, 'a.log'),
      '2026-01-01T00:00:01.000Z out one\n2026-01-01T00:00:03.000Z tool three\n',
    )
    expect(all.next()).toEqual([
      {at: Date.UTC(2026, 0, 1, 0, 0, 1), label: 'a', stream: 'out', text: 'one'},
      {at: Date.UTC(2026, 0, 1, 0, 0, 2), label: 'b', stream: 'err', text: 'two'},
      {at: Date.UTC(2026, 0, 1, 0, 0, 3), label: 'a', stream: 'tool', text: 'three'},
    ])
    using one = openLogs(s.directory, {labels: ['b', 'c']})
    expect(texts(one.next())).toEqual(['two'])
  })

  test('begins with the last lines of each worker, wherever files were put aside, and misses none that comes', async () => {
    await using s = logs({maxSize: 1000, count: 3})
    for (let line = 0; line < 60; line++) {
      s.write(`line ${line}`)
      await turn()
    }
    s.write('only one', 'other')
    await turn()
    expect(readdirSync(s.directory)).toContain('dev.log.2')
    const of = (records: readonly {label: string; text: string}[], label: string) =>
      texts(records.filter(one => one.label === label))
    for (const last of [0, 1, 5, 20, 30, 1000]) {
      using reader = openLogs(s.directory, {last})
      using all = openLogs(s.directory)
      const kept = of(all.next(), 'dev')
      const first = reader.next()
      expect(of(first, 'dev')).toEqual(last === 0 ? [] : kept.slice(-last))
      expect(of(first, 'other')).toEqual(last === 0 ? [] : ['only one'])
      s.write(`after ${last}`)
      s.write('of a new one', `new-${last}`)
      await turn()
      expect(texts(reader.next())).toEqual([`after ${last}`, 'of a new one'])
    }
  })

  test('that begins at the end hands on a line whole whose end was not written yet', async () => {
    await using s = logs()
    mkdirSync(s.directory)
    const path = join(s.directory, 'dev.log')
    const time = '2026-01-01T00:00:00.000Z'
    writeFileSync(path, `${time} out before\n${time} out half of`)
    using reader = openLogs(s.directory, {last: 0})
    expect(reader.next()).toEqual([])
    writeFileSync(path, ` a line\n${time} out next\n`, {flag: 'a'})
    expect(texts(reader.next())).toEqual(['half of a line', 'next'])
    // The file that is written to was put aside just now, and there is no other yet.
    renameSync(path, `${path}.1`)
    using aside = openLogs(s.directory, {last: 1})
    expect(texts(aside.next())).toEqual(['next'])
    writeFileSync(path, `${time} out and on\n`)
    expect(texts(aside.next())).toEqual(['and on'])
    expect(texts(reader.next())).toEqual(['and on'])
  })

  test('that follows hands on the last lines after the end, and stops when it is told to', async () => {
    await using s = logs()
    using reader = openLogs(s.directory)
    const ended = Promise.withResolvers<void>()
    const read: string[] = []
    const following = followLogs(reader, records => read.push(...texts(records)), {
      ended: ended.promise,
      signal: new AbortController().signal,
    })
    s.write('last words')
    s.files.close()
    ended.resolve()
    await following
    expect(read).toEqual(['last words'])
    const reason = new Error('enough')
    const signal = AbortSignal.abort(reason)
    await expect(followLogs(reader, () => {}, {ended: new Promise(() => {}), signal})).rejects.toBe(reason)
  })
})
