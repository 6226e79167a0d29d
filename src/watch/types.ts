import type {SessionWish} from '../session/request.ts'
import type {ProjectFiles} from './project-files.ts'

/** Of its targets those are left out that neither watch nor build. */
export interface WatchRequest extends Omit<SessionWish, 'host' | 'port'> {
  /** The project's files, watched while compilers need it. */
  files?: ProjectFiles
}
