import type {Event} from '../model/event.ts'

/** What an event takes of memory or of a connection, about, in UTF-16 units. */
export function weigh(event: Event): number {
  switch (event.type) {
    case 'diagnostics/publish':
      return JSON.stringify(event).length
    case 'task/start':
      return 200 + event.title.length
    case 'task/progress':
      return 200 + (event.message?.length ?? 0)
    default:
      return 200
  }
}
