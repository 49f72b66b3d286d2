declare module 'ssb-ref' {
  const ref: {
    /** Throws where the string is no multiserver-address. */
    toMultiServerAddress(address: string): string
    getKeyFromAddress(address: string): string | undefined
  }
  export default ref
}
