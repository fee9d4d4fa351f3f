// Checks our schemas as others read them: node schemas.mjs FOLDER OUT. See schemas.py.
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fromFile, Parser } from "@asyncapi/parser";
import Ajv from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { compile } from "json-schema-to-typescript";

const [folder, out] = process.argv.slice(2);
const problems = [];
const names = readdirSync(folder).filter((name) => name.endsWith(".schema.json"));
for (const name of names) {
  const schema = JSON.parse(readFileSync(join(folder, name), "utf8"));
  const sample = JSON.parse(readFileSync(join(folder, name.replace("schema", "sample")), "utf8"));
  const ajv = addFormats.default(new Ajv.default({ strict: true, allErrors: true }));
  try {
    const fits = ajv.compile(schema);
    if (!fits(sample)) problems.push(`${name}: ${ajv.errorsText(fits.errors)}`);
  } catch (error) {
    problems.push(`${name}: ${error.message}`);
  }
  writeFileSync(join(out, `${schema.title}.ts`), await compile(schema, schema.title));
  writeFileSync(
    join(out, `${schema.title}.sample.ts`),
    `import type { ${schema.title} } from "./${schema.title}";\n` +
      `export const sample: ${schema.title} = ${JSON.stringify(sample)};\n`,
  );
}
const { document, diagnostics } = await fromFile(new Parser(), join(folder, "asyncapi.json")).parse();
if (!document) problems.push("asyncapi.json cannot be read");
for (const each of diagnostics.filter(({ severity }) => severity <= 1))
  problems.push(`asyncapi.json: ${each.message} (${each.path.join(".")})`);
console.log(JSON.stringify({ schemas: names.length, problems }));
