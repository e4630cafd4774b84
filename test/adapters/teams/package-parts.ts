// What a test reads out of a package: a digest, and the pixels of a PNG.
import { createHash } from "node:crypto"
import { inflateSync } from "node:zlib"

export const digestOf = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, 16)

export type Pixel = readonly [number, number, number, number]
type Png = { width: number; height: number; pixel: (x: number, y: number) => Pixel }

/** Eight bits a channel with alpha, not interlaced: what resvg writes (PNG specification 5 to 9). */
export function pngOf(bytes: Uint8Array): Png {
  const file = Buffer.from(bytes)
  const [width, height] = [file.readUInt32BE(16), file.readUInt32BE(20)]
  const format = file.subarray(24, 29).join()
  if (format !== "8,6,0,0,0") throw new Error(`Not a plain RGBA picture: ${format}`)
  const parts: Buffer[] = []
  for (let at = 8; at < file.length; at += 12 + file.readUInt32BE(at))
    if (file.toString("latin1", at + 4, at + 8) === "IDAT") parts.push(file.subarray(at + 8, at + 8 + file.readUInt32BE(at)))
  const rows = unfiltered(inflateSync(Buffer.concat(parts)), width, height)
  return {
    width,
    height,
    pixel: (x, y) => {
      const from = (y * width + x) * 4
      return [rows[from] ?? 0, rows[from + 1] ?? 0, rows[from + 2] ?? 0, rows[from + 3] ?? 0]
    },
  }
}

function unfiltered(raw: Buffer, width: number, height: number): Uint8Array {
  const wide = width * 4
  const out = new Uint8Array(wide * height)
  for (let y = 0; y < height; y++) {
    const filter = raw[y * (wide + 1)] ?? 0
    for (let i = 0; i < wide; i++) {
      const left = i < 4 ? 0 : (out[y * wide + i - 4] ?? 0)
      const up = y === 0 ? 0 : (out[(y - 1) * wide + i] ?? 0)
      const corner = i < 4 || y === 0 ? 0 : (out[(y - 1) * wide + i - 4] ?? 0)
      out[y * wide + i] = (raw[y * (wide + 1) + 1 + i] ?? 0) + predicted(filter, left, up, corner)
    }
  }
  return out
}

function predicted(filter: number, left: number, up: number, corner: number): number {
  if (filter === 1) return left
  if (filter === 2) return up
  if (filter === 3) return Math.floor((left + up) / 2)
  if (filter === 4) {
    const [a, b, c] = [Math.abs(up - corner), Math.abs(left - corner), Math.abs(left + up - 2 * corner)]
    return a <= b && a <= c ? left : b <= c ? up : corner
  }
  return 0
}
