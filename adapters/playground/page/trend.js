// A few numbers over weeks as bars. The sentence beside them says the same, so the drawing is for the eye alone.
import { h, svg } from "./dom.js"

const step = 30
const barWidth = 18
const height = 60
const side = 16

/** @param {{ title: string, points: { label: string, value: number | null }[], max: number, sentence: string }} trend */
export function drawTrend({ title, points, max, sentence }) {
  const width = Math.max(points.length, 1) * step
  const picture = svg("svg", {
    viewBox: `${-side} 0 ${width + 2 * side} ${height + 18}`,
    width: width + 2 * side,
    height: height + 18,
    class: "trend-picture",
    "aria-hidden": "true",
  })
  points.forEach(({ label, value }, i) => {
    const x = i * step + (step - barWidth) / 2
    const bar = value === null ? noChance(x) : barOf(x, value, max)
    const hover = svg("title", {})
    hover.textContent = value === null ? `${label}: no prompt` : `${label}: ${value} of ${max}`
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

/** @param {number} x */
const noChance = (x) => svg("g", {}, svg("circle", { cx: x + barWidth / 2, cy: height - 3, r: 2.5, class: "trend-none" }))

/** @param {number} x @param {number} value @param {number} max */
function barOf(x, value, max) {
  const tall = max > 0 ? Math.round((Math.min(value, max) / max) * (height - 8)) : 0
  if (tall === 0) return svg("g", {}, svg("rect", { x: x + 0.75, y: height - 8, width: barWidth - 1.5, height: 7, rx: 3, class: "trend-zero" }))
  return svg("g", {}, svg("rect", { x, y: height - tall, width: barWidth, height: tall, rx: 4, class: "trend-bar" }))
}
