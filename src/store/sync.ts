import {open} from 'node:fs/promises'
import {join} from 'node:path'

/**
 * Hands files and folders to the disk itself, so that a power cut can't leave empty ones.
 * @param paths relative to the root; folders in any order
 */
export async function syncAll(root: string, paths: Iterable<string>): Promise<void> {
  const queue = [...paths].values()
  const work = async () => {
    for (const path of queue) await syncOne(join(root, path))
  }
  await Promise.all(Array.from({length: atOnce}, work))
}

/** Together, so that the file system can commit many at once. */
const atOnce = 8

async function syncOne(path: string): Promise<void> {
  const file = await open(path, 'r')
  try {
    await file.sync()
  } catch (error) {
    // Windows syncs neither folders nor files that were opened for reading.
    if (process.platform !== 'win32') throw error
  } finally {
    await file.close()
  }
}
