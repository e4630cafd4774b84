// The vendor's own memory: an append-only file of JSON lines, shared by every process that opens it.
// Decides how a line is written whole and read once; refuses to know what lines mean.
import { appendFileSync, closeSync, fstatSync, mkdirSync, openSync, readSync } from "node:fs"
import { dirname } from "node:path"

export type Journal = {
  /** One write of one line. */
  append(entry: unknown): void
  /** Lines that were added since the last call, by any process; `restarted` where the file was replaced. */
  read(): { restarted: boolean; entries: readonly unknown[] }
}

const newline = 0x0a

export function openJournal(path: string): Journal {
  mkdirSync(dirname(path), { recursive: true })
  let inode = -1
  let offset = 0

  return {
    append(entry) {
      const line = `${JSON.stringify(entry)}\n`
      // A process killed in mid-write leaves half a line: ours must not be glued to it.
      appendFileSync(path, endsWhole(path) ? line : `\n${line}`, { mode: 0o600 })
    },
    read() {
      let file: number
      try {
        file = openSync(path, "r")
      } catch (error) {
        if (!isMissing(error)) throw error
        const restarted = offset > 0
        inode = -1
        offset = 0
        return { restarted, entries: [] }
      }
      try {
        const { ino, size } = fstatSync(file)
        const restarted = inode !== -1 && (ino !== inode || size < offset)
        if (restarted) offset = 0
        inode = ino
        if (size === offset) return { restarted, entries: [] }
        const bytes = readBytes(file, offset, size - offset)
        const end = bytes.lastIndexOf(newline) + 1
        offset += end
        return { restarted, entries: bytes.subarray(0, end).toString("utf8").split("\n").flatMap(parsed) }
      } finally {
        closeSync(file)
      }
    },
  }
}

/** A torn line is one that no vendor ever accepted: it is passed over. */
function parsed(line: string): unknown[] {
  if (!line) return []
  try {
    return [JSON.parse(line)]
  } catch {
    return []
  }
}

function endsWhole(path: string): boolean {
  let file: number
  try {
    file = openSync(path, "r")
  } catch (error) {
    if (isMissing(error)) return true
    throw error
  }
  try {
    const { size } = fstatSync(file)
    return size === 0 || readBytes(file, size - 1, 1)[0] === newline
  } finally {
    closeSync(file)
  }
}

function readBytes(file: number, position: number, length: number): Buffer {
  const bytes = Buffer.alloc(length)
  let filled = 0
  while (filled < length) {
    const count = readSync(file, bytes, filled, length - filled, position + filled)
    if (count === 0) break
    filled += count
  }
  return bytes.subarray(0, filled)
}

const isMissing = (error: unknown): boolean => error instanceof Error && "code" in error && error.code === "ENOENT"
