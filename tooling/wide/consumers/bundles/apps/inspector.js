import { createHub, dialer } from '@conn-hub/core'
import { serveInspector } from '@conn-hub/inspector'
import { main, open, same } from './support.js'

main(async () => {
  const hub = createHub({ transport: { describe: () => ({}), dial: dialer(open) } })
  const inspector = await serveInspector(hub)
  const page = await fetch(inspector.url)
  same([page.status, page.headers.get('content-type')], [200, 'text/html; charset=utf-8'])
  const text = await page.text()
  for (const name of [/src="\.\/(assets\/[^"]+\.js)"/, /href="\.\/(assets\/[^"]+\.css)"/]) {
    same((await fetch(inspector.url + name.exec(text)[1])).status, 200)
  }
  await inspector.close()
  await hub.close()
})
