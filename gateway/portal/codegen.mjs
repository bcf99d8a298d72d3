// From the .graphql files under src/ and the gateway's committed schema, writes
//   documents.json            the trusted documents: "sha256:<hash>" of each text, and the text
//   src/graphql/generated.ts  the types of their variables and answers, and each document by its id
// `--check` writes generated.ts only, and fails where documents.json is not what it would write.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { codegen } from '@graphql-codegen/core';
import * as operations from '@graphql-codegen/typescript-operations';
import { buildSchema, Kind, parse, print, stripIgnoredCharacters, validate, visit } from 'graphql';

const check = process.argv.includes('--check');
const here = (path) => new URL(path, import.meta.url);

const schema = buildSchema(readFileSync(here('../schema.graphql'), 'utf8'));
const files = graphqlFiles();
const definitions = files.flatMap(({ document }) => document.definitions);
const fragments = new Map(
  definitions
    .filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION)
    .map((fragment) => [fragment.name.value, fragment]),
);
const complaints = validate(schema, { kind: Kind.DOCUMENT, definitions });
if (complaints.length > 0) {
  console.error(complaints.map(String).join('\n\n'));
  process.exit(1);
}

const documents = definitions
  .filter((definition) => definition.kind === Kind.OPERATION_DEFINITION)
  .map(trusted)
  .sort((a, b) => (a.name < b.name ? -1 : 1));
writeFileSync(here('src/graphql/generated.ts'), await types());

const manifest = `${JSON.stringify(Object.fromEntries(documents.map(({ id, text }) => [id, text])), null, 2)}\n`;
const path = here('documents.json');
if (!check) {
  writeFileSync(path, manifest);
} else if (readFileSync(path, 'utf8') !== manifest) {
  console.error(
    'documents.json is not what the .graphql files and the schema say: run `npm run codegen` and commit it',
  );
  process.exit(1);
}

function graphqlFiles() {
  return readdirSync(here('src'), { recursive: true })
    .filter((name) => name.endsWith('.graphql'))
    .sort()
    .map((name) => ({ location: name, document: parse(readFileSync(here(`src/${name}`), 'utf8')) }));
}

// An operation with the fragments it uses, in the form that is sent.
function trusted(operation) {
  const used = new Set();
  const collect = (node) =>
    visit(node, {
      FragmentSpread({ name: { value: name } }) {
        if (used.has(name)) return;
        used.add(name);
        collect(fragments.get(name));
      },
    });
  collect(operation);
  const parts = [operation, ...[...used].sort().map((name) => fragments.get(name))];
  const text = stripIgnoredCharacters(parts.map(print).join('\n'));
  const id = `sha256:${createHash('sha256').update(text).digest('hex')}`;
  return { name: operation.name.value, kind: operation.operation, id, text };
}

async function types() {
  const declarations = await codegen({
    schema: parse(readFileSync(here('../schema.graphql'), 'utf8')),
    documents: files,
    filename: 'generated.ts',
    config: {
      scalars: { DateTime: 'string', UUID: 'string', JSON: 'unknown' },
      enumType: 'string-literal',
      useTypeImports: true,
      skipTypename: true,
      disableDescriptions: true,
    },
    plugins: [{ operations: {} }],
    pluginMap: { operations },
  });
  const constants = documents.map(({ name, kind, id }) => {
    const suffix = kind[0].toUpperCase() + kind.slice(1);
    return `export const ${name}: TypedDocument<${name}${suffix}, ${name}${suffix}Variables> = { id: '${id}' };`;
  });
  return [
    '// Made by codegen.mjs from the .graphql files; not to be changed by hand.',
    "import type { TypedDocument } from './document';",
    '',
    declarations.trim(),
    '',
    ...constants,
    '',
  ].join('\n');
}
