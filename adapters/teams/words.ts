// What people typed, out of what Teams makes of it: entities, mentions, quotes, and pictures in the place of emoji.
// Refuses to lose a word: the safety screen reads what comes out of here.

import { type Body, bodyIn, textIn } from "../../src/platform/body.ts"
import { decoded, type HtmlWords, htmlWords, spaced } from "./html-words.ts"
import { bodiesIn, entraIdIn, isId } from "./narrow.ts"

// C0 and C1 controls but tab and line feed; the bidi marks, embeddings and isolates that can reverse what is around them.
// biome's control-character rule reads literals only, and a built pattern says the ranges in words.
const invisible = new RegExp(
  `[${["\\u0000-\\u0008", "\\u000b-\\u001f", "\\u007f-\\u009f", "\\u061c", "\\u200e\\u200f", "\\u202a-\\u202e", "\\u2066-\\u2069"].join("")}]`,
  "gu",
)

/** Text that is safe to show: well formed, and unable to reorder its neighbours. */
export const clean = (text: string): string => text.toWellFormed().replace(invisible, "")

export type Heard = {
  /** The words as their writer saw them, without the bot's own mention. */
  text: string
  /** The first person mentioned by the id of an account, and the words without that mention. */
  about: { user: string; text: string } | null
  /** Whether the bot is mentioned, and whether anybody else is. */
  toBot: boolean
  toOthers: boolean
  /** The message that it quotes. */
  quoted: string | null
}

/** `botId` is whom the activity came to. */
export function heardIn(activity: Body, botId: string): Heard {
  const typed = textIn(activity, "text") ?? ""
  const mentions = mentionsIn(activity, botId)
  const html = htmlIn(activity)
  const isTyped = isAsTyped(typed, mentions, html.words)
  const { pieces, quoted } =
    isTyped && mentions.length === 0 ? { pieces: [spaced(typed)], quoted: null } : piecesIn(typed, mentions, isTyped ? spaced : decoded)
  const others = pieces.filter((piece) => typeof piece !== "string")
  const about = others.find(({ user }) => user !== null)
  const isPlain = mentions.length === 0 && others.length === 0
  const text = joined(pieces)
  return {
    text: isPlain ? fuller(text, html.words) : text,
    about: about?.user ? { user: about.user, text: joined(pieces.filter((piece) => piece !== about)) } : null,
    toBot: mentions.some(({ isBot }) => isBot),
    toOthers: others.length > 0,
    quoted: quotedIn(activity) ?? quoted ?? html.quoted,
  }
}

type Mention = { text: string; isBot: boolean; user: string | null }
/** Words, or somebody who is not the bot. */
type Piece = string | { name: string; user: string | null }

const mentionsIn = (activity: Body, botId: string): readonly Mention[] =>
  bodiesIn(activity, "entities")
    .filter((entity) => textIn(entity, "type") === "mention")
    .map((entity) => {
      const mentioned = bodyIn(entity, "mentioned")
      return { text: textIn(entity, "text") ?? "", isBot: textIn(mentioned, "id") === botId, user: entraIdIn(mentioned, "aadObjectId") }
    })

const marks = /<at(?: id="\d{1,4}")?>([^<>]*)<\/at>|<quoted messageId="([\w:.-]{1,128})" ?\/?>(?:<\/quoted>)?/gi

const packed = (text: string): string => text.replace(/\s+/g, "")

/** Some clients write entities into the text and some do not; the HTML beside it always has them, and so says which this is. */
function isAsTyped(text: string, mentions: readonly Mention[], html: string): boolean {
  const named = mentions.length === 0 ? text : text.replace(marks, "$1")
  return packed(named) === packed(html)
}

/** One pass: `<at>` is what Teams writes a mention as, `<quoted>` a quote; the mentions come in the order of the text. */
function piecesIn(text: string, mentions: readonly Mention[], read: (words: string) => string): { pieces: readonly Piece[]; quoted: string | null } {
  const left = [...mentions]
  const pieces: Piece[] = []
  let quoted: string | null = null
  let at = 0
  for (const found of text.matchAll(marks)) {
    const [whole, name, messageId] = found
    pieces.push(read(text.slice(at, found.index)))
    at = found.index + whole.length
    if (name === undefined) {
      quoted ??= messageId ?? null
    } else {
      const which = left.findIndex((mention) => mention.text === whole)
      const [mention] = which < 0 ? [] : left.splice(which, 1)
      if (mention?.isBot !== true) pieces.push({ name: read(name), user: mention?.user ?? null })
    }
  }
  pieces.push(read(text.slice(at)))
  return { pieces, quoted }
}

/** Where a mention was taken out, one space is left of the two around it. */
function joined(pieces: readonly Piece[]): string {
  let text = ""
  let isAfterWords = false
  for (const piece of pieces) {
    const isWords = typeof piece === "string"
    const words = isWords ? piece : piece.name
    text += isWords && isAfterWords && /\s/.test(text.at(-1) ?? "") ? words.replace(/^[^\S\n]+/, "") : words
    isAfterWords = isWords
  }
  return text.replaceAll("\r\n", "\n").trim()
}

function htmlIn(activity: Body): HtmlWords {
  const html = bodiesIn(activity, "attachments").find((attachment) => textIn(attachment, "contentType") === "text/html")
  return htmlWords(textIn(html ?? null, "content") ?? "")
}

/** Emoji come as pictures, which the text has no place for: the HTML is fuller where all else in the two is the same. */
function fuller(text: string, html: string): string {
  if (text === "") return html
  const letters = (words: string): string => words.replace(/[^\p{L}\p{N}]+/gu, "")
  const emoji = (words: string): number => words.match(/\p{Extended_Pictographic}/gu)?.length ?? 0
  return emoji(html) > emoji(text) && letters(html) === letters(text) ? html : text
}

function quotedIn(activity: Body): string | null {
  const entity = bodiesIn(activity, "entities").find((one) => textIn(one, "type") === "quotedReply")
  const messageId = textIn(bodyIn(entity ?? null, "quotedReply"), "messageId")
  return messageId !== null && isId(messageId) ? messageId : null
}
