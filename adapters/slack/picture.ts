// A group's trend as an SVG: a card with a ground of its own, so that it reads the same in a light window and in a dark one.
// Refuses to tell anything by colour alone: a gap is an empty place in the line at the foot, a nought a hollow bar on it; in a strip a gap is an empty place, and a cell says its share.
import { clean } from "./words.ts"

/** What a picture is drawn from, and what says the same in words. */
export type Picture = {
  as?: "strip"
  title: string
  sentence: string
  max: number
  points: readonly { label: string; value: number | null }[]
}

export const pictureFont = "Open Sans"

const width = 720
const height = 360
const side = 28
const plotTop = 104
const foot = height - 64
const titleSize = 22
const smallSize = 16
const between = 10
const colors = { ground: "#ffffff", edge: "#c9ced6", ink: "#1c2128", quiet: "#545d68", bar: "#1a62c4" }

export const pictureOf = (picture: Picture): string => (picture.as === "strip" ? stripOf(picture) : barsOf(picture))

function barsOf({ title, points, max }: Picture): string {
  const top = Number.isFinite(max) && max > 0 ? max : 0
  const marks = [...(top > 0 ? [{ share: 1, shown: number(top, top) }] : []), { share: 0, shown: number(0, top) }]
  const left = side + Math.max(...marks.map(({ shown }) => widthOf(shown, smallSize))) + between
  const step = (width - side - left) / Math.max(points.length, 1)
  const columns = points.map(({ label, value }, i) => {
    const counted = value !== null && Number.isFinite(value) ? value : null
    const share = counted === null || top === 0 ? 0 : Math.min(Math.max(counted / top, 0), 1)
    return { label, value: counted, share, from: left + i * step, middle: left + (i + 0.5) * step }
  })
  const valued = columns.flatMap(({ value, share, middle }) => (value === null ? [] : [{ shown: number(value, top), share, middle }]))
  const shownFits = valued.every(({ shown }) => widthOf(shown, smallSize) + between / 2 <= step)
  return [
    opening(height),
    words({ shown: fitted(title, titleSize, width - 2 * side), x: side, y: 48, size: titleSize, anchor: "start", ink: colors.ink, bold: true }),
    ...(top > 0 ? [line(left, width - side, heightOf(1), `stroke="${colors.edge}" stroke-dasharray="4 4"`)] : []),
    ...marks.map(({ share, shown }) =>
      words({ shown, x: left - between, y: heightOf(share) + smallSize / 3, size: smallSize, anchor: "end", ink: colors.quiet }),
    ),
    ...columns.flatMap(({ value, share, from, middle }) =>
      value === null ? [] : [line(from - seam, from + step + seam, foot, `stroke="${colors.quiet}" stroke-width="2"`), bar(middle, share, step)],
    ),
    ...(shownFits ? valued : []).map(({ shown, share, middle }) =>
      words({ shown, x: middle, y: Math.min(heightOf(share), foot - hollow) - 7, size: smallSize, anchor: "middle", ink: colors.ink }),
    ),
    ...placed(columns).map(({ shown, middle }) =>
      words({ shown, x: middle, y: foot + 30, size: smallSize, anchor: "middle", ink: colors.quiet, of: "week" }),
    ),
    "</svg>",
  ].join("\n")
}

const strip = { height: 172, top: 72, cell: 44, gap: 2, size: 14, faintest: 0.06, darkFrom: 0.78 }

/** A cell a week, as dark as its share, which stands in it where it fits; a week without one is an empty place. */
function stripOf({ title, points, max }: Picture): string {
  const top = Number.isFinite(max) && max > 0 ? max : 0
  const step = Math.min((width - 2 * side) / Math.max(points.length, 1), strip.cell * 1.6)
  const columns = points.map(({ label, value }, i) => {
    const counted = value !== null && Number.isFinite(value) ? value : null
    const share = counted === null || top === 0 ? 0 : Math.min(Math.max(counted / top, 0), 1)
    return {
      label,
      shown: counted === null ? null : number(counted, top).replace("%", ""),
      share,
      from: side + i * step,
      middle: side + (i + 0.5) * step,
    }
  })
  const shownFits = columns.every(({ shown }) => shown === null || widthOf(shown, strip.size) + between <= step)
  return [
    opening(strip.height),
    words({ shown: fitted(title, titleSize, width - 2 * side), x: side, y: 48, size: titleSize, anchor: "start", ink: colors.ink, bold: true }),
    ...columns.flatMap(({ shown, share, from, middle }) => {
      if (shown === null) return []
      const opacity = strip.faintest + (1 - strip.faintest) * share
      const ink = share > strip.darkFrom ? colors.ground : colors.ink
      return [
        `<rect x="${at(from + strip.gap)}" y="${strip.top}" width="${at(step - 2 * strip.gap)}" height="${strip.cell}" rx="4" fill="${colors.bar}" fill-opacity="${opacity.toFixed(2)}" stroke="${colors.bar}"/>`,
        ...(shownFits ? [words({ shown, x: middle, y: strip.top + strip.cell / 2 + 5, size: strip.size, anchor: "middle", ink, halo: false })] : []),
      ]
    }),
    ...placed(columns).map(({ shown, middle }) =>
      words({ shown, x: middle, y: strip.top + strip.cell + 28, size: smallSize, anchor: "middle", ink: colors.quiet, of: "week" }),
    ),
    "</svg>",
  ].join("\n")
}

