import {Exit, errnoOf, UserError} from '../base/errors.ts'

/** The error for a system that lets nobody watch so many files; undefined for any other. */
export function limitError(error: unknown, root: string): UserError | undefined {
  const limit = limits[errnoOf(error) ?? '']
  if (limit === undefined) return undefined
  return new UserError({
    code: 'WATCH_LIMIT_REACHED',
    message: `not all folders of ${root} can be watched: ${limit.what}`,
    hint: `${limit.remedy}, name what is no source in .gitignore, or have the files looked at instead: CHOKIDAR_USEPOLLING=1 tool watch`,
    exitCode: Exit.workerFailed,
  })
}

const limits: Readonly<Record<string, {what: string; remedy: string}>> = {
  ENOSPC: {
    what: "the system's limit of watched folders is reached (ENOSPC)",
    remedy: 'raise it with sysctl fs.inotify.max_user_watches=524288',
  },
  EMFILE: {
    what: 'too many files or watchers are open (EMFILE)',
    remedy: 'raise the limit with ulimit -n, or with sysctl fs.inotify.max_user_instances=512',
  },
  ENFILE: {what: 'too many files are open on this machine (ENFILE)', remedy: 'end other programs'},
}
