// How deep JSON is nested, by its brackets alone, before anything is made of it.
// Refuses to know whether it is JSON: the parser does.

const mostDepth = 64
const quote = 0x22
const backslash = 0x5c
const brackets = { open: [0x5b, 0x7b], close: [0x5d, 0x7d] } as const

/** No byte of a longer UTF-8 character is a bracket or a quote, so bytes are enough. */
export function isTooDeep(json: Uint8Array): boolean {
  let depth = 0
  let isQuoted = false
  for (let at = 0; at < json.length; at++) {
    const byte = json[at]
    if (byte === quote) isQuoted = !isQuoted
    else if (isQuoted) at += byte === backslash ? 1 : 0
    else if (byte === brackets.open[0] || byte === brackets.open[1]) depth++
    else if (byte === brackets.close[0] || byte === brackets.close[1]) depth--
    if (depth > mostDepth) return true
  }
  return false
}
