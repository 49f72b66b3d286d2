import { createHub } from '@conn-hub/core'
import { createFaultTransport } from '@conn-hub/testkit'
import type { Page } from 'playwright-core'
import { expect, it, onTestFinished } from 'vitest'
import { record } from '../../src/record/index.js'
import { Player } from '../../src/recording/player.js'
import { serveRecording } from '../../src/serve.js'
import { openWithAxe, seriousOf } from './axe.js'
import { inBrowser, openPage, poll, portsOf } from './browser.js'

/** Noon of a day: what the page says of it is told by the clock of this machine. */
const NOON = new Date(2026, 10, 26, 12).getTime()

/** begin and ready; anna and bo come, somebody cannot be reached three times, anna leaves: a line each minute. */
const recorded = async (): Promise<string> => {
  const transport = createFaultTransport()
  const hub = createHub({ transport, onError: () => {} })
  const texts: string[] = []
  const recorder = record(hub, (text) => void texts.push(text))
  await recorder.flush()
  const anna = transport.inbound('fault:anna')
  transport.inbound('fault:bo')
  for (let i = 0; i < 3; i++) {
    hub.connect('fault:cleo').catch(() => {})
    transport.lastDial.fail(new Error('no route'))
  }
  anna.end()
  await recorder.stop()
  const lines = texts.join('').trim().split('\n')
  for (const session of transport.sessions) session.end()
  await hub.close()
  return lines
    .map((line, i) => line.replace(/"at":\d+/, `"at":${NOON + i * 60_000}`))
    .map((line) => line.replace(/"since":\d+/, `"since":${NOON}`))
    .join('\n')
}
const LENGTH = 11

const serve = async () => {
  const player = new Player(await recorded())
  onTestFinished(() => player.close())
  expect(player.moment.length).toBe(LENGTH)
  await player.goTo(LENGTH)
  const { url, close } = await serveRecording(player, { name: 'hub.jsonl' })
  onTestFinished(close)
  return { player, url }
}

const sliderOf = (page: Page) => page.getByRole('slider', { name: 'Moment' })

inBrowser('the slider of a record', () => {
  it('moves the page back and on by the keyboard, and what has not happened is not there', async () => {
    const { player, url } = await serve()
    const page = await openPage(url)
    const slider = sliderOf(page)
    const isAt = (time: string, place: number) =>
      poll(() => slider.getAttribute('aria-valuetext')).toBe(
        `2026-11-26 ${time}, line ${place} of ${LENGTH}`,
      )
    const lines = () => page.locator('.timeline .line').count()
    await isAt('12:10:00', 11)
    await poll(() => page.title()).toBe('1 connected · 1 down at 12:10:00 · hub.jsonl')
    await poll(() => page.locator('.link').textContent()).toMatch(/^recordseq 9$/)
    expect(await page.locator('.whose').count()).toBe(0)
    await poll(lines).toBe(9)
    await slider.focus()
    await page.keyboard.press('ArrowLeft')
    await isAt('12:09:00', 10)
    await poll(lines).toBe(8)
    // Anna has not left yet.
    await poll(() =>
      page.getByRole('button', { name: 'connected' }).first().textContent(),
    ).toContain('2')
    await page.keyboard.press('Home')
    await isAt('12:00:00', 0)
    await page.getByText('No connections yet').waitFor()
    await poll(lines).toBe(0)
    await poll(() => page.title()).toBe('0 connected at 12:00:00 · hub.jsonl')
    for (let i = 0; i < 4; i++) await page.keyboard.press('ArrowRight')
    await isAt('12:03:00', 4)
    await poll(() => portsOf(page)).toEqual([
      expect.stringContaining('fault:anna'),
      expect.stringContaining('fault:bo'),
    ])
    // By the clock of the record: since noon.
    await poll(() => page.locator('tbody td.since').allTextContents()).toEqual(['3 min', '3 min'])
    await page.keyboard.press('End')
    await isAt('12:10:00', 11)
    await page.getByRole('button', { name: 'One line back' }).click()
    await isAt('12:09:00', 10)
    await page.getByRole('button', { name: 'One line on' }).click()
    await isAt('12:10:00', 11)
    expect(await page.getByRole('button', { name: 'One line on' }).isDisabled()).toBe(true)
    expect(player.moment.place).toBe(LENGTH)
    expect(await page.getByText('Another hub').count()).toBe(0)
  })

  it('can be dragged, and all tabs are at the same moment', async () => {
    const { url } = await serve()
    const page = await openPage(url)
    const other = await page.context().newPage()
    await other.goto(url)
    await sliderOf(other).waitFor()
    const box = await sliderOf(page).boundingBox()
    if (!box) throw new Error('no slider')
    await page.mouse.move(box.x + box.width - 8, box.y + box.height / 2)
    await page.mouse.down()
    for (let part = 10; part >= 5; part--)
      await page.mouse.move(box.x + (box.width * part) / 10, box.y + box.height / 2)
    await page.mouse.up()
    const value = (tab: Page) => sliderOf(tab).inputValue().then(Number)
    await poll(() => value(page)).toBeLessThan(8)
    const there = await value(page)
    expect(there).toBeGreaterThan(3)
    await other.bringToFront()
    await poll(() => value(other)).toBe(there)
    await sliderOf(other).fill('2')
    await page.bringToFront()
    await poll(() => value(page)).toBe(2)
    await page.getByText('No connections yet').waitFor()
  })

  it('says so where it cannot be moved', async () => {
    const { url } = await serve()
    const page = await openPage(url)
    await sliderOf(page).waitFor()
    await page.route('**/seek', (route) => route.abort())
    await page.getByRole('button', { name: 'One line back' }).click()
    await poll(() => page.getByRole('alert').textContent()).toContain('cannot be reached')
    await poll(() => sliderOf(page).inputValue()).toBe(String(LENGTH))
  })

  for (const colorScheme of ['light', 'dark'] as const) {
    for (const width of [1360, 360]) {
      it(`axe finds nothing serious, and nothing is cut: ${colorScheme}, ${width} px`, async () => {
        const { url } = await serve()
        const page = await openWithAxe(url, { colorScheme, viewport: { width, height: 740 } })
        await sliderOf(page).waitFor()
        expect(await seriousOf(page)).toEqual([])
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width)
        const cut = await page
          .locator('.slider > *')
          .evaluateAll(
            (all) =>
              all.filter(
                (one) =>
                  one.scrollWidth > one.clientWidth + 1 ||
                  one.getBoundingClientRect().right > innerWidth,
              ).length,
          )
        expect(cut).toBe(0)
        expect((await sliderOf(page).boundingBox())?.width).toBeGreaterThan(200)
      })
    }
  }
})
