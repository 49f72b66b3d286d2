import { EventEmitter } from 'node:events'
import { EventBus } from '../internals.js'
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
  const bus = new EventBus<{ connected: Payload }>((error) => {
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

/** It needs an event object each time; the payload is a field of it. */
class PayloadEvent extends Event implements Payload {
  readonly value: number

  constructor({ value }: Payload) {
    super(TYPE)
    this.value = value
  }
}

const eventTarget: CreateBus = async () => {
  const target = new EventTarget()
  return {
    on: (listener) => target.addEventListener(TYPE, listener as never),
    emit: (event) => target.dispatchEvent(new PayloadEvent(event)),
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

const mitt: CreateBus = async () => {
  const { default: create } = await loadPeer<{ default: () => Emitter }>('mitt')
  return onEmitter(create())
}

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
  'mitt 3.0.1': mitt,
  'nanoevents 10.0.0': nanoevents,
  'eventemitter3 5.0.4': eventemitter3,
  "Node's EventEmitter": node,
  "Node's EventTarget": eventTarget,
}
