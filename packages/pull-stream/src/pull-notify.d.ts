// The package has no types of its own.
declare module 'pull-notify' {
  type End = Error | boolean | null

  type Listener<T> = (abort: End, cb: (end: End, item?: T) => void) => void

  interface Notify<T> {
    /** Hands `item` to every listener. */
    (item: T): void
    listen(): Listener<T>
    end(): void
  }

  export default function createNotify<T>(): Notify<T>
}
