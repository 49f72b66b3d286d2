import { EventEmitter } from 'node:events'
import { createEventBus } from '../internals.js'
import { loadPeer } from '../peers.js'

export interface Payload {
  readonly value: number
}

export type Listener = (event: Payload) => void

export interface Bus {
  on(listener: Listener): unknown
  emit(event: Payload): unknown
}

export type CreateBus = () => Promise<Bus>

const TYPE = 'connected'

const ours: CreateBus = async () => {
  const bus = createEventBus<{ connected: Payload }>((error) => {
    throw error
  })
  return {
    on: (listener) => bus.on(TYPE, listener),
    emit: (event) => bus.emit(TYPE, event),
  }
}

const node: CreateBus = async () => {
  const emitter = new EventEmitter().setMaxListeners(0)
  return {
    on: (listener) => emitter.on(TYPE, listener),
    emit: (event) => emitter.emit(TYPE, event),
  }
}

interface Emitter {
  on(type: string, listener: Listener): unknown
  emit(type: string, event: Payload): unknown
}

const onEmitter = (emitter: Emitter): Bus => ({
  on: (listener) => emitter.on(TYPE, listener),
  emit: (event) => emitter.emit(TYPE, event),
})

const nanoevents: CreateBus = async () => {
  const { createNanoEvents } = await loadPeer<{ createNanoEvents: () => Emitter }>('nanoevents')
  return onEmitter(createNanoEvents())
}

const eventemitter3: CreateBus = async () => {
  const { default: Emitter } = await loadPeer<{ default: new () => Emitter }>('eventemitter3')
  return onEmitter(new Emitter())
}

export const BUSES: Record<string, CreateBus> = {
  ours,
  'nanoevents 10.0.0': nanoevents,
  'eventemitter3 5.0.4': eventemitter3,
  "Node's EventEmitter": node,
}
