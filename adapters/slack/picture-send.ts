// A picture on its way to one person: drawn, uploaded to nobody, and shown in their conversation once Slack has made it ready.
// Refuses to wait for ever: what is not ready within its looks is not shown.
import { createRequire } from "node:module"
import type { ImageBlock } from "@slack/types"
import type { WebClient } from "@slack/web-api"
import { DeliveryFailure } from "../../src/platform/failure.ts"
import { cut, limits } from "../../src/platform/limits.ts"
import { message, text } from "../../src/platform/message.ts"
import { plain } from "../../src/platform/prose.ts"
import { posted, type Step } from "./answer.ts"
import type { Api, Report } from "./api.ts"
import type { Taken } from "./bolt.ts"
import { failureOf } from "./failures.ts"
import { firstIn, idIn } from "./narrow.ts"
import { type Picture, pictureFont, pictureOf } from "./picture.ts"
import { plainText } from "./render.ts"
import type { Received, Reply } from "./reply.ts"
import { inert } from "./send.ts"
import { clean, escaped } from "./words.ts"

export type Pictures = {
  api: Api
  report: Report
  sleep: (ms: number) => Promise<void>
  /** How the sentence is said that the picture would have shown. */
  otherwise: (step: Step, reply: Reply) => Promise<unknown>
}

const looks = 10
const firstRestMs = 300
const zoom = 2
const caps = { alt: 2_000, title: 2_000 }
const mostRemembered = 1_000

/** One press, one picture, however often it is delivered. */
export function createPictures(pictures: Pictures): (asked: Extract<Received, { kind: "picture" }>) => Taken {
  const presses = new Set<string>()
  return ({ id, picture, reply }) => {
    if (presses.has(id)) return { kind: "taken" }
    const [oldest] = presses
    if (presses.size >= mostRemembered && oldest !== undefined) presses.delete(oldest)
    presses.add(id)
    return { kind: "taken", after: () => showOrSay(picture, reply, pictures) }
  }
}

async function showOrSay(picture: Picture, reply: Reply, { api, report, sleep, otherwise }: Pictures): Promise<void> {
  try {
    await show(picture, reply, api, sleep)
  } catch (error) {
    const failure = failureOf(error)
    report("slack_picture_failed", { reason: failure.reason, code: failure.reason === "busy" ? "busy" : failure.detail })
    const { sentence } = picture
    await otherwise(posted(message(cut(sentence, limits.summary), [text(plain(sentence))]), reply), reply)
  }
}

async function show(picture: Picture, reply: Reply, api: Api, sleep: Pictures["sleep"]): Promise<void> {
  const png = await pngOf(pictureOf(picture))
  const client = await api.client(reply.tenant)
  const file = await uploaded(client, png)
  await ready(client, file, sleep)
  const title = cut(clean(picture.title), caps.title)
  const image: ImageBlock = {
    type: "image",
    slack_file: { id: file },
    alt_text: cut(clean(picture.sentence), caps.alt) || "…",
    title: plainText(title),
  }
  await client.chat.postMessage({
    channel: reply.channel ?? reply.user,
    text: escaped(title) || "…",
    blocks: [image],
    ...inert,
    ...(reply.channel === null || reply.thread === null ? {} : { thread_ts: reply.thread }),
  })
}

/** Shared with nobody: a message shows it to whom it is posted. */
async function uploaded(client: WebClient, png: Buffer): Promise<string> {
  const completed = firstIn({ ...(await client.files.uploadV2({ file: png, filename: "weeks.png" })) }, "files")
  const id = idIn(firstIn(completed, "files"), "id")
  if (id === null) throw new DeliveryFailure({ reason: "uncertain", detail: "no_file" })
  return id
}

/** A message may name a file once Slack knows what it is. */
async function ready(client: WebClient, file: string, sleep: Pictures["sleep"]): Promise<void> {
  for (let look = 1; look <= looks; look++) {
    const { file: found } = await client.files.info({ file })
    if (found?.mimetype) return
    if (look < looks) await sleep(firstRestMs * look)
  }
  throw new DeliveryFailure({ reason: "uncertain", detail: "file_not_ready" })
}

/** By the font that came with us alone: machines differ in theirs, and many have none. */
export async function pngOf(svg: string): Promise<Buffer> {
  const { renderAsync } = await import("@resvg/resvg-js")
  const drawn = await renderAsync(svg, {
    font: { loadSystemFonts: false, fontFiles: fontFiles(), defaultFontFamily: pictureFont },
    fitTo: { mode: "zoom", value: zoom },
  })
  return drawn.asPng()
}

const require = createRequire(import.meta.url)

const fontFiles = (): string[] => [
  require.resolve("@expo-google-fonts/open-sans/400Regular/OpenSans_400Regular.ttf"),
  require.resolve("@expo-google-fonts/open-sans/600SemiBold/OpenSans_600SemiBold.ttf"),
]
