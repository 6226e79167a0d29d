import {readFileSync} from 'node:fs'
import {join} from 'node:path'
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
  return ({name, toolchain}) => {
    const values = {...shared, name: quote(name), ...(toolchain && ownValues(toolchain))}
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
  const values = {home: layout.home, runtime, script: join(packageRoot, 'bin', 'tool.cjs')}
  const [batch = '', powershell = ''] = ['shim.cmd', 'shim.ps1'].map(name => template(context, name))
  return ({name}) => {
    const command = name.replace(/\.(?:exe|cmd|bat|ps1)$/i, '')
    const inBatch = mapValues({...values, name: command}, text => text.replaceAll('%', '%%'))
    const inPowerShell = mapValues({...values, name: command}, text => `'${text.replaceAll("'", "''")}'`)
    return [
      {file: `${command}.cmd`, text: fill(batch, inBatch).replaceAll(/\r?\n/g, '\r\n')},
      {file: `${command}.ps1`, text: fill(powershell, inPowerShell)},
    ]
  }
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
