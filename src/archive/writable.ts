import {Writable} from 'node:stream'

/** What bytes are written to at once, without waiting. */
export interface Sink {
  write(chunk: Buffer): void
  /** All has been written. */
  end(): void
}

/** A sink as the end of a pipeline. It fails with what the sink throws. */
export function writableOf(sink: Sink): Writable {
  const writable = new Writable({
    highWaterMark: 1024 * 1024,
    write(chunk: Buffer, _encoding, done) {
      // Later, so that the decompression of the next chunk is under way while this one is written.
      setImmediate(() =>
        attempt(done, () => {
          if (!writable.destroyed) sink.write(chunk)
        }),
      )
    },
    final: done => attempt(done, () => sink.end()),
  })
  return writable
}

function attempt(done: (error?: Error) => void, work: () => void): void {
  try {
    work()
  } catch (error) {
    done(error as Error)
    return
  }
  done()
}
