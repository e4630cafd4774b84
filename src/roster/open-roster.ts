// A folder or a zip file as the few files of a roster. Decides how much may be unpacked; refuses to open any other file.
import { readdir, readFile, stat } from "node:fs/promises"
import { basename, join } from "node:path"
import { crc32 } from "node:zlib"
import { unzipSync } from "fflate"
import { complain, noProblems, type Problems, type Refused, refused } from "./csv.ts"
import { rosterFile } from "./read-roster.ts"

export type OpenRoster = { kind: "opened"; files: Map<string, Uint8Array> } | Refused

/** Bytes. A million enrolments are about 85 MB of CSV. */
export const openLimits = { zip: 128_000_000, file: 256_000_000, all: 400_000_000 } as const
type Limits = { zip: number; file: number; all: number }

/** Opens what `rapport roster import` is pointed at. A path that is not there, too much data or a broken zip is a refusal. */
export async function openRoster(path: string, limits: Limits = openLimits): Promise<OpenRoster> {
  const problems = noProblems()
  const name = basename(path)
  const refuse = (says: string, file = name) => complain(problems, { file, line: 1, column: null, says })
  const found = await stat(path).catch(() => null)
  const files = new Map<string, Uint8Array>()
  if (!found) refuse("is not there; name a folder or a .zip file")
  else if (found.isDirectory()) await openFolder(path, files, limits, refuse)
  else if (found.size > limits.zip) refuse(`is larger than ${megabytes(limits.zip)}`)
  else openZip(name, await readFile(path), files, limits, problems)
  return problems.list.length > 0 ? refused(problems) : { kind: "opened", files }
}

const megabytes = (bytes: number): string => `${Math.round(bytes / 1e6).toLocaleString("en")} MB`

async function openFolder(
  path: string,
  files: Map<string, Uint8Array>,
  limits: Limits,
  refuse: (says: string, file?: string) => void,
): Promise<void> {
  let all = 0
  for (const entry of (await readdir(path)).sort()) {
    const file = rosterFile(entry)
    if (!file) continue
    const { size } = await stat(join(path, entry))
    all += size
    if (size > limits.file || all > limits.all) return refuse(`is larger than ${megabytes(limits.file)}`, entry)
    if (files.has(file)) return refuse(`stands there twice, as ${file} and in other letters`, entry)
    files.set(file, await readFile(join(path, entry)))
  }
}

function openZip(name: string, bytes: Uint8Array, files: Map<string, Uint8Array>, limits: Limits, problems: Problems): void {
  const refuse = (says: string, file = name) => complain(problems, { file, line: 1, column: null, says })
  if (bytes[0] !== 0x50 || bytes[1] !== 0x4b) {
    refuse("is not a zip file; name a folder or a .zip file")
    return
  }
  let all = 0
  try {
    // The sizes a zip announces bound what is unpacked: fflate writes into a buffer of that size and no further.
    const unpacked = unzipSync(bytes, {
      filter: (entry) => {
        if (!rosterFile(entry.name) || entry.name.startsWith("__MACOSX/") || entry.name.endsWith("/")) return false
        all += entry.originalSize
        if (entry.originalSize <= limits.file && all <= limits.all) return true
        refuse(`is larger than ${megabytes(limits.file)} when unpacked`, basename(entry.name))
        return false
      },
    })
    const sums = checksums(bytes)
    for (const [entry, content] of Object.entries(unpacked)) {
      const file = rosterFile(entry) ?? entry
      if (files.has(file)) refuse("stands twice in the zip file", file)
      else if (crc32(content) !== sums.get(entry)) refuse("is damaged inside the zip file; make the zip again", file)
      else files.set(file, content)
    }
  } catch {
    refuse("cannot be unpacked; it may be cut short, damaged or locked with a password")
  }
}

/** CRC-32 by entry name, from the central directory (APPNOTE 4.3.12); fflate does not compare them. */
function checksums(bytes: Uint8Array): Map<string, number> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let end = bytes.length - 22
  while (view.getUint32(end, true) !== 0x06054b50) end -= 1
  const sums = new Map<string, number>()
  let at = view.getUint32(end + 16, true)
  for (let left = view.getUint16(end + 10, true); left > 0 && view.getUint32(at, true) === 0x02014b50; left -= 1) {
    const length = view.getUint16(at + 28, true)
    sums.set(new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + length)), view.getUint32(at + 16, true))
    at += 46 + length + view.getUint16(at + 30, true) + view.getUint16(at + 32, true)
  }
  return sums
}
