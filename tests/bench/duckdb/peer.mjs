// DuckDB as the peer of resident_engine: the same lines in a table of its own, in memory, and the same question in SQL.
//
//   node peer.mjs LINES.csv THREADS
//
// Says a JSON line when the table is loaded, and for each line that it reads: "rate" answers how long the query took and
// what it found; "export FILE" writes every cell as CSV.

import { createInterface } from 'node:readline'
import { DuckDBInstance } from '@duckdb/node-api'

const [file, threads] = process.argv.slice(2)
const say = (what) => process.stdout.write(JSON.stringify(what) + '\n')

const instance = await DuckDBInstance.create(':memory:', { threads })
const database = await instance.connect()
await database.run(`CREATE TABLE lines AS SELECT * FROM read_csv('${file}', header = true, columns =
  {'partner': 'INTEGER', 'category': 'SMALLINT', 'quarter': 'SMALLINT', 'micros': 'BIGINT'})`)

// 1 %, from 20,000 2 %, from 60,000 3.5 %, by widths, in 10^-12; a cent is 10^10 of them. Sums of these lines fit 64 bits,
// which is what DuckDB is fastest at.
const cells = `
  SELECT partner, category, quarter, micros, whole + (rest > 5000000000 OR (rest = 5000000000 AND whole % 2 = 1))::BIGINT
    AS minor
  FROM (SELECT *, value // 10000000000 AS whole, value % 10000000000 AS rest
        FROM (SELECT *, greatest(least(micros, 20000000000), 0) * 10000
                 + greatest(least(micros, 60000000000) - 20000000000, 0) * 20000
                 + greatest(micros - 60000000000, 0) * 35000 AS value
              FROM (SELECT partner, category, quarter, sum(micros)::BIGINT AS micros
                    FROM lines GROUP BY partner, category, quarter)))`

const version = (await (await database.run('SELECT version()')).getRows())[0][0]
const [[lines]] = await (await database.run('SELECT count(*) FROM lines')).getRows()
say({ version, lines: Number(lines) })

for await (const command of createInterface({ input: process.stdin })) {
  if (command === 'rate') {
    const start = process.hrtime.bigint()
    const [[count, total]] = await (await database.run(`SELECT count(*), sum(minor) FROM (${cells})`)).getRows()
    const seconds = Number(process.hrtime.bigint() - start) / 1e9
    say({ seconds, cells: Number(count), total: String(total) })
  } else if (command.startsWith('export ')) {
    await database.run(`COPY (${cells} ORDER BY partner, category, quarter) TO '${command.slice(7)}' (HEADER false)`)
    say({ exported: command.slice(7) })
  } else {
    say({ error: `no such command: ${command}` })
  }
}
