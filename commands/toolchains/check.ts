import {resolve} from 'node:path'
import {Args} from '@oclif/core'
import {Exit} from '../../src/base/errors.ts'
import {BaseCommand} from '../../src/cli/base-command.ts'
import {renderReport, renderStep} from '../../src/cli/render/toolchains.ts'
import {checkDefinitionFile} from '../../src/house/check-definition.ts'
import {loadDefinitions} from '../../src/toolchain/definitions.ts'

export default class ToolchainsCheck extends BaseCommand {
  static override group = 'house' as const
  static override summary = 'Check the definition of a toolchain, and try it with its newest version.'
  static override description =
    'Looks for slips in the file, then lists the versions, gets the newest, unpacks it into a temporary folder, and asks ' +
    'its program for its version. With --offline only the file is checked. Exits with 3 if something is wrong.'
  static override examples = [
    'tool toolchains check toolchains/zig.json',
    'tool toolchains check zig.json --offline',
  ]
  static override args = {file: Args.string({required: true, description: 'the JSON file'})}

  async run() {
    const {args, context} = await this.start(ToolchainsCheck)
    const path = resolve(context.cwd, args.file)
    const report = await checkDefinitionFile(context, await loadDefinitions(context), path, {
      onStep: step => this.print(renderStep(step)),
    })
    this.print(renderReport(report))
    if (!report.ok) process.exitCode = Exit.badPin
    return report
  }
}
