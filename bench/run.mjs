// Runs every benchmark of this folder, or the named ones: `npm run bench -- check`.
const all = ['check', 'lambda'];
const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !all.includes(name));
if (unknown.length > 0) {
  console.error(`There is no benchmark ${unknown.join(', ')}; there are: ${all.join(', ')}`);
  process.exit(2);
}
for (const name of asked.length > 0 ? asked : all) {
  console.log(`# ${name}\n`);
  await import(`./${name}.mjs`);
}
