import type {CommandGroup} from '../base-command.ts'

/** What the list of all commands shows of one. */
export interface ListedCommand {
  id: string
  summary?: string | undefined
  group?: CommandGroup
  hidden?: boolean
}

const groups: Readonly<Record<CommandGroup, string>> = {
  pins: 'Pin versions',
  versions: 'Install and keep versions',
  running: 'Run them',
  compiling: 'Compile and serve',
  house: 'Keep house',
}

/** `tool help`: every command with its summary, by group, wrapped to a width in columns. */
export function renderHelpOfAll(commands: readonly ListedCommand[], width: number): string {
  const shown = commands.filter(({hidden}) => !hidden)
  const nameWidth = Math.max(...shown.map(({id}) => nameOf(id).length))
  const sections = Object.entries(groups).flatMap(([group, title]) => {
    const own = shown.filter(command => command.group === group)
    return own.length === 0 ? [] : [`${title}\n${own.map(one => line(one, nameWidth, width)).join('')}`]
  })
  return `${intro}\n${sections.join('\n')}\n${outro}`
}

const intro = `Pin the compiler. Supervise it. Know what it says.

  tool COMMAND [FLAGS]
`

const outro = `tool COMMAND --help tells more of one. Flags that every command has:
  -C DIR     run as if started in this folder
  --quiet    say nothing but results and errors
  --verbose  say every step
  --offline  use no network
  --json     the result for programs, where there is one
`

const nameOf = (id: string) => id.replace(':', ' ')

function line({id, summary = ''}: ListedCommand, nameWidth: number, width: number): string {
  const indent = nameWidth + 4
  const [first = '', ...more] = wrap(summary.replace(/\.$/, ''), width - indent)
  const rest = more.map(text => `${' '.repeat(indent)}${text}\n`)
  return `  ${nameOf(id).padEnd(nameWidth)}  ${first}\n${rest.join('')}`
}

/** A text as lines of at most so many columns, broken at blanks. */
export function wrap(text: string, width: number): string[] {
  const lines = ['']
  for (const word of text.split(' ')) {
    const line = lines.at(-1) ?? ''
    if (line === '') lines[lines.length - 1] = word
    else if (line.length + 1 + word.length <= width) lines[lines.length - 1] = `${line} ${word}`
    else lines.push(word)
  }
  return lines
}
