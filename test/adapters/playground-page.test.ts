// The page in a real browser, with a bot that answers from a script.
import type { Browser, BrowserContextOptions, Page } from "playwright-core"
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest"
import { type Answer, ask, home, quiet, replace, say } from "../../src/platform/answer.ts"
import type { InboundEvent } from "../../src/platform/event.ts"
import { form, refill } from "../../src/platform/form.ts"
import { buttons, message, note, quote, text } from "../../src/platform/message.ts"
import { prose, strong } from "../../src/platform/prose.ts"
import { openBrowser } from "../support/browser.ts"
import { openStage, type Stage } from "./playground-stage.ts"

const to = (user: string) => ({ account: { platform: "playground" as const, tenant: "playground", user }, route: `dm:${user}` })
const prompt = message("This week", [
  text(prose`Hi ${"Maya"}. ${strong("Avery")} read what you wrote.`),
  quote("It moved!", "You, last week"),
  note(prose`Avery reads this.`),
  buttons(
    { action: "open", id: "o1", label: "Answer", style: "primary" },
    { action: "skip", id: "o1", label: "Skip this week" },
    { action: "tick", id: "o1", label: "Just a tick" },
  ),
])
const reflection = form({
  action: "answer",
  id: "o1",
  title: "This week",
  submit: "Send it",
  intro: [prose`What went ${strong("well")}?`],
  fields: [
    { kind: "paragraph", name: "words", label: "Your answer", max: 200 },
    { kind: "one_of", name: "someone", label: "Someone to reach out?", options: ["No", "My mentor"].map((label) => ({ value: label, label })) },
    { kind: "day", name: "day", label: "A day that suits you", optional: true },
  ],
})

function script(event: InboundEvent): Answer {
  switch (event.kind) {
    case "pressed":
      if (event.action === "open") return ask(reflection)
      return event.action === "skip" ? replace(message("Skipped", [text(prose`Skipped. See you next week.`)])) : quiet
    case "submitted":
      return (event.values.words ?? "").length < 10
        ? ask(refill(reflection, event.values), { words: "A word or two more." })
        : say(message("Thanks", [text(prose`Thank you, Maya.`)]))
    case "said":
      return say(message("Heard", [text(prose`You said: ${event.text}`)]))
    case "edited":
      return say(message("Changed", [text(prose`You changed it to: ${event.text}`)]))
    case "commanded":
      return say(message("Command", [text(prose`${event.command} of ${event.text}`)]))
    case "opened_home":
      return home(message("Home", [text(prose`Your own page.`), buttons({ action: "tick", id: "h", label: "Tick" })]))
    default:
      return quiet
  }
}

