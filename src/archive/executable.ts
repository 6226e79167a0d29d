import type {Writable} from 'node:stream'
import {entryPath} from './entry-path.ts'
import {corrupt} from './errors.ts'
import type {Meter} from './limits.ts'
import type {Tree} from './tree.ts'
import {writableOf} from './writable.ts'

/** Takes a stream for one program, and gives it the name that it is to have in the tree. */
export function executableWriter(tree: Tree, meter: Meter, name: string): Writable {
  const path = entryPath(name, 0)
  if (path === undefined) throw new Error('a bare executable needs a name')
  const file = tree.file(path, true)
  let size = 0
  return writableOf({
    write(chunk) {
      meter.unpacked(chunk.length)
      size += chunk.length
      file.write(chunk)
    },
    end() {
      if (size === 0) throw corrupt('it is empty')
      file.close()
    },
  })
}
