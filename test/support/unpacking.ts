import {mkdirSync} from 'node:fs'
import {join} from 'node:path'
import type {ArchiveFormat} from '../../src/archive/format.ts'
import type {Limits} from '../../src/archive/limits.ts'
import {unpack} from '../../src/archive/unpack.ts'

interface Options {
  format?: ArchiveFormat
  strip?: number
  executable?: string
  limits?: Partial<Limits>
  /** Size of the pieces in which the archive arrives. */
  piece?: number
}

/** Unpacks below `<project>/jail/out`, beside which nothing may ever appear. */
export async function unpackInto(
  project: string,
  archive: Buffer,
  {format = 'tar.gz', strip = 1, piece = 1000, ...more}: Options = {},
) {
  mkdirSync(join(project, 'jail'), {recursive: true})
  const into = join(project, 'jail', 'out')
  async function* arriving() {
    for (let at = 0; at < archive.length; at += piece) yield archive.subarray(at, at + piece)
  }
  const summary = await unpack(arriving(), {format, strip, into, ...more})
  return {into, summary}
}
