import {lstatSync} from 'node:fs'
import {join} from 'node:path'
import {Exit, UserError} from '../base/errors.ts'
import type {Layout} from '../base/layout.ts'
import {namesIn} from '../base/names-in.ts'

/** How many folders of supervisors in this home belong to other users, who share it. */
export function runsOfOthers({runs}: Layout): number {
  return namesIn(runs).filter(name => ownerOf(join(runs, name)) !== undefined).length
}

/** @throws UserError SUPERVISOR_OF_OTHER_USER where what runs for the project is none of this person's business */
export function refuseOthers(layout: Layout, projectRoot: string): void {
  const folder = layout.run(projectRoot)
  const owner = ownerOf(folder)
  if (owner === undefined) return
  throw new UserError({
    code: 'SUPERVISOR_OF_OTHER_USER',
    message: `${folder} belongs to another user (uid ${owner}), and so does what runs for ${projectRoot}`,
    hint: 'run it as that user, or set TOOL_HOME to a folder of yours',
    exitCode: Exit.workerFailed,
  })
}

/** The uid of another user whose folder it is; undefined for one's own, and for what is not there or can't be seen. */
function ownerOf(folder: string): number | undefined {
  const self = process.getuid?.()
  try {
    const {uid} = lstatSync(folder)
    return self === undefined || uid === self ? undefined : uid
  } catch {
    return undefined
  }
}
