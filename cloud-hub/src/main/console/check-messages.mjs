// Fails the build when the two message files differ in keys or placeholders, or a text is empty,
// or a key used in the source is in neither.
import { readFileSync, readdirSync } from 'node:fs';

const root = new URL('.', import.meta.url);
const read = (name) => JSON.parse(readFileSync(new URL(`src/i18n/${name}.json`, root), 'utf8'));

function flatten(node, path = '', into = new Map()) {
  for (const [key, value] of Object.entries(node)) {
    const here = path ? `${path}.${key}` : key;
    if (typeof value === 'string') into.set(here, value);
    else flatten(value, here, into);
  }
  return into;
}

const placeholders = (text) => [...text.matchAll(/\{(\w+)\}/g)].map((m) => m[1]).sort().join(',');
const files = { 'zh-CN': flatten(read('zh-CN')), en: flatten(read('en')) };
const problems = [];

for (const [name, other] of [['zh-CN', 'en'], ['en', 'zh-CN']]) {
  for (const [key, text] of files[name]) {
    if (!text.trim()) problems.push(`${name}.json: ${key} is empty`);
    const twin = files[other].get(key);
    if (twin === undefined) problems.push(`${other}.json: ${key} is missing`);
    else if (placeholders(text) !== placeholders(twin)) problems.push(`${name}.json: ${key} has other placeholders than in ${other}.json`);
  }
}

for (const entry of readdirSync(new URL('src', root), { recursive: true })) {
  const file = String(entry);
  if (!/\.(vue|ts)$/.test(file)) continue;
  const source = readFileSync(new URL(`src/${file}`, root), 'utf8');
  for (const [, key] of source.matchAll(/\bt\('([\w.-]+)'/g)) {
    if (!files.en.has(key)) problems.push(`src/${file}: the text ${key} is in no message file`);
  }
}

if (problems.length) {
  console.error(problems.join('\n'));
  process.exit(1);
}
console.log(`messages: ${files.en.size} texts in each language`);
