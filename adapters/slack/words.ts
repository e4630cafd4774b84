// What people typed, out of Slack's escapes, and what we write, into them.
// Refuses to lose a word: the safety screen reads what comes out of here.
import { type Body, isBody, listIn, textIn } from "../../src/platform/body.ts"

/** For every mrkdwn and for a message's `text`: nothing in it can mention, link or name a channel. */
export const escaped = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")

const unescaped = (text: string): string => text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&")

// C0 and C1 controls but tab and line feed; the bidi marks, embeddings and isolates that can reverse what is around them.
// biome's control-character rule reads literals only, and a built pattern says the ranges in words.
const invisible = new RegExp(
  `[${["\\u0000-\\u0008", "\\u000b-\\u001f", "\\u007f-\\u009f", "\\u061c", "\\u200e\\u200f", "\\u202a-\\u202e", "\\u2066-\\u2069"].join("")}]`,
  "gu",
)

/** Text that is safe to show: well formed, and unable to reorder its neighbours. */
export const clean = (text: string): string => text.toWellFormed().replace(invisible, "")

/** The words as their writer saw them. `blocks` are the same message's own: they say which `:names:` are emoji. */
export const typedWords = (text: string, blocks: readonly unknown[]): string => decoded(text, emojiIn(blocks))

/** A command's words, and whom they mention first; the words keep no trace of that mention. */
export function commandWords(text: string): { text: string; about: string | null } {
  const mention = /<@([\w-]{1,64})(?:\|[^<>]*)?>/.exec(text)
  if (mention === null) return { text: decoded(text, noEmoji).trim(), about: null }
  const before = decoded(text.slice(0, mention.index), noEmoji)
  const after = decoded(text.slice(mention.index + mention[0].length), noEmoji)
  return { text: `${before.trimEnd()} ${after.trimStart()}`.trim(), about: mention[1] ?? null }
}

const noEmoji: ReadonlyMap<string, string> = new Map()

/** One pass from left to right: what an escape or a name was replaced by is never read again. */
function decoded(text: string, emoji: ReadonlyMap<string, string>): string {
  let words = ""
  let at = 0
  while (at < text.length) {
    const next = nextMark(text, at)
    words += unescaped(text.slice(at, next))
    if (next === text.length) break
    const end = text.indexOf(text[next] === "<" ? ">" : ":", next + 1)
    if (end < 0) {
      // No mark of this kind ends from here on; a `<` of Slack's always does.
      if (text[next] === "<") return words + unescaped(text.slice(next))
      words += ":"
      at = next + 1
    } else if (text[next] === "<") {
      words += controlWords(text.slice(next + 1, end))
      at = end + 1
    } else {
      const found = emojiAt(text, next, end, emoji)
      words += found?.shown ?? ":"
      at = found?.after ?? next + 1
    }
  }
  return words
}

function nextMark(text: string, from: number): number {
  let at = from
  while (at < text.length && text[at] !== "<" && text[at] !== ":") at++
  return at
}

const tones = /^:skin-tone-[2-6](?:-[2-6])?:/
const longestTones = ":skin-tone-2-2:".length

/** `:wave:` or `:wave::skin-tone-3:` from `start` to `end` and on, where the message's blocks call it an emoji. */
function emojiAt(text: string, start: number, end: number, emoji: ReadonlyMap<string, string>): { shown: string; after: number } | null {
  if (emoji.size === 0) return null
  const name = text.slice(start + 1, end)
  const suffix = tones.exec(text.slice(end + 1, end + 1 + longestTones))?.[0]
  const toned = suffix === undefined ? undefined : emoji.get(`${name}:${suffix.slice(0, -1)}`)
  if (suffix !== undefined && toned !== undefined) return { shown: toned, after: end + 1 + suffix.length }
  const bare = emoji.get(name)
  return bare === undefined ? null : { shown: bare, after: end + 1 }
}

/** What stands between `<` and `>`, as a person reads it; what is no sequence of Slack's stays as it is. */
function controlWords(inside: string): string {
  const bar = inside.indexOf("|")
  const target = bar < 0 ? inside : inside.slice(0, bar)
  const label = bar < 0 ? "" : unescaped(inside.slice(bar + 1))
  const name = unescaped(target.slice(1))
  if (/^[@#]\w/.test(target)) return `${target[0]}${label || name}`
  if (/^!\w/.test(target)) return label === "" || label === name ? `@${name}` : label
  return /^[a-z][a-z0-9+.-]*:/i.test(target) ? linkWords(unescaped(target), label) : unescaped(`<${inside}>`)
}

/** Both the label and the address, but where the address is only what Slack made of the label. */
function linkWords(url: string, label: string): string {
  if (label === "" || label === url) return url
  const bare = url.replace(/^(?:https?:\/\/|mailto:|tel:)/, "")
  return bare === label || bare === `${label}/` ? label : `${label} (${url})`
}

/** Emoji by the name that `text` gives them, out of rich_text blocks however deep. */
function emojiIn(blocks: readonly unknown[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  const open: unknown[] = [...blocks]
  while (open.length > 0) {
    const element = open.pop()
    if (!isBody(element)) continue
    if (textIn(element, "type") === "emoji") keepEmoji(element, found)
    for (const inner of listIn(element, "elements")) open.push(inner)
  }
  return found
}

/** Slack's `name` has the skin tone in some clients and not in others; the code points always say it. */
function keepEmoji(element: Body, found: Map<string, string>): void {
  const name = textIn(element, "name")?.split("::")[0]
  const points = pointsOf(textIn(element, "unicode"))
  if (!name || points === null) return
  const shown = String.fromCodePoint(...points)
  const worn = points.filter((point) => point >= firstTone && point <= lastTone).map((point) => point - firstTone + 2)
  if (worn.length > 0) found.set(`${name}::skin-tone-${worn.join("-")}`, shown)
  if (worn.length === 0 || !found.has(name)) found.set(name, shown)
}

const firstTone = 0x1f3fb
const lastTone = 0x1f3ff

/** `1f44b-1f3fd` is a waving hand of one tone; null for what is no such list: a workspace's own emoji has none. */
function pointsOf(unicode: string | null): readonly number[] | null {
  if (unicode === null || !/^[0-9a-f]{2,6}(?:-[0-9a-f]{2,6}){0,15}$/i.test(unicode)) return null
  const points = unicode.split("-").map((point) => Number.parseInt(point, 16))
  return points.some((point) => point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) ? null : points
}
