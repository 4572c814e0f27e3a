// DuckDB as the peer of territory_overlap: the same grants in tables of its own, in memory, and the question which two of
// them meet in SQL.
//
//   node overlap.mjs GRANTS.csv PARENTS.csv THREADS
//
// What DuckDB would have to work out anew for each question is made before: each grant beside each region that its own
// lies in, and both tables in the order of what is joined. Says a JSON line when that is done, with the kind of join that
// DuckDB chose, and for each line that it reads: "pairs" answers how long the query took and what it found.

import { createInterface } from 'node:readline'
import { DuckDBInstance } from '@duckdb/node-api'

const [grants, parents, threads] = process.argv.slice(2)
const say = (what) => process.stdout.write(JSON.stringify(what) + '\n')

const instance = await DuckDBInstance.create(':memory:', { threads })
const database = await instance.connect()
const rows = async (sql) => await (await database.run(sql)).getRows()

await database.run(`CREATE TABLE named AS SELECT * FROM read_csv('${grants}', header = true, columns =
  {'id': 'INTEGER', 'partner': 'INTEGER', 'region': 'INTEGER', 'line': 'INTEGER', 'begins': 'INTEGER', 'ends': 'INTEGER'})
  ORDER BY region, line, begins`)
await database.run(`CREATE TABLE parents AS SELECT * FROM read_csv('${parents}', header = true, columns =
  {'region': 'INTEGER', 'parent': 'INTEGER'})`)
await database.run(`CREATE TABLE places AS WITH RECURSIVE up(region, ancestor) AS (
    SELECT region, region FROM (SELECT DISTINCT region FROM named)
    UNION ALL SELECT up.region, parents.parent FROM up JOIN parents ON parents.region = up.ancestor)
  SELECT * FROM up`)
await database.run(`CREATE TABLE inside AS
  SELECT g.id, g.partner, places.ancestor AS region, places.ancestor = g.region AS own, g.line, g.begins, g.ends
  FROM named g JOIN places ON places.region = g.region ORDER BY places.ancestor, g.line, g.begins`)

// One of two grants names a region that the other's is or lies in; where both name the same, each pair comes up twice.
const pairs = `
  SELECT a.id AS one, b.id AS other, least(a.ends, b.ends) - greatest(a.begins, b.begins) AS days
  FROM named a JOIN inside b ON a.region = b.region AND a.line = b.line AND a.begins < b.ends AND b.begins < a.ends
  WHERE a.partner <> b.partner AND (NOT b.own OR a.id < b.id)`
const question = `SELECT count(*), sum(one + other), sum(xor(one, other)), sum(days) FROM (${pairs})`

const [[version]] = await rows('SELECT version()')
const [[count]] = await rows('SELECT count(*) FROM named')
const plan = (await rows(`EXPLAIN ${question}`)).flat().join('\n').match(/[A-Z_]*JOIN/)
say({ version, grants: Number(count), join: plan ? plan[0] : 'unknown' })

for await (const command of createInterface({ input: process.stdin })) {
  if (command === 'pairs') {
    const start = process.hrtime.bigint()
    const [[found, ids, mixed, days]] = await rows(question)
    const seconds = Number(process.hrtime.bigint() - start) / 1e9
    say({ seconds, pairs: String(found), ids: String(ids ?? 0), mixed: String(mixed ?? 0), days: String(days ?? 0) })
  } else {
    say({ error: `no such command: ${command}` })
  }
}
