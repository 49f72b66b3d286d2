import { DownList } from './down.js'
import { Figures } from './figures.js'
import { Fleet } from './fleet.js'
import { RefusedList } from './refused.js'
import { Table } from './table.js'
import type { ViewProps } from './view-props.js'

export type List = 'connections' | 'down' | 'refused' | 'figures' | 'fleet'

interface Props extends ViewProps {
  readonly list: List
  readonly show: (list: List) => void
}

/** What can be read as lists: one at a time. */
export const Lists = (props: Props) => {
  const { mirror, filter, list, show, choose, now } = props
  const tabs: [List, string, number?][] = [
    ['connections', 'Connections'],
    ['down', 'Down', mirror.down.size],
    ['refused', 'Refused', mirror.refused.length],
    ['figures', 'Figures'],
    ...(mirror.hub.fleet ? [['fleet', 'Fleet'] as [List, string]] : []),
  ]
  const step = (event: KeyboardEvent) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
    if (!by) return
    const at = tabs.findIndex(([name]) => name === list)
    const next = tabs[(at + by + tabs.length) % tabs.length]
    if (!next) return
    show(next[0])
    document.getElementById(`tab-${next[0]}`)?.focus()
  }
  return (
    <section class="table" data-list={list} aria-label="Lists">
      <div class="head tabs" role="tablist" aria-label="Lists" onKeyDown={step}>
        {tabs.map(([name, title, count]) => (
          <button
            key={name}
            type="button"
            role="tab"
            id={`tab-${name}`}
            aria-selected={name === list}
            aria-controls="list"
            tabIndex={name === list ? 0 : -1}
            onClick={() => show(name)}
          >
            {title}
            {count !== undefined && count > 0 && <b> {count.toLocaleString('en')}</b>}
          </button>
        ))}
      </div>
      <div id="list" class="list" role="tabpanel" aria-labelledby={`tab-${list}`}>
        {list === 'connections' && <Table {...props} />}
        {list === 'down' && <DownList {...{ mirror, filter, choose, now }} />}
        {list === 'refused' && <RefusedList {...{ mirror, filter }} />}
        {list === 'figures' && <Figures mirror={mirror} />}
        {list === 'fleet' && <Fleet />}
      </div>
    </section>
  )
}
