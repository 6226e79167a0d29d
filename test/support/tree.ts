import {lstatSync, readdirSync, readFileSync, readlinkSync} from 'node:fs'
import {join} from 'node:path'

/** Every path below a folder with what it is and holds: the same before and after means that nothing was changed. */
export function treeOf(folder: string): string[] {
  return readdirSync(folder, {recursive: true, encoding: 'utf8'})
    .sort()
    .map(name => {
      const path = join(folder, name)
      const stats = lstatSync(path)
      if (stats.isSymbolicLink()) return `${name} -> ${readlinkSync(path)}`
      return stats.isFile() ? `${name} ${readFileSync(path, 'base64')}` : `${name}/`
    })
}
