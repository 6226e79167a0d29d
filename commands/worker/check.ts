import {Args, Flags} from '@oclif/core'
import {Exit} from '../../src/base/errors.ts'
import {BaseCommand} from '../../src/cli/base-command.ts'
import {renderCheck, renderWorkerReport} from '../../src/cli/render/worker-check.ts'
import {splitAtDashes} from '../../src/cli/split-arguments.ts'
import {checkWorker} from '../../src/house/worker-check.ts'

export default class WorkerCheck extends BaseCommand {
  static override group = 'house' as const
  static override summary = 'Hold a compiler of your own against the protocol that workers speak.'
  static override description =
    'Starts the program again and again, acts as its supervisor, and tells what of docs/protocol.md it keeps: handshake, ' +
    'compiling, cancelling, floods, frames that are too large, shutdown, a supervisor that is lost, serving. ' +
    'Exits with 1 if something failed.'
  static override usage = 'worker check [--argument ARG]... [--timeout SECONDS] -- CMD...'
  static override examples = [
    'tool worker check -- node my-compiler.js',
    {
      description: 'A compiler that must be told what to compile',
      command: 'tool worker check --argument src -- ./my-compiler',
    },
    {
      description: 'One that is started differently to build and to serve',
      command: 'tool worker check -- ./my-compiler {mode}',
    },
  ]
  static override strict = false
  static override args = {
    command: Args.string({
      required: true,
      description: 'what starts the worker; {mode} in it stands for build or serve',
    }),
  }
  static override flags = {
    argument: Flags.string({
      multiple: true,
      multipleNonGreedy: true,
      helpValue: 'ARG',
      summary: 'An argument for its compile and its server; may be given several times.',
    }),
    only: Flags.string({
      multiple: true,
      multipleNonGreedy: true,
      helpValue: 'CHECK',
      summary: 'Only this check, by its name in the report, and the handshake; may be given several times.',
    }),
    timeout: Flags.integer({
      min: 1,
      default: 60,
      helpValue: 'SECONDS',
      summary: 'How long a whole compile may take.',
    }),
  }

  async run() {
    const {flags, context, words} = await this.start(WorkerCheck)
    const {passedOn} = splitAtDashes(this.argv)
    const command = passedOn.length > 0 ? passedOn : words
    const report = await checkWorker(
      context,
      {command, arguments: flags.argument ?? [], patience: flags.timeout * 1000, only: flags.only ?? []},
      result => this.print(renderCheck(result)),
    )
    this.print(renderWorkerReport(report))
    if (!report.ok) process.exitCode = Exit.compileErrors
    return report
  }
}
