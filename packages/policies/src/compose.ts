import { HubError, type Transport } from '@conn-hub/core'
import type { Policy } from './model/policy.js'
import { handedOnce } from './parts/handed-once.js'
import { expect, isFunction, isObject } from './parts/options.js'

/** Under this name a transport holds what is round it, for a compose() further out. By any copy of this package. */
const LAYERS = Symbol.for('@conn-hub/policies/layers')

interface Layered {
  readonly [LAYERS]?: readonly Policy[]
}

/**
 * A transport with policies round it, the innermost first, the outermost last: dials pass them from the last to the first, sessions
 * from the first to the last. Throws `POLICY_ORDER` where a limit would leak in this order, `POLICY_CONFLICT` where two cannot stand together,
 * `POLICY_IN_USE` where a policy is round a transport already, `INVALID_OPTION` where one is none.
 *
 * @example
 * const hub = createHub({
 *   transport: compose(transport, limitSessions({ inbound: 100 }), limitDials({ parallel: 8 })),
 * })
 */
export const compose = <S>(
  transport: Transport<S>,
  ...policies: readonly Policy[]
): Transport<S> => {
  expect(isObject(transport) && isFunction(transport.dial), 'a transport', 'transport')
  for (const policy of policies) {
    const isPolicy = isObject(policy) && isFunction(policy.wrap) && typeof policy.name === 'string'
    expect(isPolicy, 'objects with name and wrap()', 'policies')
  }
  const { [LAYERS]: inside = [] } = transport as Layered
  const layers = [...inside, ...policies]
  for (const [i, policy] of layers.entries()) {
    for (const outer of layers.slice(i + 1)) checkOrder(policy, outer)
    for (const other of layers) checkRoom(policy, other)
  }
  const innermost = inside.length > 0 ? transport : handedOnce(transport)
  const composed = policies.reduce<Transport<S>>((inner, policy) => policy.wrap(inner), innermost)
  expect(isObject(composed), 'objects whose wrap() gives a transport', 'policies')
  if (composed === innermost) return transport
  // One that cannot be extended is of a policy of the app's own, and says nothing.
  Reflect.defineProperty(composed, LAYERS, { value: layers })
  return composed
}

const checkOrder = (inner: Policy, outer: Policy): void => {
  if (inner.outermost) {
    throw order(`${inner.name} must be the outermost policy: write it behind ${outer.name}`)
  }
  if (inner.needsTable && outer.delaysSessions) {
    throw order(
      `${inner.name} goes by the table of the hub, and ${outer.name} keeps sessions from it for a while, in which more could pass: write ${inner.name} behind ${outer.name}`,
    )
  }
}

/** With one, both ends could refuse the link that the other one has dialed. */
const checkRoom = ({ name, needsTwoLinks }: Policy, { name: other, linksPerPeer = 2 }: Policy) => {
  if (!needsTwoLinks || linksPerPeer > 1) return
  const what = `${name} needs two links with a peer for a moment, and ${other} lets in one: allow 2.`
  throw new HubError('POLICY_CONFLICT', what)
}

const order = (what: string): HubError =>
  new HubError('POLICY_ORDER', `This order of policies leaks: ${what}.`)
