import type {Target} from '../driver/target.ts'
import type {ServeSettings} from '../model/project-config.ts'
import type {SessionWish} from '../session/request.ts'

export interface ServeRequest extends SessionWish {
  /** Those without a server are left out. */
  targets: readonly Target<ServeSettings>[]
}
