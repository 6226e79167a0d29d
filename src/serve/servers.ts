import type {Context} from '../base/context.ts'
import {readWorkerId} from '../driver/worker-id.ts'
import type {Snapshot} from '../model/event.ts'
import {connectControl} from '../supervisor/controller.ts'
import type {RunningServer} from './types.ts'

/** The servers of a project that listen now, whoever started them; none where nothing is served. */
export async function servers({layout, signal}: Context, root: string): Promise<RunningServer[]> {
  using controller = await connectControl({layout, projectRoot: root, signal})
  if (controller === undefined) return []
  const list = await controller.workers()
  return list.servers.map(runningServer)
}

/** A server as a supervisor tells of it; its worker's id has the version. */
export function runningServer({
  workerId,
  label,
  url,
  host,
  port,
}: Snapshot['servers'][number]): RunningServer {
  const {toolchain = label, version = ''} = readWorkerId(workerId) ?? {}
  return {toolchain, version, url, host, port}
}
