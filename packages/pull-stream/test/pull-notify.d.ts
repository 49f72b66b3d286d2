declare module 'pull-notify' {
  type End = Error | boolean | null | undefined
  type Source<T> = (abort: End, callback: (end: End, item?: T) => void) => void

  interface Notify<T> {
    (item: T): T
    listen(): Source<T>
    end(): void
    abort(error: Error): void
  }

  export default function createNotify<T>(): Notify<T>
}
