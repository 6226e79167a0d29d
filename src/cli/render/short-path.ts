import type {Context} from '../../base/context.ts'

/** A path for people: `~/app` for what is in their home. */
export function shortPath(path: string, {userHome}: Pick<Context, 'userHome'>): string {
  return path.startsWith(`${userHome}/`) ? `~${path.slice(userHome.length)}` : path
}
