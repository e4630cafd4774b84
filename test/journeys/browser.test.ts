// The weekly loop as people live it, in a real browser over the real app: a student answers, an advisor reads and writes back, the next
// question remembers, and over a break two students fall silent.
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest"
import { type BrowserTown, openBrowserTown, type Player } from "../support/browser-town.ts"

const answer = "I rebuilt the back wheel of my bike by watching it spin until I saw where it wobbled. Next I want to build one from nothing."
const reply = "Watching it spin until you see the wobble is how engineers think. Show me the wheel on Monday?"

const [harlow, toby, dez] = ["s-19", "t-02", "t-06"]
const staff = ["t-01", "t-02", "t-03", "t-04", "t-05", "t-06", "t-07", "t-08", "t-09", "t-10", "c-01", "c-02", "p-01", "a-01"]
/** The arithmetic of a silence, as an advisor can check it. */
const quiet = (who: string) =>
  new RegExp(
    `${who} has not answered since 8 October: 3 chances, while (?:last week|in the week of [^.]+?) \\d+ of 10 in the advisory answered or skipped\\..* The last answer was read on 9 October\\.`,
  )

let town: BrowserTown
let student: Player
let advisor: Player

beforeAll(async () => {
  town = await openBrowserTown()
}, 180_000)
afterAll(() => town?.close(), 60_000)
afterEach(() => {
  const faults = town.faults.splice(0)
  if (faults.length > 0) throw new Error(`the page complained: ${faults.join("; ")}`)
})

