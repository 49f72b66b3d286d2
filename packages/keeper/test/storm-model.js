// By hand: node packages/keeper/test/storm-model.js
// Storms by the rule of the waits alone, without hubs: 1,000 clients, and a server that accepts 10 in each 100 ms.

const [CLIENTS, BASE, MAX, ACCEPTS] = [1_000, 5_000, 30_000, 10]

/** Which share of its ceiling a wait has. */
const RULES = {
  'full jitter alone': () => Math.random(),
  'never long twice in a row': ({ n, share }) => {
    if (n === 0 || share === undefined) return Math.random()
    return (Math.random() + (share < 0.5 ? 1 : 0)) / 2
  },
}

const play = (rule, away) => {
  const slots = []
  const put = (client, at) => {
    client.at = at
    const slot = Math.floor(at / 100)
    slots[slot] ??= []
    slots[slot].push(client)
  }
  const wait = (client, now) => {
    client.share = rule(client)
    put(client, now + client.share * Math.min(MAX, BASE * 2 ** client.n))
  }
  for (let i = 0; i < CLIENTS; i++) wait({ n: 0 }, 0)
  const figures = { peak: 0, attempts: 0, back: 0 }
  for (let slot = 0, left = CLIENTS; left > 0; slot++) {
    const dials = slots[slot] ?? []
    let taken = 0
    // One that fails may dial again within the same 100 ms.
    for (const client of dials) {
      const isBack = client.at >= away
      if (!isBack) figures.attempts++
      if (isBack && ++taken <= ACCEPTS) {
        left--
        figures.back = Math.max(figures.back, client.at - away)
        continue
      }
      client.n++
      wait(client, client.at + 60)
    }
    figures.peak = Math.max(figures.peak, dials.length)
  }
  return figures
}

const STORMS = 4_000
for (const away of [0, 3_000, 10_000, 120_000]) {
  for (const [name, rule] of Object.entries(RULES)) {
    const all = Array.from({ length: STORMS }, () => play(rule, away))
    const of = (figure, share) => {
      const sorted = all.map((each) => each[figure]).sort((a, b) => a - b)
      return sorted[Math.min(STORMS - 1, Math.floor(share * STORMS))]
    }
    const seconds = (share) => `${(of('back', share) / 1_000).toFixed(1)} s`
    const above = all.filter(({ peak }) => peak > 45).length
    const late = all.filter(({ back }) => back > 45_000).length
    console.log(
      `${away / 1_000} s away, ${name}: peak ${of('peak', 0.5)}, above 45 in ${above} of ${STORMS}; ${of('attempts', 1)} attempts at most; all back ${seconds(0.5)}, ${seconds(1)} at most, later than 45 s in ${late}`,
    )
  }
}
