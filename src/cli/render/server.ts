import type {RunningServer} from '../../session/types.ts'

/** `esbuild 0.28.2 http://127.0.0.1:49213/` */
export function renderServer({toolchain, version, url}: RunningServer): string {
  return `${toolchain} ${version} ${url}`
}
