import {readFileSync} from 'node:fs'
import {isAbsolute, join, relative} from 'node:path'
import type {Context} from '../base/context.ts'
import type {Definition} from '../model/definition.ts'
import {builtinDefault} from '../pin/bare-specs.ts'
import {variableName} from '../pin/variables.ts'
import type {Definitions} from '../toolchain/definitions.ts'
import type {PlannedShim} from './plan.ts'

/** A file of the shims folder. */
export interface RenderedShim {
  file: string
  text: string
}

type Renderer = (shim: PlannedShim) => RenderedShim[]

/** Renders shims for the platform: a POSIX sh script, or on Windows a batch file and a PowerShell script. */
export function shimRenderer(context: Context, definitions: Definitions): Renderer {
  return context.platform.os === 'win32' ? windowsRenderer(context) : shRenderer(context, definitions)
}

function shRenderer(context: Context, definitions: Definitions): Renderer {
  const {layout, runtime, packageRoot} = context
  const [whole, forward] = ['shim.sh', 'forward.sh'].map(name => template(context, name))
  const [head = '', body = ''] = split(whole ?? '', '\ncase ${ZSH_VERSION')
  const node = definitions.get('node', {kind: 'default'})
  const shared = {
    home: quote(layout.home),
    runtime: quote(runtime),
    script: quote(join(packageRoot, 'bin', 'tool.cjs')),
    default: quote(builtinDefault),
    node_names: quote(namesOf(node)),
    node_files: filesOf(node),
    forward: (forward ?? '').trimEnd(),
  }
  return ({name, toolchain, binaries}) => {
    const values = {
      ...shared,
      name: quote(name),
      ...(toolchain && ownValues(toolchain)),
      binaries: quote(binaries.length > 0 ? `|${binaries.join('|')}|` : ''),
    }
    const text = toolchain === undefined ? `${head}\n@forward@\n` : head + body
    return [{file: name, text: fill(text, values)}]
  }
}

function ownValues(toolchain: Definition): Record<string, string> {
  return {
    toolchain: quote(toolchain.name),
    names: quote(namesOf(toolchain)),
    variable: variableName(toolchain.name),
    files: filesOf(toolchain),
  }
}

function windowsRenderer(context: Context): Renderer {
  const {layout, runtime, packageRoot} = context
  const paths = {home: layout.home, runtime, script: join(packageRoot, 'bin', 'tool.cjs')}
  const [batch = '', powershell = ''] = ['shim.cmd', 'shim.ps1'].map(name => template(context, name))
  const pathsInBatch = mapValues(paths, path => inBatch(path, layout.shims))
  const rendered = new Set<string>()
  return ({name}) => {
    // A program and a batch file of one name, or of names that differ in case, are one command.
    const command = name.replace(/\.(?:exe|cmd|bat|ps1)$/i, '').toLowerCase()
    if (command === '' || rendered.has(command)) return []
    rendered.add(command)
    const forPowerShell = mapValues({...paths, name: command}, text => `'${text.replaceAll("'", "''")}'`)
    return [
      {
        file: `${command}.cmd`,
        text: fill(batch, {...pathsInBatch, name: literalInBatch(command)}).replaceAll(/\r?\n/g, '\r\n'),
      },
      // Without the mark, Windows PowerShell takes a file for one in the machine's old code page.
      {file: `${command}.ps1`, text: `\uFEFF${fill(powershell, forPowerShell)}`},
    ]
  }
}

/**
 * A path in a batch file, which is read in the machine's old code page: other letters, such as those of a person's
 * name, are left out where the way from the shim's own folder does without them.
 */
function inBatch(path: string, folder: string): string {
  if (isAscii(path)) return literalInBatch(path)
  const way = relative(folder, path)
  return isAscii(way) && !isAbsolute(way) ? `%~dp0${literalInBatch(way)}` : literalInBatch(path)
}

function literalInBatch(text: string): string {
  return text.replaceAll('%', '%%')
}

function isAscii(text: string): boolean {
  return !/[^\u0000-\u007f]/.test(text)
}

function template({packageRoot}: Context, name: string): string {
  return readFileSync(join(packageRoot, 'shims', name), 'utf8')
}

function fill(text: string, values: Readonly<Record<string, string>>): string {
  return text.replaceAll(/@([a-z_]+)@/g, (_, name: string) => {
    const value = values[name]
    if (value === undefined) throw new Error(`the template of a shim asks for ${name}`)
    return value
  })
}

function split(text: string, at: string): [string, string] {
  const index = text.indexOf(at)
  if (index < 0) throw new Error(`the template of a shim has no ${at}`)
  return [text.slice(0, index), text.slice(index)]
}

/** Its name and its aliases, each between bars. */
function namesOf({name, aliases = []}: Definition): string {
  return `|${[name, ...aliases].join('|')}|`
}

/** Other tools' files that pin it. */
function filesOf({versionFiles = []}: Definition): string {
  return versionFiles.map(quote).join(' ')
}

/** A text as one word of a shell. */
function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}

function mapValues<K extends string>(
  record: Record<K, string>,
  map: (text: string) => string,
): Record<K, string> {
  return Object.fromEntries(Object.entries<string>(record).map(([key, text]) => [key, map(text)])) as Record<
    K,
    string
  >
}
