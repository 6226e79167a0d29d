import fc from 'fast-check'
import {expect, test} from 'vitest'
import {Ring} from '../../src/supervisor/ring.ts'

test('it keeps what a list keeps from which the oldest are taken', () => {
  const limits = fc.record({
    maxItems: fc.integer({min: 1, max: 8}),
    maxSize: fc.integer({min: 0, max: 40}),
    first: fc.integer({min: 0, max: 3}),
  })
  fc.assert(
    fc.property(limits, fc.array(fc.integer({min: 0, max: 20}), {maxLength: 60}), (limit, sizes) => {
      const ring = new Ring<string>(limit)
      const all: {item: string; size: number}[] = []
      for (const [index, size] of sizes.entries()) {
        const item = `item ${index}`
        ring.push(item, size)
        all.push({item, size})
        const weightFrom = (at: number) => all.slice(at).reduce((sum, one) => sum + one.size, 0)
        let oldest = Math.max(0, all.length - limit.maxItems)
        while (oldest < all.length - 1 && weightFrom(oldest) > limit.maxSize) oldest += 1
        expect(ring.items()).toEqual(all.slice(oldest).map(one => one.item))
        expect([ring.first, ring.next]).toEqual([limit.first + oldest, limit.first + all.length])
        expect([ring.first - 1, ring.first, ring.next - 1, ring.next].map(at => ring.at(at))).toEqual([
          undefined,
          all[oldest]?.item,
          item,
          undefined,
        ])
      }
    }),
  )
})

test('an empty one has nothing', () => {
  const ring = new Ring<string>({maxItems: 3, maxSize: 10, first: 1})
  expect([ring.first, ring.next, ring.at(0), ring.at(1), ring.items()]).toEqual([
    1,
    1,
    undefined,
    undefined,
    [],
  ])
})
