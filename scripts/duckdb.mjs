// Asks DuckDB, in memory, the questions internal/funnel/engine/duckdb_test.go asks of the engine, over the
// same columns. It prints one line of JSON: by question the rows, and the CPU of one asking in ms.
// Usage: NODE_PATH is not read by modules, so the package is loaded from the directory given.
import { createRequire } from "node:module";
import { join } from "node:path";

const [packages, columns, from] = process.argv.slice(2);
const { DuckDBInstance } = createRequire(join(packages, "x.js"))("@duckdb/node-api");
const db = await (await DuckDBInstance.create(":memory:")).connect();
for (const table of ["deal", "stay"]) await db.run(`CREATE TABLE ${table} AS SELECT * FROM read_csv('${join(columns, table)}.csv')`);

const questions = {
  "open deals and amount by stage": `SELECT stage AS key, count(*) AS n, sum(amount) AS sum FROM deal WHERE state = 0 GROUP BY stage`,
  "won and lost by owner, last year": `SELECT owner AS key, count(*) AS n, sum(amount) AS sum FROM deal WHERE state IN (1, 2) AND closed >= ${from} GROUP BY owner`,
  "how many reached each stage": `SELECT s.stage AS key, count(*) AS n, 0 AS sum FROM (SELECT deal, max(stage) AS far FROM stay WHERE stage < 7 GROUP BY deal) x
    JOIN (SELECT unnest(range(7)) AS stage) s ON s.stage <= x.far GROUP BY s.stage`,
  "p90 of dwell by stage": `SELECT stage AS key, count(*) AS n, quantile_disc(left_on - entered_on, 0.9) AS sum FROM stay WHERE state = 0 AND left_on IS NOT NULL GROUP BY stage`,
};
const median = (list) => list.sort((a, b) => a - b)[Math.floor(list.length / 2)];
const out = {};
for (const [name, text] of Object.entries(questions)) {
  const took = [];
  let rows;
  for (let i = 0; i < 7; i++) {
    const before = process.cpuUsage();
    rows = (await db.runAndReadAll(text)).getRowObjects();
    const used = process.cpuUsage(before);
    took.push((used.user + used.system) / 1000);
  }
  out[name] = { ms: median(took), rows: rows.map((r) => `${r.key} ${r.n} ${r.sum}`).sort() };
}
console.log(JSON.stringify(out));
