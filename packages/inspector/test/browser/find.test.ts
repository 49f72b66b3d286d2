import { expect, it } from 'vitest'
import { inBrowser, openPage, poll } from './browser.js'
import { createStage } from './stage.js'

inBrowser('filter, search and sort', () => {
  const setup = async () => {
    const stage = createStage()
    const { url } = await stage.serve()
    stage.open('lan:anna', { name: 'Anna', town: 'Porto' })
    stage.open('lan:bo')
    stage.accept('internet:chika')
    stage.dial('tunnel:dmitri')
    const page = await openPage(url)
    await page.getByText('4 of 4').waitFor()
    const addresses = () => page.locator('tbody td.address').allTextContents()
    return { stage, page, addresses }
  }

  it('find entries by words in whatever they have, and fade the ports that do not match', async () => {
    const { page, addresses } = await setup()
    await page.getByRole('searchbox').fill('lan PORTO')
    await poll(addresses).toEqual(['Anna lan:anna'])
    expect(await page.locator('.port[data-faded="true"]').count()).toBe(3)
    await page.getByRole('searchbox').fill('nowhere')
    await page.getByText('Nothing passes the filter').waitFor()
    await page.getByRole('searchbox').fill('')
    await page.getByText('4 of 4').waitFor()
  })

  it('filter by state', async () => {
    const { page, addresses } = await setup()
    await page.getByRole('button', { name: '1 connecting' }).click()
    await poll(addresses).toEqual(['tunnel:dmitri'])
    await page.getByRole('button', { name: '1 connecting' }).click()
    await poll(async () => (await addresses()).length).toBe(4)
  })

  it('sort by a column, up and down', async () => {
    const { page, addresses } = await setup()
    const head = page.getByRole('columnheader', { name: 'address' })
    await head.getByRole('button').click()
    await poll(addresses).toEqual(['internet:chika', 'Anna lan:anna', 'lan:bo', 'tunnel:dmitri'])
    expect(await head.getAttribute('aria-sort')).toBe('ascending')
    await head.getByRole('button').click()
    await poll(addresses).toEqual(['tunnel:dmitri', 'lan:bo', 'Anna lan:anna', 'internet:chika'])
    expect(await head.getAttribute('aria-sort')).toBe('descending')
  })

  it('filter the timeline too', async () => {
    const { page } = await setup()
    await page.getByRole('searchbox').fill('dmitri')
    await poll(() => page.locator('.line').count()).toBe(1)
    expect(await page.locator('.line').textContent()).toContain('tunnel:dmitri')
  })
})