describe("a student and an advisor, through the page", { timeout: 900_000 }, () => {
  test("a student hears what this is before the first two questions, on the first school day that has a prompt", async () => {
    student = await town.play(harlow)
    await student.sees("No messages yet.")
    await student.move("Next school day")
    const first = student.message("I am Rapport, a bot at your school.")
    await first.waitFor()
    const words = await first.innerText()
    for (const part of [
      /Who reads what you write: Toby Arkwell/,
      /If you go quiet for a few weeks, I tell Toby Arkwell/,
      /If your words sound as if someone may be hurt, I tell .+ too, even at night\. Nobody watches this live\./,
      /Your family may ask the school what is kept here about you\./,
      /Type stop and I stop at once\./,
      /1\. .+\?[\s\S]+2\. .+\?/,
      /Toby Arkwell reads this\. If someone may be hurt, .+ too\. Not watched live\./,
    ])
      expect(words).toMatch(part)
    await student.picture("1-first-contact")
  })

  test("the student answers one question by keyboard alone, and hears who reads it and by when", async () => {
    const { page, dialog } = student
    await student.message("Answer 1").getByRole("button", { name: "Answer 1" }).focus()
    await page.keyboard.press("Enter")
    await dialog.getByText(/Toby Arkwell reads this\./).waitFor()
    // The box has the focus when the form opens.
    await page.keyboard.type(answer)
    await student.picture("2-form")
    await dialog.getByRole("button", { name: "Send" }).press("Enter")
    const kept = student.message("Got it, Harlow.")
    await kept.waitFor()
    expect(await kept.innerText()).toMatch(/Toby Arkwell reads this by \w+\. If not, I take it to another adult\./)
    await student.picture("3-kept")
  })

  test("next school day the advisor is told how many answers wait, and sees words only after a press", async () => {
    advisor = await town.play(toby)
    await advisor.move("Next school day")
    await advisor.sees(/\d+ answers are waiting for you, from /)
    expect(await advisor.log.innerText()).not.toContain("back wheel")
    await advisor.picture("4-reading-list")
    await advisor.log.getByRole("button", { name: "Read the answers" }).last().click()
    const theirs = advisor.message("Harlow Bascombe, Thursday 3 September")
    for (let read = 0; read < 12; read++) {
      const place = advisor.message(new RegExp(`(?<!\\d)${read + 1} of \\d+`))
      await place.waitFor()
      if (await theirs.isVisible()) break
      await place.getByRole("button", { name: "Read, next" }).click()
    }
    expect(await theirs.innerText()).toContain(answer)
    await advisor.picture("5-reading")
  })

  test("the advisor replies a line, and the student sees at once who read it and what they wrote", async () => {
    await advisor.message("Harlow Bascombe, Thursday 3 September").getByRole("button", { name: "Reply a line" }).click()
    const starters = advisor.dialog.getByRole("combobox", { name: "A beginning, if you like" })
    expect(await starters.innerText()).toContain("I read every word of this, Harlow, and I'm glad you wrote it.")
    await advisor.dialog.getByRole("textbox", { name: "In your own words" }).fill(reply)
    await advisor.picture("6-line")
    await advisor.dialog.getByRole("button", { name: "Send" }).click()
    await advisor.sees("Your line is on its way to Harlow Bascombe.")
    await student.sees("Toby Arkwell read what you wrote on Thursday.")
    expect(await student.message("Toby Arkwell wrote to you:").innerText()).toContain(reply)
    await student.picture("7-read")
  })

  test("the next prompt opens with it, and typing an answer is enough", async () => {
    await advisor.leave()
    await student.move("Next week")
    const next = student.message(/Toby Arkwell read (your answer|what you wrote)|and Toby Arkwell read it/).filter({ hasText: "Answer 2" })
    await next.waitFor()
    expect(await next.innerText()).toMatch(/3 September[\s\S]+I rebuilt the back wheel of my bike[\s\S]+1\. [\s\S]+2\. /)
    await student.picture("8-remembering")
    await student.page.getByRole("textbox", { name: "Your message" }).fill("Welding. My uncle lets me hold the mask.")
    await student.page.keyboard.press("Enter")
    await student.message("Welding.").waitFor()
    await expect.poll(() => student.log.getByText("Got it, Harlow.").count(), { timeout: 60_000 }).toBe(2)
    await student.leave()
  })

  test("over the break nobody is asked; three missed chances after it, both advisors hear of the two who fell silent, and why", async () => {
    for (let week = 0; week < 9; week++) await student.move("Next week")
    const days = await student.log.locator("h3").allInnerTexts()
    expect(days.filter((day) => /October 1[0-8]$/.test(day))).toEqual([])
    expect(days).toEqual(expect.arrayContaining(["Thursday, October 8", "Thursday, October 22"]))
    await advisor.sees(quiet("Cam Oyelaran"))
    await advisor.message(quiet("Cam Oyelaran")).scrollIntoViewIfNeeded()
    await advisor.picture("9-alert")
    expect(await advisor.home()).toMatch(quiet("Cam Oyelaran"))
    await advisor.picture("10-advisor-home")
  })

  test("a hello, then closing the note as useful, takes it off the advisor's page", async () => {
    await advisor.page.getByRole("tab", { name: "Messages" }).click()
    await advisor.message(quiet("Cam Oyelaran")).getByRole("button", { name: "I said hello", exact: true }).last().click()
    const logged = advisor.message("The open note about Cam Oyelaran closes by itself")
    await logged.waitFor()
    await advisor.picture("11-hello")
    await logged.getByRole("button", { name: "Close: useful" }).click()
    await advisor.sees("The note about Cam Oyelaran is closed.")
    expect(await advisor.home()).not.toContain("has not answered since")

    const other = await town.play(dez)
    await other.sees(quiet("Sol Whitcomb"))
    expect(await other.home()).toMatch(quiet("Sol Whitcomb"))
    await other.page.getByRole("tabpanel", { name: "Home" }).getByRole("button", { name: "I said hello", exact: true }).click()
    await other.message("The open note about Sol Whitcomb closes by itself").getByRole("button", { name: "Close: useful" }).click()
    await other.sees("The note about Sol Whitcomb is closed.")
    expect(await other.home()).not.toContain("has not answered since")
  })

  test("nobody else was told that anybody went quiet", async () => {
    const told = new Map<string, readonly string[]>()
    for (const user of staff) {
      const adult = await town.play(user)
      await adult.log.getByRole("article").or(adult.log.getByText("No messages yet.")).first().waitFor()
      const words = `${await adult.log.innerText()}\n${await adult.home()}`
      const names = new Set([...words.matchAll(/(\S+ \S+) has not answered (?:since|yet)/g)].map(([, name = ""]) => name))
      if (names.size > 0) told.set(user, [...names])
      await adult.page.context().close()
    }
    expect(Object.fromEntries(told)).toEqual({ [toby]: ["Cam Oyelaran"], [dez]: ["Sol Whitcomb"] })
  })
})
