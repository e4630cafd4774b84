// A group's weeks as a picture: drawn so that everybody can read it, and shown once to whoever pressed for it.
import { createServer } from "node:http"
import { createRequire } from "node:module"
import type { AddressInfo } from "node:net"
import { Resvg } from "@resvg/resvg-js"
import fc from "fast-check"
import { afterEach, describe, expect, test } from "vitest"
import { clientOptions } from "../../../adapters/slack/api.ts"
import { type Picture, pictureOf, widthOf } from "../../../adapters/slack/picture.ts"
import { pngOf } from "../../../adapters/slack/picture-send.ts"
import { pictureIn, pictureValue } from "../../../adapters/slack/picture-value.ts"
import { rendered } from "../../../adapters/slack/render.ts"
import { home, quiet, say } from "../../../src/platform/answer.ts"
import type { InboundEvent } from "../../../src/platform/event.ts"
import { limits } from "../../../src/platform/limits.ts"
import { type Message, message, type Trend } from "../../../src/platform/message.ts"
import { openSlackStage, type SlackStage, type StageOptions } from "../slack-harness.ts"
import { visibleText } from "./vendor/draw.ts"
import { type Json, json, list } from "./vendor/json.ts"
import { dmOf, type Message as Shown } from "./vendor/state.ts"

const group: Trend = {
  kind: "trend",
  of: "group",
  title: "Maple advisory: answers by week",
  points: [
    { label: "16 Feb", value: 1 },
    { label: "23 Feb", value: null },
    { label: "2 Mar", value: 0 },
    { label: "9 Mar", value: 0.8 },
  ],
  max: 1,
  sentence: "Maple advisory answered 4 of 5 last week.",
  picture: "Show as a picture",
}