describe("the playground's page", () => {
  let browser: Browser
  let stage: Stage
  let events: InboundEvent[] = []
  const faults: string[] = []
  let broken = false
  const pages: Page[] = []

  beforeAll(async () => {
    browser = await openBrowser()
    stage = await openStage(async (event) => {
      events.push(event)
      if (broken) throw new Error("away")
      return script(event)
    })
  })
  afterAll(async () => {
    await browser?.close()
    await stage?.close()
  })
  afterEach(async () => {
    broken = false
    events = []
    for (const page of pages.splice(0)) await page.context().close()
    const seen = faults.splice(0)
    if (seen.length > 0) throw new Error(`the page complained: ${seen.join("; ")}`)
  })

  async function open(hash: string, options: BrowserContextOptions = {}): Promise<Page> {
    const page = await (await browser.newContext({ viewport: { width: 1200, height: 800 }, ...options })).newPage()
    page.setDefaultTimeout(8_000)
    page.on("pageerror", (error) => faults.push(error.message))
    page.on("console", (line) => {
      if (line.type() === "error" && !line.text().includes("status of 500")) faults.push(line.text())
    })
    pages.push(page)
    await page.goto(`${stage.origin}/playground${hash}`)
    return page
  }
  let deliveries = 0
  const send = (user: string, value = prompt) => stage.playground.send(to(user), value, `page-${++deliveries}`)
  const log = (page: Page) => page.getByRole("log", { name: "Messages" })

  test("it is opened, a person is found and picked, and an empty conversation says what to do", async () => {
    const page = await open("")
    await page.getByRole("heading", { name: "Be anyone at this school" }).waitFor()
    await page.getByRole("searchbox", { name: "Find a person" }).fill("priya")
    await page.getByRole("link").filter({ hasText: "Priya" }).click()
    await page.getByRole("heading", { name: "Priya Raman" }).waitFor()
    await log(page).getByText("No messages yet.").waitFor()
    expect(page.url()).toContain("#user=priya")
    expect(await page.getByRole("link").filter({ hasText: "Maya" }).isVisible()).toBe(false)
  })

  test("a prompt arrives live, and its form is answered by keyboard alone, past an error, to the thanks", async () => {
    const page = await open("#user=maya")
    await log(page).getByText("No messages yet.").waitFor()
    await send("maya")
    const answer = log(page).getByRole("button", { name: "Answer" })
    await answer.focus()
    await page.keyboard.press("Enter")
    const dialog = page.getByRole("dialog", { name: "This week" })
    const words = dialog.getByRole("textbox", { name: "Your answer" })
    await words.waitFor()
    expect(await words.evaluate((element) => element === element.ownerDocument.activeElement)).toBe(true)
    await page.keyboard.type("short")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Space")
    await page.keyboard.press("Enter")
    await dialog.getByText("A word or two more.").waitFor()
    expect(await words.getAttribute("aria-invalid")).toBe("true")
    expect(await words.evaluate((element) => element === element.ownerDocument.activeElement)).toBe(true)
    expect(await words.inputValue()).toBe("short")
    await page.keyboard.type(", but true")
    await dialog.getByRole("button", { name: "Send it" }).press("Enter")
    await log(page).getByText("Thank you, Maya.").waitFor()
    expect(await dialog.isVisible()).toBe(false)
    expect(events.at(-1)).toMatchObject({ kind: "submitted", values: { words: "short, but true", someone: "No" } })
  })

  test("the menu about a person closes by Escape, and by a press anywhere else", async () => {
    const page = await open("#user=maya")
    const block = page.getByRole("button", { name: "Block Rapport" })
    await page.getByLabel("More about this person").click()
    await block.waitFor()
    await page.keyboard.press("Escape")
    await block.waitFor({ state: "hidden" })
    await page.getByLabel("More about this person").click()
    await block.waitFor()
    await page.getByRole("heading", { level: 2 }).click()
    await block.waitFor({ state: "hidden" })
    expect(await page.getByLabel("More about this person").isVisible()).toBe(true)
  })

  test("a form that lacks something says so by the field, sends nothing, and keeps its draft when closed", async () => {
    await send("tess")
    const page = await open("#user=tess")
    await log(page).getByRole("button", { name: "Answer" }).click()
    const dialog = page.getByRole("dialog")
    await dialog.getByLabel("Your answer").fill("x".repeat(210))
    await dialog.getByRole("button", { name: "Send it" }).click()
    await dialog.getByText("That is 10 characters too long.").waitFor()
    await dialog.getByText("Please choose one.").waitFor()
    expect(events.filter(({ kind }) => kind === "submitted")).toEqual([])
    await dialog.getByLabel("Your answer").fill("half a thought")
    await page.keyboard.press("Escape")
    await log(page).getByRole("button", { name: "Answer" }).click()
    expect(await dialog.getByLabel("Your answer").inputValue()).toBe("half a thought")
  })

  test("a replacement takes the message's place, and a quiet press is ticked", async () => {
    await send("omar")
    const page = await open("#user=omar")
    await log(page).getByRole("button", { name: "Just a tick" }).click()
    await page.locator(".heard").waitFor()
    await log(page).getByRole("button", { name: "Skip this week" }).click()
    await log(page).getByText("Skipped. See you next week.").waitFor()
    expect(await log(page).getByRole("button", { name: "Answer" }).count()).toBe(0)
  })

  test("words, a command, a change and a deletion reach the bot", async () => {
    const page = await open("#user=avery")
    const box = page.getByRole("textbox", { name: "Your message" })
    await box.fill("good morning")
    await box.press("Enter")
    await log(page).getByText("You said: good morning").waitFor()
    await box.fill("/mentee Maya Okafor")
    await box.press("Enter")
    await log(page).getByText("mentee of Maya Okafor", { exact: true }).waitFor()
    await page.getByRole("button", { name: "Change" }).click()
    await box.fill("good evening")
    await box.press("Enter")
    await log(page).getByText("You changed it to: good evening").waitFor()
    await page.getByRole("button", { name: "Delete" }).click()
    await log(page).getByText("Deleted", { exact: true }).waitFor()
    expect(events.map(({ kind }) => kind)).toEqual(["said", "commanded", "edited", "deleted"])
  })

  test("home is a tab, reached with the arrow keys", async () => {
    const page = await open("#user=luis")
    await page.getByRole("tab", { name: "Messages" }).focus()
    await page.keyboard.press("ArrowRight")
    await page.getByRole("tabpanel", { name: "Home" }).getByText("Your own page.").waitFor()
    await page.getByRole("button", { name: "Tick" }).click()
    await page.locator(".heard").waitFor()
    expect(events.map(({ kind }) => kind)).toEqual(["opened_home", "pressed"])
  })

  test("two tabs are two people: each sees only their own, and the other's count goes up", async () => {
    const jo = await open("#user=jo")
    const noor = await open("#user=noor")
    await log(noor).getByText("No messages yet.").waitFor()
    await send("noor", message("Hello", [text(prose`For Noor alone.`)]))
    await log(noor).getByText("For Noor alone.").waitFor()
    await send("priya", message("Hello", [text(prose`For Priya.`)]))
    await jo.getByRole("link", { name: "1 new message" }).filter({ hasText: "Priya" }).waitFor()
    expect(await jo.getByText("For Noor alone.").count()).toBe(0)
  })

  test("what could not be taken is offered again, with the same id", async () => {
    const page = await open("#user=dana")
    broken = true
    await page.getByRole("textbox", { name: "Your message" }).fill("hello")
    await page.keyboard.press("Enter")
    await page.getByRole("alert").getByText("Rapport could not take this.").waitFor()
    broken = false
    await page.getByRole("button", { name: "Try again" }).click()
    await log(page).getByText("You said: hello").waitFor()
    expect(new Set(events.map(({ id }) => id)).size).toBe(1)
    expect(await page.getByRole("button", { name: "Try again" }).isVisible()).toBe(false)
  })

  test("the clock moves, shows that it does, and says where it stopped", async () => {
    const page = await open("#user=maya")
    const clock = page.getByRole("region", { name: "School clock" })
    await clock.getByText("Thursday, March 12").waitFor()
    await page.getByRole("button", { name: "Next week" }).click()
    await page.getByRole("progressbar", { name: "The clock is moving" }).waitFor()
    await clock.getByText("Thursday, March 19").waitFor()
    await page.getByRole("status").getByText("It is now Thursday, March 19").waitFor()
    expect(stage.clock.moves).toEqual(["next_week"])
  })

  test("hostile names and words are words", async () => {
    const nasty = '<img src=x onerror="document.title=1"> <!channel> [a](https://evil.example) <script>document.title=1</script>'
    await send("hostile", message("Nasty", [text(prose`Hello ${nasty}`), quote(nasty, nasty)]))
    const page = await open("#user=hostile")
    await log(page).getByText(nasty).first().waitFor()
    expect(await page.locator("main img[src=x], main script, main a").count()).toBe(0)
    expect(await page.title()).toBe("<img src=x onerror=alert(1)> <!channel>, Rapport playground")
  })

  test("a new start of the server is survived: the page comes back by itself", async () => {
    const page = await open("#user=noor")
    await log(page).getByText("For Noor alone.").waitFor()
    const before = stage.origin
    await stage.restart(Number(new URL(before).port))
    faults.length = 0
    await send("noor", message("Again", [text(prose`After the restart.`)]))
    await log(page).getByText("After the restart.").waitFor({ timeout: 15_000 })
    expect(await page.getByText("The connection to Rapport is gone.").isVisible()).toBe(false)
    faults.length = 0
  })

  test("on a phone the list opens over the conversation and closes on a choice; nothing is wider than the screen", async () => {
    await send("priya")
    const page = await open("#user=priya", { viewport: { width: 360, height: 720 } })
    await log(page).getByRole("button", { name: "Answer" }).waitFor()
    expect(await page.getByRole("navigation", { name: "People" }).isVisible()).toBe(false)
    await page.getByRole("button", { name: "People" }).click()
    await page.getByRole("link").filter({ hasText: "Luis" }).click()
    await page.getByRole("heading", { name: "Luis Sandoval Ortiz" }).waitFor()
    expect(await page.getByRole("navigation", { name: "People" }).isVisible()).toBe(false)
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(360)
  })
})
