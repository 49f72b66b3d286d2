import type { Report } from '../report.js'
import { median } from '../statistics.js'
import { COLOURS, chart } from './style.js'

/** The cost of a peer by the number of peers, as a factor of what ours costs among the fewest. */
export const growthChart = ({ measures }: Report): object => {
  const rounds = measures.growth ?? []
  const subjects = Object.keys(rounds[0] ?? {})
  const costOf = (subject: string, peers: string): number =>
    median(rounds.map((round) => round[subject]?.[peers] as number))
  const sizesOf = (subject: string): string[] => Object.keys(rounds[0]?.[subject] ?? {})
  const [ours = ''] = subjects
  const unit = costOf(ours, sizesOf(ours)[0] as string)
  const values = subjects.flatMap((subject) =>
    sizesOf(subject).map((peers) => ({
      subject,
      peers: Number(peers),
      cost: costOf(subject, peers) / unit,
    })),
  )
  const scale = { type: 'log' }
  return chart('The cost of a connect and a disconnect, by the number of peers', {
    data: { values },
    height: 260,
    mark: { type: 'line', point: true },
    encoding: {
      x: { field: 'peers', type: 'quantitative', scale, title: 'peers' },
      y: { field: 'cost', type: 'quantitative', scale, title: 'times ours among the fewest' },
      color: { field: 'subject', type: 'nominal', title: null, scale: { range: COLOURS } },
    },
  })
}
