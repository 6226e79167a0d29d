import {expect} from 'vitest'
import type {Page} from './pages.ts'
import type {Reader} from './reader.ts'

/** Runs what a page tells to type, from top to bottom; what it shows must come out. */
export async function follow({run}: Reader, {blocks}: Page): Promise<string[]> {
  const outputs: string[] = []
  for (const {language, text} of blocks) {
    if (language !== 'sh' && language !== 'console') continue
    const isShown = language === 'console'
    const script = isShown ? [...text.matchAll(/^\$ (.*)$/gm)].map(([, line]) => line).join('\n') : text
    const {code, stdout, stderr} = await run('sh', script)
    expect({script, code, stderr}).toMatchObject({code: 0, stderr: expect.not.stringContaining('error')})
    if (isShown) expect(stdout).toBe(text.replaceAll(/^\$ .*\n/gm, ''))
    outputs.push(stdout)
  }
  return outputs
}
