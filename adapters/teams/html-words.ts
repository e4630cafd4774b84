// Words out of the HTML that Teams writes them in, and out of its entities, in one pass from left to right.
// Refuses to show anything as HTML, and to guess: what is no tag and no entity stays what it is.

const named: Readonly<Record<string, string>> = {
  ...{ amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: " " },
  ...{ aacute: "á", eacute: "é", iacute: "í", oacute: "ó", uacute: "ú", ntilde: "ñ", uuml: "ü" },
  ...{ Aacute: "Á", Eacute: "É", Iacute: "Í", Oacute: "Ó", Uacute: "Ú", Ntilde: "Ñ", Uuml: "Ü", iexcl: "¡", iquest: "¿" },
}

/** A space that does not break is a space like any other. */
export const spaced = (text: string): string => text.replaceAll("\u00a0", " ")

/** Once and never again: what an entity was replaced by is not read as another. */
export const decoded = (text: string): string =>
  spaced(
    text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(\w{2,8}));/gi, (entity: string, decimal?: string, hex?: string, name?: string) => {
      if (name !== undefined) return Object.hasOwn(named, name) ? (named[name] ?? entity) : entity
      const point = decimal === undefined ? Number.parseInt(hex ?? "", 16) : Number(decimal)
      return point === 0 || point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff) ? entity : String.fromCodePoint(point)
    }),
  )

export type HtmlWords = { words: string; quoted: string | null }

/** The words of a message's HTML, emoji with them, and the message that it quotes; a quote's own words are somebody else's. */
export function htmlWords(html: string): HtmlWords {
  let words = ""
  let quoted: string | null = null
  let depth = 0
  for (const [piece] of html.matchAll(/<[^<>]*>|[^<]+|</g)) {
    const tag = tagIn(piece)
    if (tag === null) {
      if (depth === 0) words += decoded(piece.replace(/\s+/g, " "))
    } else if (tag.name === "blockquote" && (depth > 0 || isQuote(piece))) {
      depth += tag.isEnd ? -1 : 1
      if (!tag.isEnd) quoted ??= attributeIn(piece, "itemid")
    } else if (depth === 0) words += shown(tag, piece)
  }
  return { words: tidied(words), quoted }
}

type Tag = { name: string; isEnd: boolean }

function tagIn(piece: string): Tag | null {
  const found = /^<(\/?)([a-z][a-z0-9]*)\b/i.exec(piece)
  return found === null || !piece.endsWith(">") ? null : { name: (found[2] ?? "").toLowerCase(), isEnd: found[1] === "/" }
}

const isQuote = (piece: string): boolean => /\sitemtype="https?:\/\/schema\.skype\.com\/Reply"/i.test(piece)

/** An attribute as Teams writes one; null for one that is left empty. */
function attributeIn(piece: string, name: string): string | null {
  const start = piece.indexOf(` ${name}="`)
  if (start < 0) return null
  const from = start + name.length + 3
  const end = piece.indexOf('"', from)
  return end <= from ? null : decoded(piece.slice(from, end))
}

const blocks: ReadonlySet<string> = new Set(["p", "div", "li", "ul", "ol", "blockquote", "pre", "h1", "h2", "h3", "tr"])

function shown({ name, isEnd }: Tag, piece: string): string {
  if (name === "br") return "\n"
  if ((name === "img" || name === "emoji") && !isEnd) return emojiIn(attributeIn(piece, "alt"))
  return blocks.has(name) ? "\n" : ""
}

/** A picture's name is no word of its writer's, unless it is the emoji that the picture stands for. */
const emojiIn = (alt: string | null): string => (alt !== null && alt.length <= 64 && isEmoji(alt) ? alt : "")

const isEmoji = (text: string): boolean => /\p{Extended_Pictographic}|\p{Regional_Indicator}|\u20e3/u.test(text) && !/\p{L}/u.test(text)

const tidied = (words: string): string =>
  words
    .split("\n")
    .map((line) => line.trim())
    .join("\n")
    .replace(/\n{3,}/g, "\n\n")
    .trim()
