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
    ...(trend.points.length === 0 ? [] : [chart(trend)]),
    ...(sentence === ""
      ? []
      : [{ type: "RichTextBlock" as const, spacing: "Small" as const, inlines: [{ type: "TextRun" as const, text: sentence }] }]),
  ]
}

/** A week without a chance keeps its place and has no bar. */
function chart({ points, max, title }: Trend): IVerticalBarChart {
  const labels = new Set<string>()
  return {
    type: "Chart.VerticalBar",
    title: shown(title),
    showTitle: false,
    yMin: 0,
    yMax: Math.max(max, 1),
    data: points.map(({ label, value }) => {
      const x = unlike(shown(label), labels)
      return value === null ? { x } : { x, y: value }
    }),
    fallback: drawn(points, max),
  }
}

/** Two bars of one name would become one. */
function unlike(label: string, labels: Set<string>): string {
  let own = label
  while (labels.has(own)) own += "\u200b"
  labels.add(own)
  return own
}

const bars = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]
/** As wide as a digit, and not drawn together with its neighbours. */
const gap = "\u2007"

const drawn = (points: Trend["points"], max: number): IRichTextBlock => ({
  type: "RichTextBlock",
  inlines: [{ type: "TextRun", fontType: "Monospace", text: points.map(({ value }) => (value === null ? gap : bar(value, max))).join("") }],
})

function bar(value: number, max: number): string {
  const share = max > 0 ? Math.min(Math.max(value / max, 0), 1) : 0
  return bars[Math.round(share * (bars.length - 1))] ?? "▁"
}
