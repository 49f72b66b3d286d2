import type { EventsOptions, Hub, View, Views } from '@conn-hub/core'

/** Views as these tests make them. */
export const createView = <S, V extends keyof Views<S>>(
  hub: Hub<S>,
  name: V,
  options?: EventsOptions,
): View<Views<S>[V]> => hub.view(name as 'events', options) as unknown as View<Views<S>[V]>
