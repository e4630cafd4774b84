import { expect, inject, test } from "vitest"
import { openDatabase, withoutSchool } from "../../db/client.ts"
import { databaseTrouble } from "../../db/trouble.ts"

async function told(url: string, role: string | null = null): Promise<string | null> {
  const db = openDatabase(url, { max: 1, role })
  try {
    return await withoutSchool(db, async () => "it works").catch((error: unknown) => databaseTrouble(error, url))
  } finally {
    await db.close()
  }
}
const changed = (change: Partial<URL>) => Object.assign(new URL(inject("postgresUrl")), change).href

test.each([
  ["nobody listens", () => changed({ port: "1" }), /^No Postgres answers at 127\.0\.0\.1:1: start it/],
  ["the password is wrong", () => changed({ password: "hunter2" }), /refused the user rapport: correct the user or password/],
  ["the database is missing", () => changed({ pathname: "/elsewhere" }), /^The database elsewhere does not exist/],
])("a wrong DATABASE_URL is told in one sentence, without its password: %s", async (_what, url, sentence) => {
  const text = await told(url())
  expect(text).toMatch(sentence)
  expect(text).not.toContain(new URL(url()).password)
})

test("a user who may not take the app's role is told what to run", async () => {
  expect(await told(inject("postgresUrl"), "rapport_app_missing")).toContain("npm run rapport -- migrate")
})

test("another error is left to whoever asked", () => {
  expect(databaseTrouble(Object.assign(new Error("duplicate"), { code: "23505" }), "postgres://a@b/c")).toBeNull()
  expect(databaseTrouble(new Error("no code"), "not even a url")).toBeNull()
})
