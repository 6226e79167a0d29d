import type {OtherWorker} from '../../session/servers.ts'
import type {RunningServer} from '../../session/types.ts'

/** `esbuild 0.28.2 http://127.0.0.1:49213/` */
export function renderServer({toolchain, version, url}: RunningServer): string {
  return `${toolchain} ${version} ${url}`
}

/** `typescript 5.9.3 (watch)` */
export function renderOther({toolchain, version, mode}: OtherWorker): string {
  return [toolchain, version, mode && `(${mode})`].filter(Boolean).join(' ')
}
