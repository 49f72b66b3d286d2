import { listen } from '@conn-hub/pull-stream'
import { createEventSource, type TestEvent } from '../internals.js'
import { loadPeer } from '../peers.js'

export type Read = (abort: null, callback: (end: unknown, event?: unknown) => void) => void

export interface PullChannel {
  push(event: TestEvent): unknown
  readonly read: Read
}

export type OpenPullChannel = () => Promise<PullChannel>

const ours: OpenPullChannel = async () => {
  const { hub, emit } = createEventSource()
  return { push: emit, read: listen(hub) }
}

const pullPushable: OpenPullChannel = async () => {
  type Pushable = Read & { push(event: TestEvent): void }
  const { default: create } = await loadPeer<{ default: () => Pushable }>('pull-pushable')
  const read = create()
  return { push: (event) => read.push(event), read }
}

const pullNotify: OpenPullChannel = async () => {
  type Notify = ((event: TestEvent) => void) & { listen(): Read }
  const { default: create } = await loadPeer<{ default: () => Notify }>('pull-notify')
  const notify = create()
  return { push: notify, read: notify.listen() }
}

export const PUSHABLE = 'pull-pushable 2.2.0'
export const NOTIFY = 'pull-notify 0.1.2'

export const PULL_SOURCES: Record<string, OpenPullChannel> = {
  ours,
  [PUSHABLE]: pullPushable,
  [NOTIFY]: pullNotify,
}
