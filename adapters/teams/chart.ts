// A few numbers over weeks as Teams' own chart, and in characters where a client has none. The sentence says the same beside either.
import type { CardElementArray, IRichTextBlock, IVerticalBarChart } from "@microsoft/teams.cards"
import type { Trend } from "../../src/platform/message.ts"
import { shown } from "./shown.ts"

export type Element = CardElementArray[number]

export function trendElements(trend: Trend): readonly Element[] {
  const heading = shown(trend.title)
  const sentence = shown(trend.sentence)
  return [
    ...(heading === ""
      ? []
      : [{ type: "RichTextBlock" as const, inlines: [{ type: "TextRun" as const, text: heading, weight: "Bolder" as const }] }]),
    ...(trend.points.every(({ value }) => value === null) ? [] : [trend.as === "strip" ? strip(trend) : chart(trend)]),
    ...(sentence === ""
      ? []
      : [{ type: "RichTextBlock" as const, spacing: "Small" as const, inlines: [{ type: "TextRun" as const, text: sentence }] }]),
  ]
}

/** A week without a chance keeps its place and has no bar. */
function chart({ points, max, title }: Trend): IVerticalBarChart {
  const top = Number.isFinite(max) && max > 0 ? max : 1
  const labels = new Set<string>()
  const shares = points.map(({ value }) => (value === null ? null : shareOf(value, top)))
  return {
    type: "Chart.VerticalBar",
    title: shown(title),
    showTitle: false,
    yMin: 0,
    yMax: top,
    data: points.map(({ label }, n) => {
      const x = unlike(shown(label), labels)
      const share = shares[n] ?? null
      return share === null ? { x } : { x, y: share * top }
    }),
    fallback: drawn(shares),
  }
}

/** Teams has no strip of its own: characters, as dark as the share. */
function strip({ points, max }: Trend): IRichTextBlock {
  const top = Number.isFinite(max) && max > 0 ? max : 1
  return drawn(
    points.map(({ value }) => (value === null ? null : shareOf(value, top))),
    shades,
  )
}

/** Of the height of the whole, whatever a number is. */
const shareOf = (value: number, top: number): number => (value > 0 ? Math.min(value / top, 1) : 0)

/** Two bars of one name would become one. */
function unlike(label: string, labels: Set<string>): string {
  let own = label
  while (labels.has(own)) own += "\u200b"
  labels.add(own)
  return own
}

const bars = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]
const shades = ["·", "░", "▒", "▓", "█"]
/** As wide as a digit, and not drawn together with its neighbours. */
const gap = "\u2007"

const drawn = (shares: readonly (number | null)[], steps: readonly string[] = bars): IRichTextBlock => ({
  type: "RichTextBlock",
  inlines: [{ type: "TextRun", fontType: "Monospace", text: shares.map((share) => (share === null ? gap : stepOf(steps, share))).join("") }],
})

const stepOf = (steps: readonly string[], share: number): string => steps[Math.round(share * (steps.length - 1))] ?? steps[0] ?? ""
