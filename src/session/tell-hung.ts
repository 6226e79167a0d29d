import type {Logger} from '../base/log.ts'
import type {Controller} from '../supervisor/controller.ts'

/** Says to who only listens when the supervisor hangs, and when it goes on: nothing is lost until then. */
export function tellHung(controller: Pick<Controller, 'onHung'>, log: Logger): void {
  controller.onHung(error => {
    if (error) log.warning(`${error.message}; what it says next will follow, or ${error.hint}`)
    else log.info('the supervisor answers again')
  })
}
