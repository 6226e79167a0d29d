import {resolve} from 'node:path'
import type {Context, Environment} from '../base/context.ts'
import {Exit, UserError} from '../base/errors.ts'
import {printSpecs} from '../pin/print.ts'
import type {Pin} from '../pin/types.ts'
import {variableName} from '../pin/variables.ts'
import type {VersionSpec} from '../version/spec.ts'
import type {Assignment} from './shell-syntax.ts'

/** What the shell had before the last `tool shell`, for `tool shell -`: variables as a query string, empty: unset. */
const previousName = 'TOOL_SHELL_PREVIOUS'

/** How the environment of the shell changes for these pins to hold in it, whatever files say. */
export function shellAssignments(context: Context, pins: readonly Pin[]): Assignment[] {
  return withPrevious(
    context.env,
    pins.map(pin => ({name: variableName(pin.toolchain), value: variableValue(pin)})),
  )
}

/** How it changes for toolchains to be pinned by files again. */
export function shellUnset(
  {env}: Context,
  toolchains: readonly string[],
  defaultToolchain: string,
): Assignment[] {
  const names = toolchains.flatMap(name => [
    variableName(name),
    ...(name === defaultToolchain ? ['TOOL_VERSION'] : []),
  ])
  return withPrevious(
    env,
    names.filter(name => env[name]).map(name => ({name, value: null})),
  )
}

/**
 * How it changes back to what was before the last change, which can be had back in the same way.
 * @throws UserError NO_PREVIOUS_VERSION
 */
export function shellPrevious({env}: Context): Assignment[] {
  const before = [...new URLSearchParams(env[previousName] ?? '')]
    .filter(([name]) => /^TOOL_(?:[A-Z][A-Z0-9_]*_)?VERSION$/.test(name))
    .map(([name, value]) => ({name, value: value === '' ? null : value}))
  if (before.length > 0) return withPrevious(env, before)
  throw new UserError({
    code: 'NO_PREVIOUS_VERSION',
    message: 'no version was set in this shell before',
    hint: 'name one: tool shell 5.9.3',
    exitCode: Exit.badPin,
  })
}

/**
 * What the shell says about a toolchain.
 * @throws UserError NO_SHELL_VERSION
 */
export function shellVersion({env}: Context, toolchain: string, defaultToolchain: string): string {
  const own = env[variableName(toolchain)]
  const value = own || (toolchain === defaultToolchain ? env.TOOL_VERSION : undefined)
  if (value) return value
  throw new UserError({
    code: 'NO_SHELL_VERSION',
    message: `no version of ${toolchain} is set in this shell`,
    hint: `tool shell ${toolchain}@VERSION sets one; tool current says what files pin`,
    exitCode: Exit.badPin,
  })
}

/** A command line that wants to change a shell which never ran `tool init`. */
export function shellNotSetUp(line: string, file: string): UserError {
  return new UserError({
    code: 'SHELL_NOT_SET_UP',
    message: "a program can't change the shell that calls it, and this shell was not set up for tool shell",
    hint: `add this line to ${file}, then start a new shell: ${line}`,
    exitCode: Exit.usage,
  })
}

function withPrevious(env: Environment, changes: readonly Assignment[]): Assignment[] {
  if (changes.length === 0) return []
  const before = new URLSearchParams(changes.map(({name}) => [name, env[name] ?? '']))
  return [...changes, {name: previousName, value: String(before)}]
}

/** A variable holds in every folder, so a folder that it names must not depend on one. */
function variableValue({specs: [first, ...others], baseDirectory}: Pin): string {
  const absolute = (spec: VersionSpec) => withAbsolutePath(spec, baseDirectory)
  return printSpecs([absolute(first), ...others.map(absolute)])
}

function withAbsolutePath(spec: VersionSpec, base: string): VersionSpec {
  if (spec.kind !== 'path') return spec
  const directory = resolve(base, spec.directory)
  return {...spec, directory, text: `path:${directory}`}
}
