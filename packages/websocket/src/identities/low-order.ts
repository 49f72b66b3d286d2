import { fromBase64Url } from './base64url.js'

/** The 32 bytes of each point of low order, without the sign: 0, 1, -1, the two of order 8, and 0 and 1 once more, written as p and p + 1. */
const POINTS = [
  '00'.repeat(32),
  `01${'00'.repeat(31)}`,
  `ec${'ff'.repeat(30)}7f`,
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  `ed${'ff'.repeat(30)}7f`,
  `ee${'ff'.repeat(30)}7f`,
]

/** Whether anybody can sign for this public key of Ed25519: the engines accept such signatures, and they prove nothing. */
export const isOfLowOrder = (key: string): boolean => {
  const bytes = [...fromBase64Url(key)]
  const hex = bytes.map((byte, index) =>
    (index === 31 ? byte & 0x7f : byte).toString(16).padStart(2, '0'),
  )
  return POINTS.includes(hex.join(''))
}
