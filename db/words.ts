// Decides how people's words and tokens lie in the database. Refuses to know what they say or who may read them.
import { createCipheriv, createDecipheriv, createSecretKey, hkdfSync, type KeyObject } from "node:crypto"
import { chmod, link, mkdir, readFile, stat, unlink, writeFile } from "node:fs/promises"
import { join } from "node:path"

/** `row` names the row and the column's part in it; `version` is the row's own. Swapping any of them makes words unreadable. */
export type Words = {
  seal(schoolId: string, row: string, version: number, words: string): Uint8Array
  /** Throws `WordsUnreadable`. */
  open(schoolId: string, row: string, version: number, sealed: Uint8Array): string
}

/** These bytes were not sealed by this key for this school, row and version, or were changed since. */
export class WordsUnreadable extends Error {
  override readonly name = "WordsUnreadable"
}

/** One sentence for the person who installs it: what is wrong with the key and what to do. */
export class KeyTrouble extends Error {
  override readonly name = "KeyTrouble"
}

const format = 1
const nonceBytes = 12
const tagBytes = 16
const keyBytes = 32

/** AES-256-GCM under one key per school. Layout: format, nonce, ciphertext, tag. */
export function openWords(options: { key: Uint8Array; randomBytes: (count: number) => Uint8Array }): Words {
  if (options.key.length !== keyBytes) throw new KeyTrouble("The key that seals people's words must be 32 bytes.")
  const keys = new Map<string, KeyObject>()

  function keyOf(schoolId: string): KeyObject {
    const known = keys.get(schoolId)
    if (known !== undefined) return known
    const key = createSecretKey(new Uint8Array(hkdfSync("sha256", options.key, new Uint8Array(0), `rapport words ${schoolId}`, keyBytes)))
    keys.set(schoolId, key)
    return key
  }

  return {
    seal(schoolId, row, version, words) {
      const nonce = options.randomBytes(nonceBytes)
      const cipher = createCipheriv("aes-256-gcm", keyOf(schoolId), nonce, { authTagLength: tagBytes })
      cipher.setAAD(bound(schoolId, row, version))
      return Buffer.concat([Uint8Array.of(format), nonce, cipher.update(words, "utf8"), cipher.final(), cipher.getAuthTag()])
    },
    open(schoolId, row, version, sealed) {
      if (sealed.length < 1 + nonceBytes + tagBytes) throw new WordsUnreadable("These words are cut short.")
      if (sealed[0] !== format) throw new WordsUnreadable("These words were sealed by another version of Rapport.")
      const decipher = createDecipheriv("aes-256-gcm", keyOf(schoolId), sealed.subarray(1, 1 + nonceBytes), { authTagLength: tagBytes })
      decipher.setAAD(bound(schoolId, row, version))
      decipher.setAuthTag(sealed.subarray(-tagBytes))
      try {
        return Buffer.concat([decipher.update(sealed.subarray(1 + nonceBytes, -tagBytes)), decipher.final()]).toString("utf8")
      } catch (cause) {
        throw new WordsUnreadable("These words were sealed with another key or for another place, or were changed.", { cause })
      }
    },
  }
}

// As JSON, so that no two different places can spell the same bytes.
function bound(schoolId: string, row: string, version: number): Buffer {
  return Buffer.from(JSON.stringify([format, schoolId, row, version]), "utf8")
}

export type LoadedKey = { key: Uint8Array } & ({ from: "environment" } | { from: "file"; path: string; made: boolean })

/** RAPPORT_KEY when given, else the file `key` in the data folder, made on first start. Call it before the bundled Postgres starts. */
export async function loadKey(options: { dataDir: string; env: string | undefined; randomBytes: (count: number) => Uint8Array }): Promise<LoadedKey> {
  if (options.env !== undefined && options.env !== "") return { from: "environment", key: decodeKey(options.env, "RAPPORT_KEY") }

  const path = join(options.dataDir, "key")
  const known = await readKeyFile(path)
  if (known !== null) return { from: "file", path, key: known, made: false }
  if (await exists(join(options.dataDir, "postgres", "data"))) {
    throw new KeyTrouble(
      `The key ${path} is gone and the words in ${options.dataDir} cannot be read without it: put it back, or set RAPPORT_KEY to it.`,
    )
  }

  await mkdir(options.dataDir, { recursive: true })
  const mine = `${path}.${Buffer.from(options.randomBytes(6)).toString("hex")}`
  await writeFile(mine, `${Buffer.from(options.randomBytes(keyBytes)).toString("base64")}\n`, { mode: 0o600, flag: "wx" })
  await chmod(mine, 0o600)
  // A link never replaces what another process made a moment before; then that key is everyone's.
  const made = await link(mine, path).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === "EEXIST") return false
      throw error
    },
  )
  await unlink(mine)
  const key = await readKeyFile(path)
  if (key === null) throw new KeyTrouble(`The key ${path} disappeared while it was made: start Rapport again.`)
  return { from: "file", path, key, made }
}

/** Throws `KeyTrouble` unless it is the base64 of 32 bytes. */
export function decodeKey(text: string, from: string): Uint8Array {
  const trimmed = text.trim()
  const key = Buffer.from(trimmed, "base64")
  if (!/^[A-Za-z0-9+/_-]{43}=?$/.test(trimmed) || key.length !== keyBytes) {
    throw new KeyTrouble(`${from} must be 32 random bytes in base64 (44 characters): "openssl rand -base64 32" makes one.`)
  }
  return new Uint8Array(key)
}

async function readKeyFile(path: string): Promise<Uint8Array | null> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null
    throw new KeyTrouble(`The key ${path} cannot be read (${error.code ?? error.message}): start Rapport as the account that owns it.`, {
      cause: error,
    })
  })
  if (text === null) return null
  try {
    return decodeKey(text, path)
  } catch (cause) {
    throw new KeyTrouble(`The key ${path} is damaged, and without it no words can be read: put its backup in its place.`, { cause })
  }
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}
