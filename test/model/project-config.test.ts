import {expect, test} from 'vitest'
import {projectConfigSchema} from '../../src/model/project-config.ts'

test.each([{args: ['a\0b']}, {environment: {A: 'a\0b'}}, {environment: {'A\0': 'b'}}])(
  'a NUL character that no program can be given is refused: %j',
  settings => {
    const checked = projectConfigSchema.safeParse({build: {esbuild: settings}})
    expect(checked.error?.issues[0]).toMatchObject({
      path: ['build', 'esbuild', Object.keys(settings)[0], expect.anything()],
    })
  },
)
