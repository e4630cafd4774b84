// The app's two icons, drawn here: an adult and a student, within what one of them says.
// Refuses to hold any words: a machine may have no font.
import { Resvg } from "@resvg/resvg-js"
import { accentColor } from "./manifest.ts"

/** 192 by 192 to its edges; Teams rounds the corners, and may show its middle alone. */
const color = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 192 192">
<rect width="192" height="192" fill="${accentColor}"/>
<path d="M60 38h72a22 22 0 0 1 22 22v52a22 22 0 0 1-22 22h-30l-26 24v-24h-16a22 22 0 0 1-22-22V60a22 22 0 0 1 22-22z" fill="#ffffff"/>
<circle cx="80" cy="70" r="14" fill="${accentColor}"/>
<path d="M54 118v-6a26 26 0 0 1 52 0v6z" fill="${accentColor}"/>
<circle cx="122" cy="83" r="11" fill="#e0a030"/>
<path d="M113 118v-8a23 23 0 0 0-2-8a20 20 0 0 1 31 12v4z" fill="#e0a030"/>
</svg>`

/** 32 by 32, white on nothing: Teams draws its own ground behind it. */
const outline = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">
<g fill="none" stroke="#ffffff" stroke-width="2" stroke-linejoin="round" stroke-linecap="round">
<path d="M8 4h16a4 4 0 0 1 4 4v11a4 4 0 0 1-4 4h-7l-6 5v-5h-3a4 4 0 0 1-4-4V8a4 4 0 0 1 4-4z"/>
</g>
<g fill="#ffffff">
<circle cx="12" cy="10.5" r="2.75"/>
<path d="M6.75 19.5v-0.5a5.25 5.25 0 0 1 10.5 0v0.5z"/>
<circle cx="21" cy="12.5" r="2.25"/>
<path d="M19 19.5v-1a6.5 6.5 0 0 0-0.6-2.6a4.2 4.2 0 0 1 6.85 3.2v0.4z"/>
</g>
</svg>`

export const colorPng = (): Uint8Array => drawn(color, 192)
export const outlinePng = (): Uint8Array => drawn(outline, 32)

const drawn = (svg: string, size: number): Uint8Array =>
  new Resvg(svg, { fitTo: { mode: "width", value: size }, font: { loadSystemFonts: false } }).render().asPng()