const opening = (tall: number): string =>
  [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${tall}" viewBox="0 0 ${width} ${tall}" font-family="${pictureFont}">`,
    `<rect x="0.5" y="0.5" width="${width - 1}" height="${tall - 1}" rx="12" fill="${colors.ground}" stroke="${colors.edge}"/>`,
  ].join("\n")

// Two ends that only just meet would show a crack.
const seam = 0.5

const heightOf = (share: number): number => foot - share * (foot - plotTop)
const hollow = 7

function bar(middle: number, share: number, step: number): string {
  const wide = Math.min(step * 0.64, 64)
  const [x, y] = [middle - wide / 2, heightOf(share)]
  return foot - y < hollow
    ? `<rect x="${at(x)}" y="${at(foot - hollow)}" width="${at(wide)}" height="${hollow}" fill="${colors.ground}" stroke="${colors.bar}" stroke-width="2"/>`
    : `<rect x="${at(x)}" y="${at(y)}" width="${at(wide)}" height="${at(foot - y)}" fill="${colors.bar}"/>`
}

const line = (from: number, to: number, y: number, stroke: string): string =>
  `<line x1="${at(from)}" x2="${at(to)}" y1="${at(y)}" y2="${at(y)}" ${stroke}/>`

type Words = {
  shown: string
  x: number
  y: number
  size: number
  anchor: "start" | "middle" | "end"
  ink: string
  bold?: boolean
  of?: string
  halo?: boolean
}

const words = ({ shown, x, y, size, anchor, ink, bold = false, of, halo = true }: Words): string =>
  `<text x="${at(x)}" y="${at(y)}" font-size="${size}" text-anchor="${anchor}" fill="${ink}"${halo ? ` stroke="${colors.ground}" stroke-width="5" paint-order="stroke"` : ""}${bold ? ' font-weight="600"' : ""}${of ? ` class="${of}"` : ""}>${escapedXml(shown)}</text>`

const at = (value: number): string => String(Math.round(value * 10) / 10)

const labelCap = 110

/** As many weeks as fit, evenly from the last one back, none within reach of the next. */
function placed(columns: readonly { label: string; middle: number }[]): readonly { shown: string; middle: number }[] {
  const all = columns.map(({ label, middle }) => {
    const shown = fitted(label, smallSize, labelCap)
    const half = widthOf(shown, smallSize) / 2
    return { shown, half, middle: Math.min(Math.max(middle, side / 2 + half), width - side / 2 - half) }
  })
  for (let every = 1; every < all.length; every++) {
    const kept = all.filter((_, i) => (all.length - 1 - i) % every === 0)
    const apart = kept.every(({ half, middle }, i) => {
      const before = kept[i - 1]
      return before === undefined || middle - half - (before.middle + before.half) >= between
    })
    if (apart) return kept
  }
  return all.slice(-1)
}

/** A part of one whole as a percentage, anything else as it is. */
const number = (value: number, max: number): string => (max === 1 ? `${short(value * 100, 0)}%` : short(value, 1))

function short(value: number, decimals: number): string {
  const scale = 10 ** decimals
  return Math.abs(value) < 1e6 ? String(Math.round(value * scale) / scale) : value.toPrecision(2)
}

/** In one line, and cut where it would be wider than `room`. */
function fitted(text: string, size: number, room: number): string {
  const letters = Array.from(oneLine(text))
  if (widthOf(letters.join(""), size) <= room) return letters.join("")
  let kept = ""
  for (const letter of letters) {
    if (widthOf(`${kept}${letter}…`, size) > room) break
    kept += letter
  }
  return `${kept.trimEnd()}…`
}

// Two code points are well formed, and no XML.
const oneLine = (text: string): string =>
  clean(text)
    .replace(/[\s\uFFFE\uFFFF]+/g, " ")
    .trim()

const escapedXml = (text: string): string =>
  oneLine(text).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;")

// No narrower than the font's own letters, so that what fits by this fits in the picture; a test holds it against the font.
const ems: readonly (readonly [RegExp, number])[] = [
  [/^[ .,:;'!|ijl()[\]-]$/, 0.4],
  [/^\d$/, 0.6],
  [/^[a-hknopq-vx-z]$/, 0.66],
  [/^[A-LN-PR-VX-Z]$/, 0.8],
  [/^%$/, 0.92],
  [/^[\u0020-\u045F\u2010-\u2027]$/, 1.05],
]
const widest = 1.4
/** What a mark on a letter may stand out by. */
const marked = 0.12

export const widthOf = (text: string, size: number): number =>
  Array.from(text.normalize("NFC")).reduce((sum, letter) => sum + emsOf(letter) * size, 0)

function emsOf(letter: string): number {
  const [base = ""] = Array.from(letter.normalize("NFD"))
  return (ems.find(([like]) => like.test(base))?.[1] ?? widest) + (base === letter ? 0 : marked)
}
