import type {Context} from '../base/context.ts'
import {runsOfOthers} from '../supervisor/other-users.ts'

/** What is said where no project of this person has anything that runs; a shared home may have others'. */
export function nothingRuns({layout}: Context): string {
  const others = runsOfOthers(layout)
  const theirs = others === 1 ? 'one project of another user is' : `${others} projects of other users are`
  return `nothing runs for any project${others > 0 ? ` of yours (${theirs} not looked at)` : ''}`
}