describe("the drawing", () => {
  const textsIn = (svg: string) => [...svg.matchAll(/<text [^>]*>([^<]*)<\/text>/g)].map((match) => match[1])
  const weeksIn = (svg: string) =>
    [...svg.matchAll(/<text x="([^"]+)"[^>]*text-anchor="middle"[^>]* class="week">([^<]*)<\/text>/g)].map(([, x, shown]) => ({
      x: Number(x),
      shown,
    }))
  const bars = (svg: string) =>
    svg
      .split("\n")
      .filter((line) => line.startsWith("<rect"))
      .slice(1)
  const footOf = (svg: string) => svg.split("\n").filter((line) => line.startsWith("<line") && !line.includes("dasharray"))

  test("says the title, nought and the most, every value and its week", () => {
    expect(textsIn(pictureOf(group))).toEqual([group.title, "100%", "0%", "100%", "0%", "80%", "16 Feb", "23 Feb", "2 Mar", "9 Mar"])
    expect(textsIn(pictureOf({ ...group, max: 5, points: [{ label: "w", value: 2.25 }] }))).toEqual([group.title, "5", "0", "2.3", "w"])
  })

  test("a week without a chance has no bar and no line at its foot, a nought has both, and is told from the others without colour", () => {
    const svg = pictureOf(group)
    expect(bars(svg)).toHaveLength(3)
    expect(footOf(svg)).toHaveLength(3)
    expect(bars(svg).map((bar) => bar.includes("stroke="))).toEqual([false, true, false])
  })

  test("what is no number is a gap, what is over the top ends there, and nothing at all is no bar", () => {
    const drawn = (values: readonly (number | null)[], max: number) =>
      pictureOf({ ...group, max, points: values.map((value) => ({ label: "w", value })) })
    expect(bars(drawn([Number.NaN, Number.POSITIVE_INFINITY, null], 1))).toEqual([])
    expect(new Set(bars(drawn([5, 1], 1)).map((bar) => /height="([^"]+)"/.exec(bar)?.[1])).size).toBe(1)
    expect(bars(drawn([-4, 3], 0)).every((bar) => bar.includes("stroke="))).toBe(true)
    expect(bars(drawn([], 1))).toEqual([])
  })

  const strip: Trend = { ...group, as: "strip", title: "Answers read in time, % by week" }

  test("of a strip is a cell a week with its share in it, as dark as that, and an empty place for a week without one", () => {
    const svg = pictureOf(strip)
    expect(textsIn(svg)).toEqual([strip.title, "100", "0", "80", "16 Feb", "23 Feb", "2 Mar", "9 Mar"])
    expect(bars(svg).map((cell) => Number(/fill-opacity="([^"]+)"/.exec(cell)?.[1]))).toEqual([1, 0.06, 0.81])
    expect(new Set(bars(svg).map((cell) => /height="([^"]+)"/.exec(cell)?.[1])).size).toBe(1)
    expect(footOf(svg)).toEqual([])
  })

  test("of a strip of many weeks leaves the shares out where they would not fit", () => {
    const points = Array.from({ length: limits.trendPoints }, (_, i) => ({ label: `${i}`, value: i / 40 }))
    const svg = pictureOf({ ...strip, points })
    expect(bars(svg)).toHaveLength(limits.trendPoints)
    expect(textsIn(svg).length).toBeLessThan(limits.trendPoints)
  })

  const hostile = fc.oneof(
    fc.string({ unit: "binary", maxLength: 30 }),
    fc.constantFrom(
      "</text><script>",
      "&amp;\"'",
      "\uFFFE\uFFFF\uD800",
      "𝕎𝕎𝕎𝕎𝕎",
      "WWWWWWWWWWWWWWWW",
      "\u202Eabc",
      "%%%%%%%%%%",
      "щщщщщ",
      "a\nb",
      "Ǆ Ǽ Œ ẬẬẬẬ",
    ),
  )
  const anyNumber = fc.oneof(fc.double(), fc.integer({ min: -5, max: 5 }), fc.double({ min: 0, max: 1 }))
  const pictures: fc.Arbitrary<Picture> = fc.record(
    {
      as: fc.constant("strip" as const),
      title: hostile,
      sentence: hostile,
      max: anyNumber,
      points: fc.array(fc.record({ label: hostile, value: fc.option(anyNumber) }), { maxLength: 45 }),
    },
    { requiredKeys: ["title", "sentence", "max", "points"] },
  )

  test("is well formed with numbers alone for numbers, whatever is in it", () => {
    fc.assert(
      fc.property(pictures, (picture) => {
        const svg = pictureOf(picture)
        expect(svg.replace(/>[^<]*</g, "><")).not.toMatch(/NaN|Infinity|undefined|null|\de[+-]?\d/)
        expect(new Resvg(svg, { font: { loadSystemFonts: false } }).width).toBe(720)
      }),
      { numRuns: 300 },
    )
  })

  const fontFile = createRequire(import.meta.url).resolve("@expo-google-fonts/open-sans/600SemiBold/OpenSans_600SemiBold.ttf")
  /** As the font draws it, at a size of 16; nothing where it has no letter for it. */
  function drawnWidth(shown: string): number {
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="9000" height="99"><text x="50" y="50" font-size="16" font-weight="600">${shown}</text></svg>`
    return new Resvg(svg, { font: { loadSystemFonts: false, fontFiles: [fontFile], defaultFontFamily: "Open Sans" } }).getBBox()?.width ?? 0
  }

  test("no letter of the font is wider than it is taken for", () => {
    const ranges = [
      [0x21, 0x52f],
      [0x1e00, 0x1ef9],
      [0x2010, 0x2044],
      [0x20a3, 0x214f],
    ] as const
    const letters = ranges.flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_, i) => String.fromCodePoint(from + i)))
    const wider = letters.filter((letter) => !/[<&]|\p{M}|\p{C}/u.test(letter) && drawnWidth(letter) > widthOf(letter, 16))
    expect(wider).toEqual([])
  })

  test("no two weeks touch, the last one is always named, and none leaves the picture", () => {
    fc.assert(
      fc.property(pictures, (picture) => {
        const weeks = weeksIn(pictureOf(picture)).map(({ x, shown = "" }) => ({ x, half: drawnWidth(shown) / 2 }))
        expect(weeks.length > 0).toBe(picture.points.length > 0)
        for (const [i, { x, half }] of weeks.entries()) {
          const before = weeks[i - 1] ?? { x: 0, half: 0 }
          expect(before.x + before.half).toBeLessThan(x - half)
          expect(x + half).toBeLessThan(720)
        }
      }),
      { numRuns: 100 },
    )
  })

  test.each([1, 2, 5, 12, 18, 26, limits.trendPoints])("%i weeks keep an even distance between those that are named", (count) => {
    const points = Array.from({ length: count }, (_, i) => ({ label: `${1 + (i % 28)} sept`, value: i % 2 }))
    const named = weeksIn(pictureOf({ ...group, points }))
    // The last one is moved in where it would leave the picture.
    const steps = named.slice(1, -1).map(({ x }, i) => Math.round(x - (named[i]?.x ?? 0)))
    expect(Math.max(0, ...steps) - Math.min(...steps, Math.max(0, ...steps))).toBeLessThanOrEqual(1)
    expect(named.at(-1)?.shown).toBe(points.at(-1)?.label)
    expect(named.length).toBeGreaterThanOrEqual(Math.min(count, 5))
  })

  test("is a PNG of twice its size, with letters from the font that came along and no other", async () => {
    const png = await pngOf(pictureOf(group))
    expect(png.subarray(0, 8)).toEqual(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]))
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([1440, 720])
    expect(png.length).toBeLessThan(200_000)
    const other = await pngOf(pictureOf({ ...group, title: "Oak advisory: answers by week" }))
    expect(other.equals(png)).toBe(false)
    expect(["Nguyễn", "Ünal", "Елена"].map((name) => drawnWidth(name) > 30)).toEqual([true, true, true])
  })
})

describe("the button that asks for it", () => {
  const pressables = (value: Message) => rendered(value).blocks.flatMap((block) => (block.type === "actions" ? block.elements : []))

  test("stands under a group's weeks, in its reader's words, and carries the numbers", () => {
    const [button] = pressables(message("Weeks", [{ ...group, picture: "Ver como imagen" }]))
    expect(button).toMatchObject({ type: "button", action_id: "slack_picture#0", text: { type: "plain_text", text: "Ver como imagen" } })
    const { title, sentence, max, points } = group
    expect(pictureIn(String(json(button).value))).toEqual({ title, sentence, max, points })
    expect(pictureIn(pictureValue({ ...group, as: "strip" }) ?? "")).toEqual({ as: "strip", title, sentence, max, points })
    const named = [{ label: "strip", value: 1 }]
    expect(pictureIn(pictureValue({ ...group, points: named }) ?? "")).toEqual({ title, sentence, max, points: named })
  })

  test("never stands under one student's weeks, nor where there is nothing to draw or no label", () => {
    const { picture: _picture, ...unlabelled } = group
    const without: Trend[] = [{ ...group, of: "student" }, { ...group, points: [] }, { ...group, points: [{ label: "w", value: null }] }, unlabelled]
    for (const trend of without) expect(pressables(message("Weeks", [trend]))).toEqual([])
    expect(pictureValue({ ...group, of: "student" })).toBeNull()
  })

  test("fits into Slack's 2,000 characters with every cap of the port used up, or is not there", () => {
    const points = Array.from({ length: limits.trendPoints }, () => ({ label: "30 sept 2027", value: 1 / 3 }))
    const full = pictureValue({ ...group, title: "T".repeat(150), sentence: "S".repeat(limits.fact), points })
    expect(full?.length).toBeLessThanOrEqual(2_000)
    expect(pictureIn(pictureValue({ ...group, as: "strip", title: "T".repeat(150), points }) ?? "")?.points).toHaveLength(limits.trendPoints)
    expect(pictureIn(full ?? "")?.points).toHaveLength(limits.trendPoints)
    expect(pictureValue({ ...group, sentence: '"'.repeat(limits.fact), title: "\\".repeat(150), points })?.length ?? 0).toBeLessThanOrEqual(2_000)
  })

  test("is read back whole or not at all", () => {
    const good = ["t", "s", 1, "w", 1, "v", null]
    expect(pictureIn(JSON.stringify(good))?.points).toEqual([
      { label: "w", value: 1 },
      { label: "v", value: null },
    ])
    const bad: unknown[] = [
      ...["", "{", "null", "7", '"t"', "{}", "[]", "[1e999]", '["t","s",1,"w",1e999]', "x".repeat(2_001)],
      ...[good.slice(0, 3), good.slice(0, 4), [1, ...good.slice(1)], ["t", null, 1, "w", 1], ["t", "s", "1", "w", 1], ["t", "s", 1, "w", "1"]],
      ...[
        ["t", "s", 1, 2, 1],
        ["t", "s", 1, "strip"],
        ["t", "s", 1, "bars", "w", 1],
        ["t", "s", 1, "w".repeat(17), 1],
        ["t".repeat(151), "s", 1, "w", 1],
      ],
      ["t", "s", 1, ...Array.from({ length: limits.trendPoints + 1 }, () => ["w", 1]).flat()],
    ]
    for (const value of bad) expect(pictureIn(typeof value === "string" ? value : JSON.stringify(value))).toBeNull()
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (value) => pictureIn(value) === null || pictureOf(pictureIn(value) as Picture) !== ""))
  })
})

const stages: SlackStage[] = []
const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const stage of stages.splice(0)) await stage.close()
  for (const close of closing.splice(0)) await close()
})

const user = "U0AVERY"
type Seen = { stage: SlackStage; events: InboundEvent[]; rests: number[] }

/** A home page with the group's weeks, shown to Avery. */
async function opened({ trend = group, ...options }: StageOptions & { trend?: Trend } = {}): Promise<Seen> {
  const events: InboundEvent[] = []
  const rests: number[] = []
  const stage = await openSlackStage(
    async (event) => {
      events.push(event)
      if (event.kind === "opened_home") return home(message("Yours", [trend]))
      return event.kind === "said" ? say(message("Yours", [trend])) : quiet
    },
    { slack: () => ({ sleep: async (ms) => void rests.push(ms) }), ...options },
  )
  stages.push(stage)
  await stage.vendor.openHome(user)
  await stage.slack.settled()
  events.length = 0
  return { stage, events, rests }
}

const isPicture = (element: Json) => String(element.action_id).startsWith("slack_picture#")
const pressed = async (stage: SlackStage) => {
  const before = stage.vendor.calls.length
  expect(await stage.vendor.press(user, "home", isPicture)).toMatchObject({ accepted: true, response: null })
  await stage.slack.settled()
  return stage.vendor.calls.slice(before).map(({ method }) => method)
}
const said = (stage: SlackStage): Shown[] => stage.vendor.seenBy(user).filter(({ fromBot }) => fromBot)
const codes = (stage: SlackStage) => stage.reports.map(({ event, fields }) => `${event} ${fields.code ?? ""}`.trim())
const upload = ["files.getUploadURLExternal", "files.completeUploadExternal"]

describe.each(["http", "socket"] as const)("a press over %s", (transport) => {
  test("shows the picture in the presser's conversation, with the sentence for who cannot see it", async () => {
    const { stage, events, rests } = await opened({ transport })
    expect(await pressed(stage)).toEqual([...upload, "files.info", "files.info", "chat.postMessage"])
    expect(said(stage)).toHaveLength(1)
    const [shown] = said(stage)
    const [file] = [...stage.vendor.state.files.keys()]
    expect(shown).toMatchObject({ channel: dmOf(user), text: group.title, thread: null })
    expect(shown?.blocks).toMatchObject([
      { type: "image", slack_file: { id: file }, alt_text: group.sentence, title: { type: "plain_text", text: group.title, emoji: false } },
    ])
    expect(
      stage.vendor.state.files
        .get(file ?? "")
        ?.content?.subarray(1, 4)
        .toString(),
    ).toBe("PNG")
    // Shared with nobody but by the message.
    expect(stage.vendor.calls.find(({ method }) => method === "files.completeUploadExternal")?.args).not.toHaveProperty("channel_id")
    expect(rests).toEqual([300])
    expect(events).toEqual([])
    expect(codes(stage)).toEqual([])
  })

  test("that is delivered again shows nothing again; another press does", async () => {
    const { stage } = await opened({ transport })
    await pressed(stage)
    expect(await stage.vendor.redeliver()).toMatchObject({ accepted: true })
    await stage.slack.settled()
    expect(said(stage)).toHaveLength(1)
    await pressed(stage)
    expect(said(stage)).toHaveLength(2)
  })
})

describe("a press", () => {
  test("in a message is answered in its thread, and where no conversation is known, to the person", async () => {
    const { stage, events } = await opened()
    const { message: root } = await stage.vendor.say(user, "a line")
    await stage.vendor.say(user, "in the thread", { thread: root.ts })
    await stage.slack.settled()
    const shown = said(stage).at(-1)
    expect(shown?.thread).toBe(root.ts)
    await stage.restart()
    await stage.vendor.press(user, "home", isPicture)
    await stage.slack.settled()
    expect(stage.vendor.calls.at(-1)).toMatchObject({ method: "chat.postMessage", args: { channel: user } })
    expect(said(stage).at(-1)).toMatchObject({ channel: dmOf(user), blocks: [{ type: "image" }] })
    expect(events.map(({ kind }) => kind)).toEqual(["said", "said"])
  })

  test("waits until Slack has the picture ready, a little longer each time, and gives up in the end with the sentence", async () => {
    const patient = await opened({ vendor: { fileLooks: 9 } })
    await pressed(patient.stage)
    expect(said(patient.stage).map(({ blocks }) => json(blocks[0]).type)).toEqual(["image"])
    expect(patient.rests).toEqual([300, 600, 900, 1_200, 1_500, 1_800, 2_100, 2_400, 2_700])
    const vain = await opened({ vendor: { fileLooks: 10 } })
    expect((await pressed(vain.stage)).filter((method) => method === "files.info")).toHaveLength(10)
    expect(said(vain.stage).map(visibleText)).toEqual([group.sentence])
    expect(codes(vain.stage)).toEqual(["slack_picture_failed file_not_ready"])
  })

  test.each([
    ["missing_scope", "files.getUploadURLExternal", "missing_scope"],
    ["http:500", "files.completeUploadExternal", "http_500"],
    ["rate:3", "files.info", "busy"],
    ["invalid_blocks", "chat.postMessage", "invalid_blocks"],
  ])("that fails by %s of %s is answered by the sentence, and told by its code alone", async (name, method, code) => {
    const { stage, events } = await opened()
    stage.vendor.fail(name, method)
    await pressed(stage)
    expect(said(stage).map(visibleText)).toEqual([group.sentence])
    expect(codes(stage)).toEqual([`slack_picture_failed ${code}`])
    expect(JSON.stringify(stage.reports)).not.toContain("Maple")
    expect(events).toEqual([])
  })

  test("never sends the picture, or the token, to a host that is not Slack's", async () => {
    const asked: string[] = []
    const elsewhere = createServer((request, response) => {
      asked.push(request.url ?? "")
      response.end("OK")
    })
    await new Promise<void>((resolve) => elsewhere.listen(0, "127.0.0.1", resolve))
    closing.push(() => new Promise((resolve) => elsewhere.close(() => resolve())))
    const { stage } = await opened({ vendor: { uploadOrigin: `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}` } })
    await pressed(stage)
    expect(asked).toEqual([])
    expect(said(stage).map(visibleText)).toEqual([group.sentence])
    expect(codes(stage)).toContain("slack_picture_failed request_failed")
  })

  test.each([
    ["https://files.slack.com/upload/v1/x", null, "AbortError"],
    ["https://slack.com/api/auth.test", null, "AbortError"],
    ["https://files.slack-gov.com/upload/v1/x", "https://slack-gov.com/api/", "AbortError"],
    ["http://files.slack.com/upload/v1/x", null, "DeliveryFailure"],
    ["https://files.slack.com.evil.example/x", null, "DeliveryFailure"],
    ["https://notslack.com/x", null, "DeliveryFailure"],
    ["https://files.slack.com/x", "http://127.0.0.1:1/api/", "DeliveryFailure"],
    ["http://127.0.0.1:2/x", "http://127.0.0.1:1/api/", "DeliveryFailure"],
  ])("calls %s with Slack at %s: %s", async (url, apiUrl, name) => {
    const { fetch: call } = clientOptions({ apiUrl, report: () => undefined, timeoutMs: 1_000 })
    // Given up before it begins, so that nothing leaves this machine.
    const outcome = await call?.(url, { signal: AbortSignal.abort() }).catch((error: Error) => error.name)
    expect(outcome).toBe(name)
  })

  test("of a value that nobody of ours wrote is taken and passed over", async () => {
    const { stage, events } = await opened()
    await stage.vendor.say(user, "a line")
    await stage.slack.settled()
    const [shown] = said(stage)
    if (!shown) throw new Error("nothing was said")
    events.length = 0
    for (const value of ["", "[]", '["t","s",1,"w"]', "{{"]) {
      const act = { type: "button", blockId: "b", actionId: "slack_picture#0", value }
      expect(await stage.vendor.act(user, shown, act)).toMatchObject({ accepted: true })
    }
    await stage.slack.settled()
    expect(codes(stage)).toEqual(Array(4).fill("slack_ignored unreadable_picture"))
    expect(said(stage)).toHaveLength(1)
    expect(events).toEqual([])
  })

  test("cannot be made on one student's weeks: nothing there asks for it", async () => {
    const { stage } = await opened({ trend: { ...group, of: "student" } })
    const shown = list(stage.vendor.home(user)?.view.blocks).map((block) => json(block).type)
    expect(shown).toEqual(["rich_text"])
  })
})
