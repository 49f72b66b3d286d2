import { readFileSync } from 'node:fs'
import { createHub } from '@conn-hub/core'
import { createFaultTransport } from '@conn-hub/testkit'
import { browser, inBrowser } from '@conn-hub/testkit/browser'
import { expect, it } from 'vitest'
import { record, replay } from '../../src/record/index.js'

/** What is published: one file, which imports nothing. */
const built = readFileSync(new URL('../../dist/record.js', import.meta.url), 'utf8')

const SALT = 'a salt of the tests'

inBrowser('the record', () => {
  it('records and replays in a browser what it does in Node', async () => {
    const texts: string[] = []
    const transport = createFaultTransport()
    const hub = createHub({ transport })
    const recorded = record(hub, (text) => void texts.push(text))
    transport.inbound('fault:é💡').end(new Error('lost'), 'bye')
    transport.inbound('fault:stays')
    await recorded.flush()
    const text = texts.join('')

    const page = await browser().newPage()
    await page.addScriptTag({
      type: 'module',
      content: `${built}\nglobalThis.recording = { record, replay }`,
    })
    await page.waitForFunction('globalThis.recording')
    // A replayed hub is a hub: it can be recorded, too.
    const again = (await page.evaluate(`(async () => {
    const hub = recording.replay(${JSON.stringify(text)})
    const texts = []
    const recorder = recording.record(hub, (text) => texts.push(text), { salt: '${SALT}' })
    hub.play()
    await recorder.stop()
    return { size: hub.size, text: texts.join('') }
  })()`)) as { size: number; text: string }
    expect(again.size).toBe(1)
    const here = replay(text)
    const expected: string[] = []
    const recorder = record(here, (more) => void expected.push(more), { salt: SALT })
    here.play()
    await recorder.stop()
    const events = (all: string) => all.split('\n').filter((line) => line.includes('"seq"'))
    expect(events(again.text)).toHaveLength(3)
    expect(events(again.text)).toEqual(events(expected.join('')))
    await hub.close()
  })
})
