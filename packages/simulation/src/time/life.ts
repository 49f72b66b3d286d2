/** One run of a process of the world, from its start to its crash: timers and packets belong to one. */
export class Life {
  readonly name: string
  state: 'awake' | 'asleep' | 'over' = 'awake'

  constructor(name: string) {
    this.name = name
  }
}
