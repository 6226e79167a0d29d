import {cpSync, rmSync} from 'node:fs'
import {join} from 'node:path'
import {liveRecords} from '../../src/supervisor/control-record.ts'
import {packageRoot, sandbox} from './sandbox.ts'
import {startTool, tool} from './tool.ts'

/** A machine with copies of the sample sites, and no registry that answers. */
export function siteMachine() {
  const box = sandbox()
  const env = {HOME: box.root, npm_config_registry: 'http://127.0.0.1:9/'}
  return {
    box,
    env,
    site(name: string, copy = name) {
      const folder = join(box.root, copy)
      cpSync(join(packageRoot, 'fixtures', 'sites', name), folder, {recursive: true})
      rmSync(join(folder, 'dist'), {recursive: true, force: true})
      return folder
    },
    run: (cwd: string, ...args: string[]) => tool(args, {cwd, env}),
    start: (cwd: string, ...args: string[]) => startTool(args, {cwd, env}),
    async [Symbol.asyncDispose]() {
      if (liveRecords(box.context.layout).length > 0)
        await tool(['stop', '--all', '--force'], {cwd: box.root, env})
      await box[Symbol.asyncDispose]()
    },
  }
}
