import type {Context} from '../base/context.ts'
import {build} from '../build/build.ts'
import {exitCodeOf} from '../build/exit-code.ts'
import type {BuildResult} from '../build/types.ts'
import {Interrupted} from './interrupt.ts'
import {projectTargets, type TargetOptions} from './project-targets.ts'
import {type BuildFormat, buildOutput} from './render/build-output.ts'
import {renderFailures} from './render/summary.ts'
import {usesColor} from './terminal.ts'

export interface BuildCommand extends Omit<TargetOptions, 'mode'> {
  args: readonly string[]
  format: BuildFormat | 'none'
  /** Whether compilers are asked that the project's session keeps. */
  warm: boolean
}

/**
 * `tool build`: installs what is missing, compiles with everything that the project pins, prints as it goes.
 * @returns the result, and what to exit with
 */
export async function runBuild(
  context: Context,
  {args, format, warm, ...options}: BuildCommand,
): Promise<{result: BuildResult; exitCode: number}> {
  const {root, targets} = await projectTargets(context, {...options, mode: 'build'})
  const color = usesColor(process.stdout, context.env)
  const output = buildOutput(format, {
    cwd: context.cwd,
    root,
    color,
    write: text => process.stdout.write(text),
    writeError: text => process.stderr.write(text),
  })
  const result = await build(
    context,
    // What a compiler itself prints is known only of one that is run.
    {root, targets, args, color: color && format === 'raw', warm: warm && format !== 'raw'},
    {onEvent: event => output.event?.(event), onLine: line => output.line?.(line)},
  )
  output.finish?.(result)
  if (format !== 'none')
    process.stderr.write(
      renderFailures(result, {cwd: context.cwd, color: usesColor(process.stderr, context.env)}),
    )
  const {reason} = context.signal
  return {result, exitCode: reason instanceof Interrupted ? reason.exitCode : exitCodeOf(result)}
}
