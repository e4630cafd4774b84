import { randomUUID } from "node:crypto"
import { sql } from "drizzle-orm"
import postgres from "postgres"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { rows, type Tx, withoutSchool, withSchool } from "../../db/client.ts"
import { migrate } from "../../db/migrate.ts"
import { record } from "../../src/access/record.ts"
import { prepareJobs } from "../../src/jobs.ts"
import { type TestDatabase, testDatabase } from "../support/database.ts"
import { at, promptFor, seedSchool, type TestSchool, turnFor } from "../support/school.ts"

let database: TestDatabase
let owner: postgres.Sql
let oak: TestSchool
let elm: TestSchool
beforeAll(async () => {
  database = await testDatabase()
  owner = postgres(database.ownerUrl, { max: 1, onnotice: () => {} })
  oak = await seedSchool(database.db, { tenant: "oak" })
  elm = await seedSchool(database.db, { tenant: "elm" })
  for (const school of [oak, elm]) {
    await promptFor(school, "ada", { thursday: "2027-02-04", tuesday: "2027-02-09" })
    await turnFor(school, "rivera", at("2027-02-04", "15:00"), { kind: "opened_home" }, (turn) => record(turn, "looked", school.people.ada))
  }
})
afterAll(async () => {
  await owner.end()
  await database.close()
})

const shared = ["account", "wake", "workspace"]
const names = async (query: Promise<postgres.Row[]>): Promise<string[]> => (await query).map((row) => String(row.name))
const tables = () => names(owner`select tablename as name from pg_tables where schemaname = 'public' order by 1`)
const ours = async () => (await tables()).filter((name) => !shared.includes(name))

describe("every table", () => {
  test("belongs to a school, but for the three of ids and times that are read before one is known", async () => {
    const owned = await names(
      owner`select table_name as name from information_schema.columns where table_schema = 'public' and column_name = 'school_id' and is_nullable = 'NO' order by 1`,
    )
    expect(owned).toEqual((await tables()).filter((name) => name !== "school"))
    expect(shared.every((name) => owned.includes(name))).toBe(true)
  })

  test("of a school has row-level security, forced, and one policy that asks for the school", async () => {
    const found = await owner`
      select c.relname as name, c.relrowsecurity as enabled, c.relforcerowsecurity as forced, count(p.polname)::int as policies,
        coalesce(bool_and(pg_get_expr(p.polqual, p.polrelid) like '%app.school_id%'), false) as asks, coalesce(bool_and(p.polcmd = '*'), false) as every
      from pg_class c left join pg_policy p on p.polrelid = c.oid
      where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' group by 1, 2, 3 order by 1`
    const unprotected = found.filter((row) => !(row.enabled && row.forced && row.policies === 1 && row.asks && row.every)).map((row) => row.name)
    expect(unprotected).toEqual(shared)
  })

  test("of a school leads each of its unique keys and indexes with the school", async () => {
    const found = await owner`
      select i.indexrelid::regclass::text as index, c.relname as table, a.attname as first
      from pg_index i join pg_class c on c.oid = i.indrelid join pg_attribute a on a.attrelid = c.oid and a.attnum = i.indkey[0]
      where c.relnamespace = 'public'::regnamespace order by 1`
    const wrong = found.filter((row) => !shared.includes(row.table) && row.first !== (row.table === "school" ? "id" : "school_id"))
    expect(wrong.map((row) => row.index)).toEqual([])
    expect(found.length).toBeGreaterThan(40)
  })

  test("is neither a view nor anything else that would read past the policies", async () => {
    const kinds = await names(
      owner`select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('v', 'm', 'f', 'p') order by 1`,
    )
    expect(kinds).toEqual([])
    const definers = await names(owner`select proname as name from pg_proc where pronamespace = 'public'::regnamespace and prosecdef`)
    expect(definers).toEqual([])
  })
})

