import {expect, test} from 'vitest'
import {z} from 'zod'
import {problemsOf} from '../../src/toolchain/check.ts'

const schema = z.strictObject({
  text: z.string().min(1).max(3).optional(),
  number: z.number().positive().max(10).optional(),
  whole: z.int().min(2).optional(),
  list: z.array(z.string()).min(1).optional(),
  word: z.enum(['one', 'two']).optional(),
  either: z.union([z.literal(false), z.strictObject({size: z.int()})]).optional(),
})

test.each([
  [{text: ''}, 'text: is empty'],
  [{text: 'four'}, 'text: is too long'],
  [{text: 1}, 'text: is the number 1, where a text in quotes is wanted'],
  [{number: 0}, 'number: is not more than 0'],
  [{number: 11}, 'number: is more than 10'],
  [{number: Number.POSITIVE_INFINITY}, 'number: is the number Infinity, where a number is wanted'],
  [{whole: 1.5}, 'whole: is the number 1.5, where a whole number is wanted'],
  [{whole: 1}, 'whole: is less than 2'],
  [{list: []}, 'list: has too few items'],
  [{list: {a: 1}}, 'list: is a table of fields, where a list is wanted'],
  [{list: [null]}, 'list.0: is null, where a text in quotes is wanted'],
  [{word: 'three'}, 'word: is "three", which is none of "one", "two"'],
  [{word: 1}, 'word: is the number 1, where one of "one", "two" is wanted'],
  [{either: true}, 'either: is true, where one of false is wanted'],
  [{either: {size: 'x'}}, 'either.size: is a text in quotes, where a number is wanted'],
  [{either: {}}, 'either.size: is missing'],
  [{words: 1}, 'words: there is no field "words"'],
])('%j is told in plain words', async (value, message) => {
  const [problem, ...more] = await problemsOf(schema, value)
  expect(`${problem?.path.join('.')}: ${problem?.message}`).toBe(message)
  expect(more).toEqual([])
})
