import {expect, test} from 'vitest'
import {commandsOfTable, page} from './pages.ts'
import {reader} from './reader.ts'

/** What may end with something else than 0: something is outdated, nobody can be asked, something is wrong with the machine. */
const otherEndings = ['100 tool outdated', '2 tool prune', '1 tool doctor']

test.each(['From rbenv', 'From asdf', 'From mise', 'From nvm', 'From volta'])(
  'every command of the table “%s” works',
  async heading => {
    await using someone = await reader()
    const commands = commandsOfTable(page('coming-from.md'), heading)
    expect(commands.length).toBeGreaterThan(5)
    const script = [
      'mkdir -p ../TypeScript/built/bin',
      'tool local typescript@5.9.2 node@22',
      'tool install typescript@5.8.3 node@20.20.2 node@24',
      'eval "$(tool init bash)"',
      ...commands.map(line => `${line} || echo "ended $? ${line}"`),
      'echo followed',
    ]
    const {stdout, stderr} = await someone.run('bash', script.join('\n'))
    const ended = [...stdout.matchAll(/^ended (.*)$/gm)].map(([, line = '']) => line)
    expect(
      ended.filter(line => !otherEndings.includes(line)),
      stderr,
    ).toEqual([])
    expect(stdout, stderr).toMatch(/^followed$/m)
  },
)
