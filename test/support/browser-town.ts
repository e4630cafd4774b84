// The whole app as `npm start` runs it, over a database of its own, and people who use its page: they see, press and type.
import { randomBytes } from "node:crypto"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Browser, BrowserContextOptions, Page } from "playwright-core"
import { expect } from "vitest"
import { type Running, start } from "../../src/main.ts"
import { openBrowser } from "./browser.ts"
import { testDatabase } from "./database.ts"

/** Where a run leaves its pictures, for whoever wants to look; the next run writes over them. */
const pictures = join(import.meta.dirname, "..", "..", "node_modules", ".rapport-pictures")

// A machine under load is slow, not wrong.
const seenWithinMs = 60_000
const movedWithinMs = 240_000

export type BrowserTown = {
  /** A tab of its own in which this person is played. */
  play(user: string, options?: BrowserContextOptions): Promise<Player>
  /** What pages complained of; a test takes them out. */
  faults: string[]
  close(): Promise<void>
}

export async function openBrowserTown(): Promise<BrowserTown> {
  const [database, dataDir] = [await testDatabase(), await mkdtemp(join(tmpdir(), "rapport-town-"))]
  let running: Running | null = null
  let browser: Browser | null = null
  const faults: string[] = []
  const close = async () => {
    await browser?.close()
    await running?.stop()
    await database.close()
    await rm(dataDir, { recursive: true, force: true })
  }
  try {
    const { ownerUrl } = database
    running = await start({
      database: { kind: "given", url: ownerUrl, ownerUrl },
      ...{
        dataDir,
        key: randomBytes(32).toString("base64"),
        host: "127.0.0.1",
        port: 0,
        playground: true,
        publicUrl: null,
        slack: null,
        teams: null,
        logLevel: "silent",
      },
    })
    browser = await openBrowser()
  } catch (error) {
    await close()
    throw error
  }
  const [origin, opened] = [running.url, browser]
  return {
    faults,
    close,
    async play(user, options = {}) {
      const context = await opened.newContext({ viewport: { width: 1280, height: 800 }, reducedMotion: "reduce", ...options })
      const page = await context.newPage()
      page.setDefaultTimeout(seenWithinMs)
      page.on("pageerror", (error) => faults.push(error.message))
      page.on("console", (line) => {
        if (line.type() === "error") faults.push(line.text())
      })
      await page.goto(`${origin}/playground#user=${user}`)
      await page.getByRole("tab", { name: "Messages", selected: true }).waitFor()
      return playerOn(page)
    },
  }
}

export type Player = ReturnType<typeof playerOn>

function playerOn(page: Page) {
  const log = page.getByRole("log", { name: "Messages" })
  const dialog = page.getByRole("dialog")
  return {
    page,
    log,
    dialog,
    /** The newest message that says this. */
    message: (words: string | RegExp) => log.getByRole("article").filter({ hasText: words }).last(),
    /** Waits until a message says this. */
    sees: (words: string | RegExp) => log.getByText(words).last().waitFor(),
    /** Moves the clock by one of its buttons, and waits until it stands. */
    async move(by: "Next school day" | "Next week") {
      const day = page.locator("#clock-day")
      const before = Date.parse((await day.getAttribute("datetime")) ?? "")
      await page.getByRole("button", { name: by }).click()
      const moved = async () => {
        const [at, moving] = [await day.getAttribute("datetime"), await page.getByRole("progressbar").isVisible()]
        return !moving && Date.parse(at ?? "") > before + 12 * 3_600_000
      }
      await expect.poll(moved, { timeout: movedWithinMs, interval: 100 }).toBe(true)
    },
    /** Everything on this person's home view, as it is read. */
    async home(): Promise<string> {
      for (const tab of ["Messages", "Home"]) {
        await page.getByRole("tab", { name: tab }).click()
        await page.getByRole("tab", { name: tab, selected: true }).waitFor()
      }
      const view = page.getByRole("tabpanel", { name: "Home" }).locator(".card")
      await view.waitFor()
      return view.innerText()
    },
    /** Leaves this person to their habits again: who is opened in a tab answers only by hand. */
    async leave() {
      await page.getByLabel("More about this person").click()
      await page.getByLabel("Let habits answer for this person").check()
      await page.keyboard.press("Escape")
    },
    picture: (name: string) => page.screenshot({ path: join(pictures, `${name}.png`) }),
  }
}