describe("the role that the app drops to", () => {
  test("owns nothing and cannot rise", async () => {
    const [role] = await owner`select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolcanlogin from pg_roles where rolname = 'rapport_app'`
    expect(role).toEqual({ rolsuper: false, rolbypassrls: false, rolcreaterole: false, rolcreatedb: false, rolcanlogin: false })
    const owned = await names(
      owner`select c.relname as name from pg_class c join pg_roles r on r.oid = c.relowner where r.rolname = 'rapport_app' and not c.relnamespace = any(
        select oid from pg_namespace where nspname like 'pg_temp%')`,
    )
    expect(owned).toEqual([])
    const memberOf = await names(
      owner`select g.rolname as name from pg_auth_members m join pg_roles g on g.oid = m.roleid join pg_roles r on r.oid = m.member where r.rolname = 'rapport_app'`,
    )
    expect(memberOf).toEqual([])
  })

  test("can neither change nor delete a deed, nor empty any table", async () => {
    const refused = (query: ReturnType<typeof sql>) =>
      expect(withSchool(database.db, oak.id, (tx) => rows(tx, query))).rejects.toThrow("permission denied")
    await refused(sql`update deed set act = 'nothing'`)
    await refused(sql`delete from deed`)
    for (const table of await tables()) await refused(sql.raw(`truncate ${table}`))
  })

  test("can neither make a table nor change one", async () => {
    const refused = (query: string, why: RegExp) => expect(withSchool(database.db, oak.id, (tx) => rows(tx, sql.raw(query)))).rejects.toThrow(why)
    await refused("create table mine (n int)", /permission denied/)
    await refused("alter table person disable row level security", /must be owner/)
    await refused("drop policy own_school on person", /must be owner/)
  })
})

describe("a query", () => {
  const counts = async (tx: Tx): Promise<Record<string, number>> => {
    const found: Record<string, number> = {}
    for (const table of await ours()) {
      const [row] = await rows<{ n: number }>(tx, sql.raw(`select count(*) as n from ${table}`))
      found[table] = row?.n ?? -1
    }
    return found
  }

  test("that forgets the school sees no row of any table", async () => {
    const seen = await withoutSchool(database.db, counts)
    expect(Object.entries(seen).filter(([, count]) => count !== 0)).toEqual([])
    expect((await withSchool(database.db, oak.id, counts)).person).toBe(12)
  })

  test("of one school sees nothing of another", async () => {
    for (const table of await ours()) {
      const key = table === "school" ? "id" : "school_id"
      const query = sql.raw(`select '${table}' as seen from ${table} where ${key} <> '${oak.id}'`)
      expect(await withSchool(database.db, oak.id, (tx) => rows(tx, query))).toEqual([])
    }
  })

  test("of one school can neither write into another, nor change or delete there", async () => {
    const there = (query: ReturnType<typeof sql>) => withSchool(database.db, oak.id, (tx) => rows(tx, query))
    await expect(
      there(sql`insert into setting (school_id, key, value, changed_at) values (${elm.id}, 'hours.open', '"00:00"', now())`),
    ).rejects.toThrow("row-level security")
    await expect(there(sql`update person set school_id = ${elm.id} where id = ${oak.people.ada}`)).rejects.toThrow("row-level security")
    expect(await there(sql`update person set grade = '12' where id = ${elm.people.ada} returning id`)).toEqual([])
    expect(await there(sql`delete from person where id = ${elm.people.ada} returning id`)).toEqual([])
  })

  test("of a school that does not exist sees nothing", async () => {
    const seen = await withSchool(database.db, randomUUID(), counts)
    expect(Object.values(seen).every((count) => count === 0)).toBe(true)
  })
})

test("migrating again changes nothing", async () => {
  const shape = () => owner`
    select table_name, column_name, data_type, is_nullable, column_default from information_schema.columns where table_schema = 'public' order by 1, 2`
  const before = await shape()
  expect(await migrate(database.ownerUrl)).toEqual([])
  expect(await shape()).toEqual(before)
})

test("preparing the jobs twice adds no table to ours, and gives the app no right to make any", async () => {
  const before = await tables()
  await prepareJobs(database.ownerUrl)
  await prepareJobs(database.ownerUrl)
  expect(await tables()).toEqual(before)
  const [right] = await owner`select has_schema_privilege('rapport_app', 'pgboss', 'CREATE') as create`
  expect(right?.create).toBe(false)
})
