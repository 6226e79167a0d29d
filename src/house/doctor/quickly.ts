import type {NetworkOptions} from '../../fetch/network.ts'

/** For questions whose answer is worth three seconds and no second try. */
export const quickly: NetworkOptions = {
  timeouts: {connect: 3000, idle: 3000, total: 3000, document: 3000},
  retryDelays: [],
}
