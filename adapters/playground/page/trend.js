// A few numbers over weeks as bars. The sentence beside them says the same, so the drawing is for the eye alone.
import { h, svg } from "./dom.js"

const step = 30
const barWidth = 18
const tallest = 60
const cell = 26
const side = 16

/** @param {{ as?: "strip", title: string, points: { label: string, value: number | null }[], max: number, sentence: string }} trend */
export function drawTrend({ as, title, points, max, sentence }) {
  const width = Math.max(points.length, 1) * step
  const height = as === "strip" ? cell : tallest
  const picture = svg("svg", {
    viewBox: `${-side} 0 ${width + 2 * side} ${height + 18}`,
    width: width + 2 * side,
    height: height + 18,
    class: "trend-picture",
    "aria-hidden": "true",
  })
  points.forEach(({ label, value }, i) => {
    const x = i * step + (step - barWidth) / 2
    const bar = value === null ? noChance(x, height) : as === "strip" ? cellOf(i * step, value, max) : barOf(x, value, max)
    const hover = svg("title", {})
    hover.textContent = value === null ? `${label}: ${as === "strip" ? "nothing to count" : "no prompt"}` : `${label}: ${said(value, max)}`
    bar.append(hover)
    picture.append(bar)
    const every = Math.max(1, Math.ceil(points.length / 7))
    if (i % every === 0) {
      const word = svg("text", { x: x + barWidth / 2, y: height + 15, class: "trend-label" })
      word.textContent = label
      picture.append(word)
    }
  })
  return h(
    "figure",
    { class: "trend" },
    h("p", { class: "trend-title" }, title),
    h("div", { class: "trend-scroll" }, picture),
    h("figcaption", {}, sentence),
  )
}

/** @param {number} value @param {number} max */
const said = (value, max) => (max === 1 ? `${Math.round(value * 100)}%` : `${value} of ${max}`)

/** @param {number} x @param {number} height */
const noChance = (x, height) => svg("g", {}, svg("circle", { cx: x + barWidth / 2, cy: height - 3, r: 2.5, class: "trend-none" }))

/** As dark as its share, which also stands in it: colour alone says nothing. @param {number} x @param {number} value @param {number} max */
function cellOf(x, value, max) {
  const share = max > 0 ? Math.min(Math.max(value / max, 0), 1) : 0
  const word = svg("text", { x: x + step / 2, y: cell / 2 + 4, class: share > 0.7 ? "trend-cell-word dark" : "trend-cell-word" })
  word.textContent = String(Math.round(share * 100))
  return svg(
    "g",
    {},
    svg("rect", { x: x + 1.5, y: 0.75, width: step - 3, height: cell - 1.5, rx: 4, class: "trend-cell", "fill-opacity": 0.08 + 0.92 * share }),
    word,
  )
}

/** @param {number} x @param {number} value @param {number} max */
function barOf(x, value, max) {
  const tall = max > 0 ? Math.round((Math.min(value, max) / max) * (tallest - 8)) : 0
  if (tall === 0) return svg("g", {}, svg("rect", { x: x + 0.75, y: tallest - 8, width: barWidth - 1.5, height: 7, rx: 3, class: "trend-zero" }))
  return svg("g", {}, svg("rect", { x, y: tallest - tall, width: barWidth, height: tall, rx: 4, class: "trend-bar" }))
}
